import type { IncomingMessage } from 'node:http';
import type { DropBucket } from '../stream/drop-bucket.ts';
import { awsFault, callAws } from './aws-fault.ts';
import { getVersion } from './s3-signed-request.ts';

/** Deleted, expired, or a delete marker. Source: S3 API, GetObject. */
const GONE = ['NoSuchKey', 'NoSuchVersion', 'MethodNotAllowed'];

/** Versions of objects, read as they come in. */
export const s3DropBucket: DropBucket = {
  open: (object) =>
    callAws('GetObject', async () => {
      try {
        const body = await getVersion(object);
        const { 'content-length': size, 'last-modified': modified } = body.headers;
        const modifiedAt = Date.parse(modified ?? '');
        if (size === undefined || Number.isNaN(modifiedAt)) throw new Error('an answer without length or date');
        return { size: Number(size), modifiedAt, body: chunksOf(body), close: () => void body.destroy() };
      } catch (error) {
        if (error instanceof Error && GONE.includes(error.name)) return undefined;
        throw error;
      }
    }),
};

/** A connection that breaks while the body comes in is a fault like any other. */
async function* chunksOf(body: IncomingMessage): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of body) yield chunk as Uint8Array;
  } catch (error) {
    throw awsFault('GetObject', error);
  }
}
