import { CLIENT_SETTINGS, once } from './client-settings.ts';

export const ssm = once(async () => {
  const sdk = await import('./ssm-sdk.ts');
  return { sdk, client: new sdk.SSMClient(CLIENT_SETTINGS) };
});
