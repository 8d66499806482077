import { expect, test } from 'vitest';
import { manualClock } from '../../test/support/manual-clock.ts';
import { putRecords, type StreamEntry } from './put-records.ts';

const MIB = 1024 * 1024;

/** Sizes in bytes, keys included, of the calls that these entries make. */
async function callsFor(entries: StreamEntry[]) {
  const calls: StreamEntry[][] = [];
  const send = async (chunk: readonly StreamEntry[]) => {
    calls.push([...chunk]);
    return [];
  };
  await putRecords(entries, { send, clock: manualClock() });
  return calls.map((call) => call.length);
}

const entry = (bytes: number, partitionKey = 'k'): StreamEntry => ({ data: new Uint8Array(bytes), partitionKey });

test('a call carries at most 500 records', async () => {
  expect(await callsFor(Array.from({ length: 1_001 }, () => entry(1)))).toEqual([500, 500, 1]);
});

test('a call carries exactly 10 MiB, and not a byte more', async () => {
  const nine = Array.from({ length: 9 }, () => entry(MIB - 1));
  expect(await callsFor([...nine, entry(MIB - 1)])).toEqual([10]);
  expect(await callsFor([...nine, entry(MIB)])).toEqual([9, 1]);
});

test('partition keys count as the bytes that they are', async () => {
  const nine = Array.from({ length: 9 }, () => entry(MIB - 1));
  expect(await callsFor([...nine, entry(MIB - 3, '€')])).toEqual([10]);
  expect(await callsFor([...nine, entry(MIB - 2, '€')])).toEqual([9, 1]);
});

test('only the records that were refused are put again', async () => {
  const calls: string[][] = [];
  const send = async (chunk: readonly StreamEntry[]) => {
    calls.push(chunk.map(({ partitionKey }) => partitionKey));
    return calls.length === 1 ? [{ index: 1, reason: 'ProvisionedThroughputExceededException: slow down' }] : [];
  };
  const entries = ['a', 'b', 'c'].map((key) => entry(1, key));
  expect(await putRecords(entries, { send, clock: manualClock() })).toEqual({ sent: 3, unsent: [], calls: 2 });
  expect(calls).toEqual([['a', 'b', 'c'], ['b']]);
});
