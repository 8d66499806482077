import { AwsClient } from 'aws4fetch';
import { callAws } from './aws-fault.ts';
import { BULK_SETTINGS, once } from './client-settings.ts';

/**
 * PutObject as one signed request. S3's own client is 160 KB of a function that makes this call alone, 40 % of what it
 * may weigh; the signer is 6 KB. The credentials are those of Lambda's environment, which stay what they are for as long as
 * the environment lives.
 */
export interface ObjectToPut {
  bucket: string;
  key: string;
  body: string;
  contentType: string;
}

const signer = once(async () => {
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

/** Rejects with a `Fault` that names the operation. */
export function putObject({ bucket, key, body, contentType }: ObjectToPut): Promise<void> {
  return callAws('PutObject', async () => {
    const client = await signer();
    const response = await client.fetch(urlOf(bucket, key), {
      method: 'PUT',
      body,
      headers: { 'content-type': contentType },
      signal: AbortSignal.timeout(BULK_SETTINGS.requestHandler.requestTimeout),
    });
    const answer = await response.text();
    if (!response.ok) throw serviceError(answer, response.status);
  });
}

function urlOf(bucket: string, key: string): string {
  const path = key.split('/').map(encodeURIComponent).join('/');
  const { AWS_ENDPOINT_URL: local, AWS_REGION = '' } = process.env;
  if (local !== undefined) return `${local.replace(/\/$/, '')}/${bucket}/${path}`;
  const domain = AWS_REGION.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
  return `https://${bucket}.s3.${AWS_REGION}.${domain}/${path}`;
}

/** Named as the SDK names it, so that it becomes the same fault. Source: S3 API reference, "Error responses". */
function serviceError(answer: string, status: number): Error {
  const error = new Error(`status ${status}`);
  error.name = /<Code>(\w{1,100})<\/Code>/.exec(answer)?.[1] ?? `status ${status}`;
  return error;
}
