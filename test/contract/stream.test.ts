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
import { signedStream } from '../../shared/aws/signed-stream.ts';
import type { SendChunk } from '../../shared/stream/ports.ts';
import type { StreamEntry } from '../../shared/stream/put-records.ts';
import {
  compareSequenceNumbers,
  parseSequenceNumber,
  type SequenceNumber,
} from '../../shared/stream/sequence-number.ts';
import { calmWorld } from './calm-world.ts';
import { MODELS_OF_PUT_RECORDS } from './models-of-put-records.ts';
import { plain, type StreamUnderTest } from './stream-under-test.ts';

async function localCloudStream(putOn: (streamName: string) => SendChunk<StreamEntry>): Promise<StreamUnderTest> {
  // The options of a handler make one for HTTP/1.1; the client's default is HTTP/2, which the local cloud does not speak.
  const client = new KinesisClient({ requestHandler: { requestTimeout: 10_000 } });
  const StreamName = `contract-${randomUUID()}`;
  await client.send(new CreateStreamCommand({ StreamName, ShardCount: 1 }));
  await waitUntilStreamExists({ client, maxWaitTime: 20, minDelay: 1, maxDelay: 1 }, { StreamName });
  const position = { StreamName, ShardId: 'shardId-000000000000', ShardIteratorType: 'TRIM_HORIZON' as const };
  return {
    put: putOn(StreamName),
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

const MIB = 1024 * 1024;
const entry = (data: Uint8Array = new Uint8Array([1]), partitionKey = 'key') => ({ data, partitionKey });

describe.each([
  ...MODELS_OF_PUT_RECORDS.map(([name, open]) => [name, async () => open(calmWorld())] as const),
  ['Kinesis on the local cloud', () => localCloudStream(kinesisStream)],
  ['Kinesis on the local cloud by signed requests', () => localCloudStream(signedStream)],
] as const)('a stream, as %s', (_, open) => {
  let stream: StreamUnderTest;
  beforeAll(async () => {
    stream = await open();
  });
  afterAll(() => stream.remove());

  /** What one more call brings onto the stream. */
  const added = async (entries: readonly StreamEntry[]) => {
    const before = (await stream.read()).length;
    expect(await stream.put(entries)).toEqual([]);
    return (await stream.read()).slice(before);
  };

  test('takes a full call and gives the records back in order, to the byte', async () => {
    const entries = Array.from({ length: 500 }, (_unused, n) =>
      entry(
        n === 1 ? new Uint8Array() : new Uint8Array([n & 0xff, n >> 8, 0, 255]),
        n === 0 ? '€'.repeat(256) : `key-${n}`,
      ),
    );
    expect((await added(entries)).map(plain)).toEqual(entries.map(plain));
  });

  test('puts each call after the one before, under numbers that grow', async () => {
    const calls = [1, 2, 3].map((call) => [1, 2].map((n) => entry(new Uint8Array([call, n]), `key-${call}-${n}`)));
    for (const call of calls) expect((await added(call)).map(plain)).toEqual(call.map(plain));
    const numbers = (await stream.read()).map(({ sequenceNumber }) => parseSequenceNumber(sequenceNumber));
    expect(numbers.length).toBeGreaterThan(5);
    expect(numbers).not.toContain(undefined);
    for (const [n, number] of numbers.slice(1).entries())
      expect(compareSequenceNumbers(numbers[n] as SequenceNumber, number as SequenceNumber)).toBeLessThan(0);
  });

  test('takes a record of 1 MiB, its key included', async () => {
    const largest = entry(new Uint8Array(MIB - 3).fill(7), 'key');
    const records = await added([largest]);
    expect(records.map(({ data }) => Buffer.compare(data, largest.data))).toEqual([0]);
  });

  test.each([
    ['more than 500 records', Array.from({ length: 501 }, () => entry())],
    ['a key of more than 256 characters', [entry(), entry(new Uint8Array([1]), 'k'.repeat(257)), entry()]],
    ['a record of more than 1 MiB', [entry(), entry(new Uint8Array(MIB + 1)), entry()]],
    ['more than 10 MiB', Array.from({ length: 11 }, () => entry(new Uint8Array(MIB - 3)))],
  ])('refuses a call with %s as a whole', async (_what, entries) => {
    const before = (await stream.read()).length;
    await expect(stream.put(entries)).rejects.toMatchObject({ name: 'Fault', code: 'invalid' });
    expect((await stream.read()).length).toBe(before);
  });

  test('takes the next call as if the refused one had not been', async () => {
    await expect(stream.put([entry(), entry(new Uint8Array(MIB + 1))])).rejects.toThrow();
    expect((await added([entry(new Uint8Array([9]))])).map(plain)).toEqual([[[9], 'key']]);
  });
});

test.each([
  ['the client', kinesisStream],
  ['signed requests', signedStream],
] as const)('a stream that is not there is a fault that says so, by %s', async (_, putOn) => {
  const put = putOn(`contract-nobody-${randomUUID()}`);
  const putting = put([{ data: new Uint8Array([1]), partitionKey: 'k' }]);
  await expect(putting).rejects.toMatchObject({ name: 'Fault', code: 'missing', context: { operation: 'PutRecords' } });
});
