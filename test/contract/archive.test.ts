import { randomUUID } from 'node:crypto';
import { CreateDeliveryStreamCommand, DeleteDeliveryStreamCommand, FirehoseClient } from '@aws-sdk/client-firehose';
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { logEventRow, rowLine } from '../../shared/archive/log-event-row.ts';
import { firehoseDelivery } from '../../shared/aws/firehose-delivery.ts';
import { s3Quarantine } from '../../shared/aws/s3-quarantine.ts';
import { fingerprintEvent } from '../../shared/events/fingerprint.ts';
import type { SendChunk } from '../../shared/stream/ports.ts';
import type { RejectedRecord } from '../../shared/stream/read-batch.ts';
import { ModelBucket } from '../simulation/models/model-bucket.ts';
import { ModelFirehose } from '../simulation/models/model-firehose.ts';
import { logEvent, nthSequenceNumber, SHARD } from '../support/stream-records.ts';
import { calmWorld } from './calm-world.ts';
import { eventually } from './local-cloud.ts';

interface ArchiveUnderTest {
  deliver: SendChunk<Uint8Array>;
  /** The lines that arrived, so many at least. */
  lines(count: number): Promise<string[]>;
  quarantine(record: RejectedRecord): Promise<void>;
  kept(): Promise<Omit<RejectedRecord, 'record'>[]>;
  remove(): Promise<void>;
}

async function modelArchive(): Promise<ArchiveUnderTest> {
  const { chaos, service, instance, settle } = calmWorld();
  const firehose = new ModelFirehose({ chaos, service });
  const bucket = new ModelBucket({ service });
  const deliver = firehose.delivery(instance)('error');
  const quarantine = bucket.quarantine(instance);
  return {
    deliver: (records) => settle(deliver(records)),
    lines: async () => firehose.rows.map(({ line }) => line),
    quarantine: (record) => settle(quarantine(record)),
    kept: async () => [...bucket.quarantined.values()],
    remove: async () => {},
  };
}

async function localCloudArchive(): Promise<ArchiveUnderTest> {
  const [s3, firehose] = [new S3Client({ forcePathStyle: true }), new FirehoseClient({})];
  const name = `contract-${randomUUID()}`;
  await s3.send(new CreateBucketCommand({ Bucket: name }));
  const destination = {
    RoleARN: 'arn:aws:iam::000000000000:role/any',
    BucketARN: `arn:aws:s3:::${name}`,
    Prefix: 'events/',
  };
  const stream = { DeliveryStreamName: name, ExtendedS3DestinationConfiguration: destination };
  await firehose.send(new CreateDeliveryStreamCommand(stream));
  const keysUnder = async (Prefix: string) => {
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: name, Prefix }));
    return Contents.map(({ Key }) => Key ?? '');
  };
  const textOf = async (Key: string) =>
    (await (await s3.send(new GetObjectCommand({ Bucket: name, Key }))).Body?.transformToString()) ?? '';
  return {
    deliver: firehoseDelivery(name),
    lines: (count) =>
      eventually(`${count} lines`, async () => {
        const texts = await Promise.all((await keysUnder('events/')).map(textOf));
        const lines = texts.flatMap((text) => text.split('\n').filter((line) => line !== ''));
        return lines.length >= count ? lines : undefined;
      }),
    quarantine: s3Quarantine(name),
    kept: async () => Promise.all((await keysUnder('quarantine/')).map(async (key) => rejectedOf(await textOf(key)))),
    remove: async () => {
      await firehose.send(new DeleteDeliveryStreamCommand({ DeliveryStreamName: name }));
      const Objects = (await keysUnder('')).map((Key) => ({ Key }));
      await s3.send(new DeleteObjectsCommand({ Bucket: name, Delete: { Objects } }));
      await s3.send(new DeleteBucketCommand({ Bucket: name }));
    },
  };
}

function rejectedOf(text: string): Omit<RejectedRecord, 'record'> {
  const { received, data, ...rest } = JSON.parse(text);
  return { ...rest, arrivedAt: Date.parse(received), data: new Uint8Array(Buffer.from(data, 'base64')) };
}

const line = (id: string, message = 'refused') => {
  const event = logEvent({ id, message });
  return rowLine(logEventRow(event, { ...fingerprintEvent(event), receivedAt: 0 }));
};
const rejected = (place: number, part: Partial<RejectedRecord> = {}): RejectedRecord => ({
  record: place,
  shardId: SHARD,
  sequenceNumber: nthSequenceNumber(place),
  partitionKey: 'key',
  arrivedAt: Date.parse('2026-11-21T12:00:00.123Z'),
  code: 'not-utf8',
  reason: '3 bytes that are no text',
  data: new Uint8Array([0xff, 0x00, 0xfd]),
  ...part,
});

const small = () => Buffer.from('{}\n');

describe.each([
  ['the model', modelArchive],
  ['Firehose and S3 on the local cloud', localCloudArchive],
] as const)('the archive, as %s', (_, open) => {
  let archive: ArchiveUnderTest;
  beforeAll(async () => {
    archive = await open();
  });
  afterAll(() => archive.remove());

  test('gets every line of every record, to the character', async () => {
    const lines = Array.from({ length: 60 }, (_unused, n) => line(`event-${n}`, `one\ntwo "€😀" \u2028 ${n}`));
    const records = [lines.slice(0, 1), lines.slice(1, 40), lines.slice(40)].map((some) => Buffer.from(some.join('')));
    expect(await archive.deliver(records)).toEqual([]);
    expect((await archive.lines(60)).sort()).toEqual(lines.map((text) => text.trimEnd()).sort());
  });

  test.each([
    ['more than 500 records', Array.from({ length: 501 }, small)],
    ['no record', []],
  ])('refuses a call with %s as a whole', async (_what, records) => {
    await expect(archive.deliver(records)).rejects.toMatchObject({ name: 'Fault', code: 'invalid' });
  });

  test('keeps what was not understood whole, with its place and the reason, and once however often it is kept', async () => {
    const records = [
      rejected(1),
      rejected(2, { data: new Uint8Array(), code: 'empty' }),
      rejected(3, { partitionKey: '€ / ../ "' }),
    ];
    for (const record of [...records, ...records]) await archive.quarantine(record);
    const kept = (await archive.kept()).sort((a, b) => (a.sequenceNumber < b.sequenceNumber ? -1 : 1));
    expect(kept.map(({ data, ...rest }) => ({ ...rest, data: [...data] }))).toEqual(
      records.map(({ record: _record, data, ...rest }) => ({ ...rest, data: [...data] })),
    );
  });
});

// The local cloud takes them.
test.each([
  ['a record of more than 1,000 KiB', [small(), Buffer.alloc(1_000 * 1_024 + 1, 'x')]],
  ['more than 4 MiB', Array.from({ length: 5 }, () => Buffer.alloc(900 * 1_024, 'x'))],
])('the model of Firehose refuses a call with %s as a whole, as documented', async (_what, records) => {
  const archive = await modelArchive();
  await expect(archive.deliver(records)).rejects.toMatchObject({ name: 'Fault', code: 'invalid' });
  expect(await archive.lines(0)).toEqual([]);
});

test('a delivery stream or a bucket that is not there is a fault that says so', async () => {
  const nobody = `contract-nobody-${randomUUID()}`;
  const delivering = firehoseDelivery(nobody)([Buffer.from('{}\n')]);
  await expect(delivering).rejects.toMatchObject({
    name: 'Fault',
    code: 'missing',
    context: { operation: 'PutRecordBatch' },
  });
  const keeping = s3Quarantine(nobody)(rejected(1));
  await expect(keeping).rejects.toMatchObject({ name: 'Fault', code: 'missing', context: { operation: 'PutObject' } });
});
