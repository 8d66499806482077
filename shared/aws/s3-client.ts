import { BULK_SETTINGS, isLocalCloud, once } from './client-settings.ts';

export const s3 = once(async () => {
  const sdk = await import('./s3-sdk.ts');
  return { sdk, client: new sdk.S3Client({ ...BULK_SETTINGS, forcePathStyle: isLocalCloud() }) };
});
