import { CLIENT_SETTINGS, once } from './client-settings.ts';

export const sesv2 = once(async () => {
  const sdk = await import('./sesv2-sdk.ts');
  return { sdk, client: new sdk.SESv2Client(CLIENT_SETTINGS) };
});
