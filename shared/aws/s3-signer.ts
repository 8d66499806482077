import { AwsClient } from 'aws4fetch';
import { BULK_SETTINGS, once } from './client-settings.ts';

/**
 * What single requests to S3 are signed with. S3's own client is 160 KB of a function that makes one call or two; the
 * signer is 6 KB. The credentials are those of Lambda's environment, which stay what they are for as long as the
 * environment lives.
 */
export const s3Signer = once(async () => {
  const { AWS_ACCESS_KEY_ID = '', AWS_SECRET_ACCESS_KEY = '', AWS_SESSION_TOKEN, AWS_REGION } = process.env;
  return new AwsClient({
    accessKeyId: AWS_ACCESS_KEY_ID,
    secretAccessKey: AWS_SECRET_ACCESS_KEY,
    sessionToken: AWS_SESSION_TOKEN,
    region: AWS_REGION,
    service: 's3',
    retries: BULK_SETTINGS.maxAttempts - 1,
  });
});

/** The parts of a key between its slashes, each encoded. */
export function encodedKey(key: string): string {
  return key.split('/').map(encodeURIComponent).join('/');
}

export function objectUrl(bucket: string, key: string): string {
  const { AWS_ENDPOINT_URL: local, AWS_REGION = '' } = process.env;
  if (local !== undefined) return `${local.replace(/\/$/, '')}/${bucket}/${encodedKey(key)}`;
  const domain = AWS_REGION.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
  return `https://${bucket}.s3.${AWS_REGION}.${domain}/${encodedKey(key)}`;
}

/** Named as the SDK names it, so that it becomes the same fault. Source: S3 API reference, "Error responses". */
export function serviceError(answer: string, status: number): Error {
  const error = new Error(`status ${status}`);
  error.name = /<Code>(\w{1,100})<\/Code>/.exec(answer)?.[1] ?? `status ${status}`;
  return error;
}
