import { BULK_SETTINGS, isLocalCloud, once } from './client-settings.ts';

export const sqs = once(async () => {
  const sdk = await import('./sqs-sdk.ts');
  return { sdk, client: new sdk.SQSClient({ ...BULK_SETTINGS, useQueueUrlAsEndpoint: !isLocalCloud() }) };
});
