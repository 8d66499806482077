import { CLIENT_SETTINGS, once } from './client-settings.ts';

export const ec2 = once(async () => {
  const sdk = await import('./ec2-sdk.ts');
  return { sdk, client: new sdk.EC2Client(CLIENT_SETTINGS) };
});
