import type { Context, KinesisStreamEvent } from 'aws-lambda';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { manualClock } from '../../test/support/manual-clock.ts';
import { modelTables } from '../../test/support/model-tables.ts';
import type { Consumer, Handled } from '../stream/consume.ts';
import { kinesisHandler } from './kinesis-handler.ts';

const event = {
  Records: ['11', '12'].map((sequenceNumber) => ({
    eventID: `shardId-000000000006:${sequenceNumber}`,
    kinesis: { partitionKey: 'a', sequenceNumber, data: 'e30=', approximateArrivalTimestamp: 1_795_000_000 },
  })),
} as KinesisStreamEvent;
const context = { functionName: 'f', awsRequestId: 'r', getRemainingTimeInMillis: () => 60_000 } as Context;

function handlerOf(handle: () => Promise<Handled>) {
  const consumer: Consumer = { name: 'tested', withoutLedger: 'fail', handle };
  const options = { consumer, ledger: modelTables().ledger, clock: manualClock(), retentionHours: 24 };
  return kinesisHandler('tested', async () => ({ options }));
}

const handled = (failed: [number, string][]): Handled => ({
  failed: new Map(failed),
  duplicates: new Set(),
  filtered: new Set(),
});

beforeEach(() => {
  vi.spyOn(console, 'log').mockImplementation(() => undefined);
  vi.spyOn(console, 'warn').mockImplementation(() => undefined);
});
afterEach(() => vi.restoreAllMocks());

test('the answer to the mapping names the record that failed', async () => {
  const handler = handlerOf(async () => handled([[1, 'denied: not allowed']]));
  expect(await handler(event, context)).toEqual({ batchItemFailures: [{ itemIdentifier: '12' }] });
});

test('a batch that is done with is answered with no failure', async () => {
  expect(await handlerOf(async () => handled([]))(event, context)).toEqual({ batchItemFailures: [] });
});

/** The metrics that an invocation writes to its log, in CloudWatch's embedded metric format. */
async function metricsOf(invoke: () => Promise<unknown>): Promise<Record<string, unknown>[]> {
  const stdout = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  await invoke();
  const lines = stdout.mock.calls.map(([line]) => String(line));
  stdout.mockRestore();
  return lines.filter((line) => line.includes('"_aws"')).map((line) => JSON.parse(line) as Record<string, unknown>);
}

test('each event is accounted for in the metrics', async () => {
  const handler = handlerOf(async () => handled([]));
  expect(await metricsOf(() => handler(event, context))).toEqual([
    expect.objectContaining({
      service: 'tested',
      'events.received': 2,
      'events.projected': 2,
      'events.unaccounted': 0,
    }),
  ]);
});

test('an event that a consumer calls two things is not accounted for', async () => {
  const both = { failed: new Map(), duplicates: new Set([0]), filtered: new Set([0]) };
  const handler = handlerOf(async () => both);
  expect(await metricsOf(() => handler(event, context))).toEqual([
    expect.objectContaining({ 'events.received': 2, 'events.unaccounted': 1 }),
  ]);
});

test('a fault of the consumer reaches the mapping, which brings the batch again', async () => {
  const handler = handlerOf(() => Promise.reject(new Error('broken')));
  await expect(handler(event, context)).rejects.toThrow('broken');
});

test('a function that cannot be wired says so at each invocation', async () => {
  const handler = kinesisHandler('tested', () => Promise.reject(new Error('LEDGER_TABLE is missing')));
  await expect(handler(event, context)).rejects.toThrow('LEDGER_TABLE is missing');
  await expect(handler(event, context)).rejects.toThrow('LEDGER_TABLE is missing');
});
