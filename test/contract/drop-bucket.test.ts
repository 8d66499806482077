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
import {
  type DropBucket,
  type DroppedObject,
  type DropQuarantine,
  objectName,
} from '../../shared/stream/drop-bucket.ts';
import { ModelDropBucket } from '../simulation/models/model-drop-bucket.ts';
import { readObjects } from '../support/read-objects.ts';
import { calmWorld } from './calm-world.ts';

interface BucketUnderTest {
  bucket: string;
  port: DropBucket;
  quarantine: DropQuarantine;
  drop(key: string, body: Uint8Array | string, encoding?: string): Promise<DroppedObject>;
  /** Later versions stay, and so do those before. */
  removeKey(key: string): Promise<void>;
  removeVersion(object: DroppedObject): Promise<void>;
  /** Payloads that were kept of an object, in the order of their names. */
  kept(object: DroppedObject): Promise<Buffer[]>;
}

async function modelBucket(): Promise<BucketUnderTest> {
  const { service, instance, settle } = calmWorld();
  const model = new ModelDropBucket({ service });
  const [port, quarantine] = [model.bucket(instance), model.quarantine(instance)];
  let versions = 0;
  return {
    bucket: 'drops',
    port: { open: (object) => settle(port.open(object)) },
    quarantine: {
      keepObject: (refused) => settle(quarantine.keepObject(refused)),
      keepPieces: (refused) => settle(quarantine.keepPieces(refused)),
    },
    drop: async (key, body) => {
      const object = { bucket: 'drops', key, versionId: String(++versions) };
      model.put(object, { data: Buffer.from(body), modifiedAt: Date.now() });
      return object;
    },
    removeKey: async () => undefined,
    removeVersion: async (object) => model.remove(object),
    kept: async (object) =>
      [...model.kept]
        .filter(([name]) => name.startsWith(objectName(object)))
        .sort(([a], [b]) => (`${a}.` < `${b}.` ? -1 : 1))
        .map(([, payload]) => Buffer.from(payload, 'latin1')),
  };
}

async function s3Bucket(): Promise<BucketUnderTest> {
  const bucket = `drop-contract-${randomUUID()}`;
  const s3 = new S3Client({ forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket: bucket }));
  const VersioningConfiguration = { Status: 'Enabled' as const };
  await s3.send(new PutBucketVersioningCommand({ Bucket: bucket, VersioningConfiguration }));
  return {
    bucket,
    port: s3DropBucket,
    quarantine: s3DropQuarantine(bucket),
    drop: async (key, body, encoding) => {
      const request = { Bucket: bucket, Key: key, Body: body, ContentEncoding: encoding };
      const { VersionId: versionId = '' } = await s3.send(new PutObjectCommand(request));
      return { bucket, key, versionId };
    },
    removeKey: async (key) => void (await s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }))),
    removeVersion: async ({ key, versionId }) =>
      void (await s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: key, VersionId: versionId }))),
    kept: async (object) =>
      (await readObjects(bucket, `quarantine/dt=2026-11-21/drop-${objectName(object)}`)).map(({ data }) =>
        Buffer.from(String(data), 'base64'),
      ),
  };
}

describe.each([
  ['the model', modelBucket],
  ['S3 on the local cloud', s3Bucket],
] as const)('the drop bucket, as %s', (_, open) => {
  let under: BucketUnderTest;
  beforeAll(async () => {
    under = await open();
  });
  const drop: BucketUnderTest['drop'] = (...dropped) => under.drop(...dropped);
  const read = async (object: DroppedObject) => {
    const opened = await under.port.open(object);
    return opened && { size: opened.size, text: (await buffer(opened.body)).toString('latin1') };
  };

  test.each(['plain.json', "a b+c&d=é/ü'!()*~$@,;:?#[].json", '/slash//double'])('reads the key %s', async (key) => {
    expect(await read(await drop(key, key))).toEqual({ size: Buffer.byteLength(key), text: expect.any(String) });
  });

  test('reads the version that it is asked for, also one that was overwritten, or deleted after', async () => {
    const versions = [await drop('same', 'one'), await drop('same', 'two')];
    await under.removeKey('same');
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
    const opened = await under.port.open(object);
    opened?.close();
    expect(Math.abs((opened?.modifiedAt ?? 0) - Date.now())).toBeLessThan(60_000);
    await under.removeVersion(object);
    expect(await under.port.open(object)).toBe(undefined);
    expect(await under.port.open({ bucket: under.bucket, key: 'never', versionId: 'v' })).toBe(undefined);
  });

  test('keeps what is refused once, however often, byte for byte', async () => {
    const object = await drop("agents/é+b'.log", 'no JSON');
    const modifiedAt = Date.parse('2026-11-21T12:00:00.000Z');
    const reason = { code: 'not-json', reason: 'expected JSON' };
    const pieces = [[0xff, 0x00], [0x7b]].map((bytes, n) => ({
      ...reason,
      place: `line ${n}`,
      index: 2 + n,
      bytes: Buffer.from(bytes),
    }));
    for (let n = 0; n < 2; n++) {
      await under.quarantine.keepObject({ ...reason, object, size: 7, modifiedAt, taken: 0 });
      await under.quarantine.keepPieces({ object, modifiedAt, pieces });
    }
    expect(await under.kept(object)).toEqual([Buffer.from([0xff, 0x00, 0x0a, 0x7b, 0x0a]), Buffer.from('no JSON')]);
  });
});

test('a drop bucket that is not there is a fault that says so', async () => {
  const nobody = { bucket: `nobody-${randomUUID()}`, key: 'a', versionId: 'v' };
  await expect(s3DropBucket.open(nobody)).rejects.toMatchObject({
    name: 'Fault',
    code: 'missing',
    context: { operation: 'GetObject' },
  });
});

test('the quarantine says of what it keeps why, whose it was and when it came', async () => {
  const { bucket, quarantine, drop } = await s3Bucket();
  const object = await drop("agents/é+b'.log", 'no JSON');
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
