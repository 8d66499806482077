import { buffer } from 'node:stream/consumers';
import { type DropQuarantine, objectName, type RefusedObject, type RefusedPieces } from '../stream/drop-bucket.ts';
import { callAws } from './aws-fault.ts';
import { putObject } from './s3-put-object.ts';
import { copyVersion, getVersion } from './s3-signed-request.ts';

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
    putObject({ bucket: archiveBucket, key, body: JSON.stringify(entry), contentType: 'application/json' });

  const payloadOf = async ({ object, size, modifiedAt }: RefusedObject) => {
    if (size <= INLINE_BYTES) {
      const whole = await callAws('GetObject', async () => buffer(await getVersion(object)));
      return { data: whole.toString('base64') };
    }
    if (size > COPY_BYTES) return { left: 'too large to be copied: it is where it was dropped until it expires' };
    const payload = `quarantine-objects/${dayOf(modifiedAt)}/drop-${objectName(object)}`;
    await callAws('CopyObject', () => copyVersion(object, { bucket: archiveBucket, key: payload }));
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
