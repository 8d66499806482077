import { randomUUID } from 'node:crypto';
import {
  CreateStreamCommand,
  DeleteStreamCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  KinesisClient,
  waitUntilStreamExists,
} from '@aws-sdk/client-kinesis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { kinesisStream } from '../../shared/aws/kinesis-stream.ts';
import type { SendChunk } from '../../shared/stream/ports.ts';
import type { StreamEntry } from '../../shared/stream/put-records.ts';
import {
  compareSequenceNumbers,
  parseSequenceNumber,
  type SequenceNumber,
} from '../../shared/stream/sequence-number.ts';
import { ModelStream } from '../simulation/models/model-stream.ts';
import { Random } from '../simulation/random.ts';

interface Stored {
  data: Uint8Array;
  partitionKey: string;
  sequenceNumber: string;
}

/** A stream of one shard. */
interface StreamUnderTest {
  put: SendChunk<StreamEntry>;
  read(): Promise<Stored[]>;
  remove(): Promise<void>;
}

async function modelStream(): Promise<StreamUnderTest> {
  const stream = new ModelStream({ shards: 1, retentionHours: 24, random: new Random(1), now: () => 0 });
  return {
    put: async (entries) => {
      ModelStream.checkCall(entries);
      for (const entry of entries) stream.put(entry);
      return [];
    },
    read: async () => stream.shards[0]?.records ?? [],
    remove: async () => {},
  };
}

async function localCloudStream(): Promise<StreamUnderTest> {
  // The options of a handler make one for HTTP/1.1; the client's default is HTTP/2, which the local cloud does not speak.
  const client = new KinesisClient({ requestHandler: { requestTimeout: 10_000 } });
  const StreamName = `contract-${randomUUID()}`;
  await client.send(new CreateStreamCommand({ StreamName, ShardCount: 1 }));
  await waitUntilStreamExists({ client, maxWaitTime: 20, minDelay: 1, maxDelay: 1 }, { StreamName });
  const position = { StreamName, ShardId: 'shardId-000000000000', ShardIteratorType: 'TRIM_HORIZON' as const };
  return {
    put: kinesisStream(StreamName),
    read: async () => {
      const { ShardIterator } = await client.send(new GetShardIteratorCommand(position));
      const { Records = [] } = await client.send(new GetRecordsCommand({ ShardIterator, Limit: 10_000 }));
      return Records.map(({ Data, PartitionKey, SequenceNumber: number }) => ({
        data: Data ?? new Uint8Array(),
        partitionKey: PartitionKey ?? '',
        sequenceNumber: number ?? '',
      }));
    },
    remove: async () => {
      await client.send(new DeleteStreamCommand({ StreamName }));
      client.destroy();
    },
  };
}

describe.each([
  ['the model', modelStream],
  ['Kinesis on the local cloud', localCloudStream],
] as const)('a stream, as %s', (_, open) => {
  let stream: StreamUnderTest;
  beforeAll(async () => {
    stream = await open();
  });
  afterAll(() => stream.remove());

  test('takes a full call and gives the records back in order, to the byte, under numbers that grow', async () => {
    const entries = Array.from({ length: 500 }, (_unused, n) => ({
      data: new Uint8Array([n & 0xff, n >> 8, 0, 255]),
      partitionKey: n === 0 ? '€'.repeat(256) : `key-${n}`,
    }));
    expect(await stream.put(entries)).toEqual([]);
    const records = await stream.read();
    expect(records.map(({ data, partitionKey }) => [[...data], partitionKey])).toEqual(
      entries.map(({ data, partitionKey }) => [[...data], partitionKey]),
    );
    const numbers = records.map(({ sequenceNumber }) => parseSequenceNumber(sequenceNumber) as SequenceNumber);
    expect(numbers.every((number) => number !== undefined)).toBe(true);
    expect(
      numbers.every((number, n) => n === 0 || compareSequenceNumbers(numbers[n - 1] as SequenceNumber, number) < 0),
    ).toBe(true);
  });

  const small = (partitionKey = 'key', data = new Uint8Array([1])) => ({ data, partitionKey });
  test.each([
    ['more than 500 records', Array.from({ length: 501 }, () => small())],
    ['a key of more than 256 characters', [small(), small('k'.repeat(257))]],
    ['a record of more than 1 MiB', [small(), small('key', new Uint8Array(1024 * 1024 + 1))]],
  ])('refuses a call with %s as a whole', async (_what, entries) => {
    const before = (await stream.read()).length;
    await expect(stream.put(entries)).rejects.toMatchObject({ name: 'Fault', code: 'invalid' });
    expect((await stream.read()).length).toBe(before);
  });
});

test('a stream that is not there is a fault that says so', async () => {
  const put = kinesisStream(`contract-nobody-${randomUUID()}`);
  const putting = put([{ data: new Uint8Array([1]), partitionKey: 'k' }]);
  await expect(putting).rejects.toMatchObject({ name: 'Fault', code: 'missing', context: { operation: 'PutRecords' } });
});
