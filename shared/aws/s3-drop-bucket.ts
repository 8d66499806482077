import type { Readable } from 'node:stream';
import type { DropBucket, DroppedObject, OpenedObject } from '../stream/drop-bucket.ts';
import { awsFault, callAws } from './aws-fault.ts';
import { s3 } from './s3-client.ts';

/** Deleted, expired, or a delete marker. Source: S3 API, GetObject. */
const GONE = ['NoSuchKey', 'NoSuchVersion', 'NotFound', 'MethodNotAllowed'];

/** Versions of objects, read as they come in. */
export const s3DropBucket: DropBucket = {
  open: (object) =>
    callAws('GetObject', async () => {
      try {
        return await open(object);
      } catch (error) {
        if (error instanceof Error && GONE.includes(error.name)) return undefined;
        throw error;
      }
    }),
};

async function open({ bucket, key, versionId }: DroppedObject): Promise<OpenedObject> {
  const [{ client }, sdk] = await Promise.all([s3(), import('./s3-drop-sdk.ts')]);
  const request = { Bucket: bucket, Key: key, VersionId: versionId };
  const { Body, ContentLength = 0, LastModified } = await client.send(new sdk.GetObjectCommand(request));
  const body = Body as unknown as Readable;
  return {
    size: ContentLength,
    modifiedAt: LastModified?.getTime() ?? 0,
    body: chunksOf(body),
    close: () => body.destroy(),
  };
}

/** A connection that breaks while the body comes in is a fault like any other. */
async function* chunksOf(body: Readable): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of body) yield chunk as Uint8Array;
  } catch (error) {
    throw awsFault('GetObject', error);
  }
}
