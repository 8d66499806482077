import { callAws } from './aws-fault.ts';
import { KEEP_SETTINGS } from './client-settings.ts';
import { objectUrl, s3Signer, serviceError } from './s3-signer.ts';

/** PutObject as one signed request. */
export interface ObjectToPut {
  bucket: string;
  key: string;
  body: string;
  contentType: string;
}

/** Rejects with a `Fault` that names the operation. */
export function putObject({ bucket, key, body, contentType }: ObjectToPut): Promise<void> {
  return callAws('PutObject', async () => {
    const client = await s3Signer();
    const response = await client.fetch(objectUrl(bucket, key), {
      method: 'PUT',
      body,
      headers: { 'content-type': contentType },
      signal: AbortSignal.timeout(KEEP_SETTINGS.requestHandler.requestTimeout),
    });
    const answer = await response.text();
    if (!response.ok) throw serviceError(answer, response.status);
  });
}
