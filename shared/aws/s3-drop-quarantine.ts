import type { DroppedObject, DropQuarantine, RefusedObject, RefusedPieces } from '../stream/drop-bucket.ts';
import { objectName } from '../stream/drop-bucket.ts';
import { callAws } from './aws-fault.ts';
import { s3 } from './s3-client.ts';

const MIB = 1024 * 1024;
/** So much of a payload stands in its entry, as that of a record does; larger ones are copied within S3. */
const INLINE_BYTES = 4 * MIB;
/** Source: S3 API, CopyObject. */
const COPY_BYTES = 5 * 1024 * MIB;

/**
 * Keeps refused objects and pieces beside the records that were refused, in the archive bucket: an entry under
 * `quarantine/` with code, reason and `data` in base64. The payload of a large object is copied to `quarantine-objects/`
 * and its entry names it as `payload`. One over 5 GiB cannot be copied: its entry says where it is, for as long as it is.
 */
export function s3DropQuarantine(archiveBucket: string): DropQuarantine {
  const putEntry = (key: string, entry: object) =>
    callAws('PutObject', async () => {
      const { sdk, client } = await s3();
      const request = { Bucket: archiveBucket, Key: key, Body: JSON.stringify(entry), ContentType: 'application/json' };
      await client.send(new sdk.PutObjectCommand(request));
    });

  const payloadOf = async ({ object, size, modifiedAt }: RefusedObject) => {
    if (size <= INLINE_BYTES) return { data: (await readWhole(object)).toString('base64') };
    if (size > COPY_BYTES) return { left: 'too large to be copied: it is where it was dropped until it expires' };
    const payload = `quarantine-objects/${dayOf(modifiedAt)}/drop-${objectName(object)}`;
    await copy(object, { bucket: archiveBucket, key: payload });
    return { payload };
  };

  const keepObject = async (refused: RefusedObject) => {
    const { object, code, reason, size, taken, modifiedAt } = refused;
    const payload = await payloadOf(refused);
    const entry = { code, reason, ...object, received: stampOf(modifiedAt), size, taken, ...payload };
    await putEntry(`quarantine/${dayOf(modifiedAt)}/drop-${objectName(object)}.json`, entry);
  };

  /** Entries a run of pieces rather than one each: a hostile file may hold millions. Each keeps its place and reason. */
  const keepPieces = async ({ object, modifiedAt, pieces }: RefusedPieces) => {
    const [first] = pieces;
    if (first === undefined) return;
    const entry = {
      code: first.code,
      reason: `${first.place}: ${first.reason}`,
      ...object,
      received: stampOf(modifiedAt),
      pieces: pieces.map(({ place, code, reason, bytes }) => ({ place, code, reason, bytes: bytes.length })),
      data: Buffer.concat(pieces.flatMap(({ bytes }) => [bytes, NEWLINE])).toString('base64'),
    };
    await putEntry(`quarantine/${dayOf(modifiedAt)}/drop-${objectName(object)}-${first.index}.json`, entry);
  };

  return { keepObject, keepPieces };
}

const NEWLINE = Buffer.from('\n');
const stampOf = (milliseconds: number) => new Date(milliseconds).toISOString();
const dayOf = (milliseconds: number) => `dt=${stampOf(milliseconds).slice(0, 10)}`;

function readWhole({ bucket, key, versionId }: DroppedObject): Promise<Buffer> {
  return callAws('GetObject', async () => {
    const [{ client }, sdk] = await Promise.all([s3(), import('./s3-drop-sdk.ts')]);
    const { Body } = await client.send(new sdk.GetObjectCommand({ Bucket: bucket, Key: key, VersionId: versionId }));
    return Buffer.from((await Body?.transformToByteArray()) ?? []);
  });
}

/** Without the tags and metadata of the original, which would need rights of their own. */
function copy({ bucket, key, versionId }: DroppedObject, to: { bucket: string; key: string }): Promise<void> {
  return callAws('CopyObject', async () => {
    const [{ client }, sdk] = await Promise.all([s3(), import('./s3-drop-sdk.ts')]);
    const source = `${bucket}/${key.split('/').map(encodeURIComponent).join('/')}`;
    await client.send(
      new sdk.CopyObjectCommand({
        Bucket: to.bucket,
        Key: to.key,
        CopySource: `${source}?versionId=${encodeURIComponent(versionId)}`,
        MetadataDirective: 'REPLACE',
        TaggingDirective: 'REPLACE',
      }),
    );
  });
}
