import { BULK_SETTINGS, once } from './client-settings.ts';

export const kinesis = once(async () => {
  const sdk = await import('./kinesis-sdk.ts');
  return { sdk, client: new sdk.KinesisClient(BULK_SETTINGS) };
});
