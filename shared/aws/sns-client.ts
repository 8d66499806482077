import { CLIENT_SETTINGS, once } from './client-settings.ts';

export const sns = once(async () => {
  const sdk = await import('./sns-sdk.ts');
  return { sdk, client: new sdk.SNSClient(CLIENT_SETTINGS) };
});
