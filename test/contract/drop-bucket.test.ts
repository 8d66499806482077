import { randomUUID } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { beforeAll, describe, expect, test } from 'vitest';
import { s3DropBucket } from '../../shared/aws/s3-drop-bucket.ts';
import { s3DropQuarantine } from '../../shared/aws/s3-drop-quarantine.ts';
import { type DroppedObject, objectName } from '../../shared/stream/drop-bucket.ts';
import { readObjects } from '../support/read-objects.ts';

const bucket = `drop-contract-${randomUUID()}`;
let s3: S3Client;

beforeAll(async () => {
  s3 = new S3Client({ forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket: bucket }));
  const VersioningConfiguration = { Status: 'Enabled' as const };
  await s3.send(new PutBucketVersioningCommand({ Bucket: bucket, VersioningConfiguration }));
});

async function drop(key: string, body: Uint8Array | string, encoding?: string): Promise<DroppedObject> {
  const request = { Bucket: bucket, Key: key, Body: body, ContentEncoding: encoding };
  const { VersionId: versionId = '' } = await s3.send(new PutObjectCommand(request));
  return { bucket, key, versionId };
}

async function read(object: DroppedObject) {
  const opened = await s3DropBucket.open(object);
  return opened && { size: opened.size, text: (await buffer(opened.body)).toString('latin1') };
}

describe('the drop bucket', () => {
  test.each(['plain.json', "a b+c&d=é/ü'!()*~$@,;:?#[].json", '/slash//double'])('reads the key %s', async (key) => {
    expect(await read(await drop(key, key))).toEqual({ size: Buffer.byteLength(key), text: expect.any(String) });
  });

  test('reads the version that it is asked for, also one that was overwritten, or deleted after', async () => {
    const versions = [await drop('same', 'one'), await drop('same', 'two')];
    await s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: 'same' }));
    expect(await Promise.all(versions.map(read))).toEqual([
      { size: 3, text: 'one' },
      { size: 3, text: 'two' },
    ]);
  });

  test('gives the bytes as they are stored, whatever encoding they claim', async () => {
    const packed = gzipSync('{"a":1}');
    expect(await read(await drop('packed', packed, 'gzip'))).toEqual({
      size: packed.length,
      text: packed.toString('latin1'),
    });
  });

  test('knows when a version came, and nothing of one that is gone', async () => {
    const object = await drop('gone', 'soon');
    const opened = await s3DropBucket.open(object);
    opened?.close();
    expect(Math.abs((opened?.modifiedAt ?? 0) - Date.now())).toBeLessThan(60_000);
    await s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: object.key, VersionId: object.versionId }));
    expect(await s3DropBucket.open(object)).toBe(undefined);
    expect(await s3DropBucket.open({ bucket, key: 'never', versionId: 'v' })).toBe(undefined);
  });

  test('that is not there is a fault that says so', async () => {
    const nobody = { bucket: `nobody-${randomUUID()}`, key: 'a', versionId: 'v' };
    await expect(s3DropBucket.open(nobody)).rejects.toMatchObject({
      name: 'Fault',
      code: 'missing',
      context: { operation: 'GetObject' },
    });
  });
});

test('the quarantine keeps an object once, however often it is kept, and pieces beside it', async () => {
  const object = await drop("agents/é+b'.log", 'no JSON');
  const quarantine = s3DropQuarantine(bucket);
  const modifiedAt = Date.parse('2026-11-21T12:00:00.000Z');
  const refused = { object, code: 'not-json', reason: 'expected JSON', size: 7, modifiedAt, taken: 0 };
  const piece = {
    place: 'line 3',
    index: 2,
    code: 'not-json',
    reason: 'expected JSON',
    bytes: Buffer.from([0xff, 0x00]),
  };
  for (let n = 0; n < 2; n++) {
    await quarantine.keepObject(refused);
    await quarantine.keepPieces({ object, modifiedAt, pieces: [piece] });
  }
  const received = '2026-11-21T12:00:00.000Z';
  expect(await readObjects(bucket, `quarantine/dt=2026-11-21/drop-${objectName(object)}`)).toEqual([
    {
      code: 'not-json',
      reason: 'line 3: expected JSON',
      ...object,
      received,
      pieces: [{ place: 'line 3', code: 'not-json', reason: 'expected JSON', bytes: 2 }],
      data: Buffer.from([0xff, 0x00, 0x0a]).toString('base64'),
    },
    {
      code: 'not-json',
      reason: 'expected JSON',
      ...object,
      received,
      size: 7,
      taken: 0,
      data: Buffer.from('no JSON').toString('base64'),
    },
  ]);
});
