import { KEEP_SETTINGS, once } from './client-settings.ts';

export const firehose = once(async () => {
  const sdk = await import('./firehose-sdk.ts');
  return { sdk, client: new sdk.FirehoseClient(KEEP_SETTINGS) };
});
