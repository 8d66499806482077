import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Interceptor, interceptedTable } from '../../test/support/intercepted-table.ts';
import { manualClock } from '../../test/support/manual-clock.ts';
import { modelTables } from '../../test/support/model-tables.ts';
import { sequenceNumber, streamRecord } from '../../test/support/stream-records.ts';
import { Fault } from './fault.ts';
import { sortedFromBytes } from './hash-bytes.ts';
import type { Item, StreamRecord } from './ports.ts';
import { findDone, writeReceipt } from './receipts.ts';

const COUNTS = { received: 3, projected: 2, duplicates: 1, filtered: 0, quarantined: 0 };
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);
const records = (places: number[], shardId?: string): StreamRecord[] =>
  places.map((place) => streamRecord(place, 'x', { shardId }));

function setup(intercept?: Interceptor) {
  const { ledger } = modelTables();
  const clock = manualClock();
  const table = intercept ? interceptedTable(ledger, intercept) : ledger;
  const write = (places: number[], { consumer = 'c', shardId }: { consumer?: string; shardId?: string } = {}) =>
    writeReceipt(table, { consumer, records: records(places, shardId), counts: COUNTS }, { clock, retentionHours: 24 });
  const done = async (places: number[], { consumer = 'c', shardId }: { consumer?: string; shardId?: string } = {}) =>
    [...(await findDone(table, { consumer, records: records(places, shardId), clock }))].map((index) => places[index]);
  return { ledger, clock, write, done };
}

describe('a receipt', () => {
  test('tells exactly the records that are done, gaps included', async () => {
    const { write, done } = setup();
    await write([1, 2, 4, 6]);
    expect(await done(range(0, 8))).toEqual([1, 2, 4, 6]);
  });

  test('is found by a batch that begins or ends within it, lies within it or holds it', async () => {
    const { write, done } = setup();
    await write(range(10, 20));
    expect(await done(range(5, 10))).toEqual([10]);
    expect(await done(range(20, 25))).toEqual([20]);
    expect(await done(range(14, 16))).toEqual([14, 15, 16]);
    expect(await done(range(5, 25))).toEqual(range(10, 20));
    expect(await done(range(0, 9))).toEqual([]);
    expect(await done(range(21, 30))).toEqual([]);
  });

  test('of the first deployments, whose hashes are doubles, is read as well', async () => {
    const { ledger, write, done } = setup();
    await write([1, 2, 4]);
    const [{ sorted, ...receipt } = {}] = ledger.all();
    const doubles = Float64Array.from(sortedFromBytes(sorted as Uint8Array));
    await ledger.putMany([{ ...receipt, records: new Uint8Array(doubles.buffer) }] as Item[]);
    expect(await done(range(0, 5))).toEqual([1, 2, 4]);
  });

  test('counts for its own consumer and its own shard only', async () => {
    const { write, done } = setup();
    await write([1]);
    expect(await done([1], { consumer: 'other' })).toEqual([]);
    expect(await done([1], { shardId: 'shardId-000000000001' })).toEqual([]);
  });

  test('is ordered by number, not by text: 9 comes before 10', async () => {
    const { ledger, clock } = setup();
    const nine = { ...streamRecord(0, 'x'), sequenceNumber: sequenceNumber(9) };
    const ten = { ...streamRecord(0, 'x'), sequenceNumber: sequenceNumber(10) };
    await writeReceipt(ledger, { consumer: 'c', records: [ten], counts: COUNTS }, { clock, retentionHours: 24 });
    expect(await findDone(ledger, { consumer: 'c', records: [nine, ten], clock })).toEqual(new Set([1]));
  });

  test('carries the counts of the batch and outlives the stream’s records by a day', async () => {
    const { ledger, clock, write } = setup();
    await write([1, 2]);
    const [item] = ledger.all();
    expect(item).toMatchObject({ ...COUNTS, scope: 'receipt#c#shardId-000000000000', at: '2026-11-21T12:00:00.000Z' });
    expect(item?.expiry).toBe(clock.now() / 1000 + 48 * 3_600);
  });

  test('of the same records replaces itself, of others stands beside it', async () => {
    const { ledger, write } = setup();
    await write([1, 2, 3]);
    await write([1, 2, 3]);
    expect(ledger.all().length).toBe(1);
    await write([1, 3]);
    await write([2, 3]);
    expect(ledger.all().length).toBe(3);
  });

  test('of no records is not written', async () => {
    const { ledger, write, done } = setup();
    await write([]);
    expect(ledger.all()).toEqual([]);
    expect(await done([])).toEqual([]);
  });

  test('of the largest batch fits an item of the table', async () => {
    const { ledger, write } = setup();
    await write(range(0, 9_999));
    expect(ledger.all().length).toBe(1);
  });
});

describe('looking receipts up', () => {
  test('takes one query when nothing was delivered before', async () => {
    let queries = 0;
    const { done } = setup((call) => {
      queries++;
      return call.proceed();
    });
    await done(range(0, 999));
    expect(queries).toBe(1);
  });

  test('finds many small receipts over several pages', async () => {
    const { write, done } = setup();
    for (const place of range(0, 99)) if (place % 3 !== 0) await write([place]);
    expect(await done(range(0, 99))).toEqual(range(0, 99).filter((place) => place % 3 !== 0));
  });

  test('finds a receipt that goes beyond the batch although others lie between', async () => {
    const { write, done } = setup();
    await write([5, 500]);
    for (const place of range(100, 138)) await write([place]);
    expect(await done(range(0, 9))).toEqual([5]);
  });

  test('does not read on for ever in a shard whose later records are long done', async () => {
    let queries = 0;
    const { write, done } = setup((call) => {
      if (call.method === 'query') queries++;
      return call.proceed();
    });
    for (const place of range(100, 399)) await write([place]);
    expect(await done(range(0, 9))).toEqual([]);
    expect(queries).toBe(2);
  });

  test('reads nothing of what lies before the batch', async () => {
    let found = 0;
    const { write, done } = setup(async (call) => {
      const answer = await call.proceed();
      if (call.method === 'query') found += (answer as unknown[]).length;
      return answer;
    });
    for (const place of range(0, 99)) await write([place]);
    expect(await done(range(99, 110))).toEqual([99]);
    expect(found).toBe(1);
  });

  test('waits while the ledger is throttled, and rejects when it does not answer', async () => {
    const { done, clock } = setup((call) => {
      if (call.nth < 2) throw new Fault('throttled', 'Query failed');
      return call.proceed();
    });
    expect(await done([1])).toEqual([]);
    expect(clock.pauses).toEqual([25, 50]);
    const denied = setup(() => Promise.reject(new Fault('denied', 'Query failed')));
    await expect(denied.done([1])).rejects.toEqual(new Fault('denied', 'Query failed'));
  });

  test('never takes an unseen record for done nor a done one for unseen, whatever batches came in whatever order', async () => {
    const batch = fc
      .uniqueArray(fc.integer({ min: 0, max: 60 }), { minLength: 1 })
      .map((all) => all.sort((a, b) => a - b));
    await fc.assert(
      fc.asyncProperty(fc.array(batch, { maxLength: 12 }), batch, async (written, asked) => {
        const { write, done } = setup();
        for (const places of written) await write(places);
        const seen = new Set(written.flat());
        expect(await done(asked)).toEqual(asked.filter((place) => seen.has(place)));
      }),
    );
  });
});
