import { once as event } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { encodedKey, objectUrl, s3Signer, serviceError } from './s3-signer.ts';

export interface VersionAddress {
  bucket: string;
  key: string;
  versionId: string;
}

/** A connection on which nothing comes for so long is dead. */
const IDLE_MILLISECONDS = 30_000;
/** S3 copies up to 5 GiB while it holds the line. Source: S3 API, CopyObject. */
const COPY_MILLISECONDS = 100_000;

/**
 * GetObject of one version as one signed request, its body as it comes in. Not by `fetch`, which would unpack what was
 * stored with `Content-Encoding: gzip`. Rejects with what S3 answered, by its name.
 */
export async function getVersion({ bucket, key, versionId }: VersionAddress): Promise<IncomingMessage> {
  const url = `${objectUrl(bucket, key)}?versionId=${encodeURIComponent(versionId)}`;
  const { headers } = await (await s3Signer()).sign(url, { method: 'GET' });
  const { request } = url.startsWith('https:') ? await import('node:https') : await import('node:http');
  const sent = request(url, { headers: Object.fromEntries(headers), timeout: IDLE_MILLISECONDS });
  sent.on('timeout', () => sent.destroy(new Error(`nothing came for ${IDLE_MILLISECONDS} ms`)));
  sent.end();
  const [answer] = (await event(sent, 'response')) as [IncomingMessage];
  const { statusCode = 0 } = answer;
  if (statusCode === 200) return answer;
  throw serviceError(await text(answer), statusCode);
}

/** CopyObject of one version, without the tags and metadata of the original, which would need rights of their own. */
export async function copyVersion(from: VersionAddress, to: { bucket: string; key: string }): Promise<void> {
  const source = `/${from.bucket}/${encodedKey(from.key)}?versionId=${encodeURIComponent(from.versionId)}`;
  const client = await s3Signer();
  const response = await client.fetch(objectUrl(to.bucket, to.key), {
    method: 'PUT',
    headers: {
      'x-amz-copy-source': source,
      'x-amz-metadata-directive': 'REPLACE',
      'x-amz-tagging-directive': 'REPLACE',
    },
    signal: AbortSignal.timeout(COPY_MILLISECONDS),
  });
  const answer = await response.text();
  // S3 answers 200 before it has copied, and may still fail.
  if (!response.ok || answer.includes('<Error>')) throw serviceError(answer, response.status);
}
