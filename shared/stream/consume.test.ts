import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Interceptor, interceptedTable } from '../../test/support/intercepted-table.ts';
import { manualClock } from '../../test/support/manual-clock.ts';
import { modelTables } from '../../test/support/model-tables.ts';
import { nthSequenceNumber, POISON, recordOfEvents, streamRecord } from '../../test/support/stream-records.ts';
import { type BatchOutcome, batchResponse, type Consumer, consumeBatch, type Handled } from './consume.ts';
import { failRecords } from './fail-records.ts';
import { Fault } from './fault.ts';
import type { StreamRecord } from './ports.ts';

const NOTHING: Handled = { failed: new Map(), duplicates: new Set(), filtered: new Set() };
const records = (from: number, count: number): StreamRecord[] =>
  Array.from({ length: count }, (_, index) => recordOfEvents(from + index, [{ id: `event-${from + index}` }]));

/** A consumer that notes what it was handed. `refuse` names events that it cannot do this time. */
function setup({
  refuse = () => false,
  withoutLedger = 'fail',
  intercept = (call) => call.proceed(),
  handled = {},
}: {
  refuse?: (id: string) => boolean;
  withoutLedger?: Consumer['withoutLedger'];
  intercept?: Interceptor;
  handled?: Partial<Handled>;
} = {}) {
  const { ledger } = modelTables();
  const clock = manualClock();
  const handed: string[][] = [];
  const outcomes: BatchOutcome[] = [];
  const consumer: Consumer = {
    name: 'test',
    withoutLedger,
    handle: async ({ events }) => {
      handed.push(events.map(({ event }) => event.id));
      const failed = new Map<number, string>();
      failRecords(
        failed,
        events.filter(({ event }) => refuse(event.id)),
        new Fault('unavailable', 'not now'),
      );
      return { ...NOTHING, ...handled, failed };
    },
  };
  const table = interceptedTable(ledger, intercept);
  const report = (outcome: BatchOutcome) => outcomes.push(outcome);
  const run = (batch: StreamRecord[]) =>
    consumeBatch(batch, consumer, { ledger: table, clock, retentionHours: 24, deadline: clock.now() + 60_000, report });
  return { run, handed, outcomes, ledger, clock };
}

const answer = (place: number) => ({ batchItemFailures: [{ itemIdentifier: nthSequenceNumber(place) }] });
const SUCCESS = { batchItemFailures: [] };

describe('the answer to the mapping', () => {
  test('names no record when all are done', async () => {
    expect(await setup().run(records(1, 3))).toEqual(SUCCESS);
  });

  test('names the lowest failed record and only that', async () => {
    const { run } = setup({ refuse: (id) => id !== 'event-9' });
    expect(await run(records(9, 4))).toEqual(answer(10));
  });

  test('compares sequence numbers as numbers, in whatever order they failed', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 0, max: 100_000 }), { minLength: 1 }), (places) => {
        const failed = places.map((place) => ({ sequenceNumber: nthSequenceNumber(place) }));
        expect(batchResponse(failed)).toEqual(answer(places.reduce((a, b) => Math.min(a, b))));
      }),
    );
  });

  test('is a fault when the consumer has one, so that nothing counts as done', async () => {
    const { ledger, clock } = { ...modelTables(), clock: manualClock() };
    const consumer: Consumer = {
      name: 'test',
      withoutLedger: 'fail',
      handle: () => Promise.reject(new TypeError('a bug')),
    };
    const ports = { ledger, clock, retentionHours: 24, deadline: 0 };
    await expect(consumeBatch(records(1, 1), consumer, ports)).rejects.toEqual(new TypeError('a bug'));
    expect(ledger.all()).toEqual([]);
  });
});

describe('a redelivery', () => {
  test('after a partial failure hands over only what was not done', async () => {
    let healthy = false;
    const { run, handed } = setup({ refuse: (id) => !healthy && (id === 'event-2' || id === 'event-4') });
    expect(await run(records(1, 5))).toEqual(answer(2));
    healthy = true;
    expect(await run(records(2, 6))).toEqual(SUCCESS);
    expect(handed).toEqual([
      ['event-1', 'event-2', 'event-3', 'event-4', 'event-5'],
      ['event-2', 'event-4', 'event-6', 'event-7'],
    ]);
  });

  test('of a batch that was done, in whatever cut, hands over nothing and writes nothing', async () => {
    const { run, handed, ledger } = setup();
    await run(records(1, 10));
    const written = ledger.all();
    for (const [from, count] of [
      [1, 10],
      [1, 5],
      [6, 5],
      [3, 1],
    ] as const)
      await run(records(from, count));
    expect(handed.slice(1).flat()).toEqual([]);
    expect(ledger.all()).toEqual(written);
  });

  test('by a second mapping that starts long after still finds what the first has done', async () => {
    const { run, handed } = setup();
    for (let from = 0; from < 300; from += 3) await run(records(from, 3));
    handed.length = 0;
    for (let from = 0; from < 300; from += 50) await run(records(from, 50));
    expect(handed.flat()).toEqual([]);
  });
});

describe('a poison record', () => {
  test.each([
    ['first', 0],
    ['in the middle', 1],
    ['last', 2],
  ])('%s stops none of its neighbours and is counted as quarantined', async (_, place) => {
    const batch = records(1, 3);
    batch[place] = streamRecord(place + 1, POISON);
    const { run, handed, outcomes } = setup();
    expect(await run(batch)).toEqual(SUCCESS);
    expect(handed).toEqual([[1, 2, 3].filter((event) => event !== place + 1).map((event) => `event-${event}`)]);
    expect(outcomes[0]?.counts).toEqual({ received: 3, projected: 2, duplicates: 0, filtered: 0, quarantined: 1 });
  });
});

describe('what is counted', () => {
  test('is each event of the records that are done, once, in one of four ways', async () => {
    const { run, outcomes, ledger } = setup({ handled: { duplicates: new Set([0]), filtered: new Set([1, 2]) } });
    const batch = [recordOfEvents(1, [{ id: 'a' }, { id: 'b' }, { id: 'c' }, { id: 'd' }]), streamRecord(2, POISON)];
    await run(batch);
    const counts = { received: 5, projected: 1, duplicates: 1, filtered: 2, quarantined: 1 };
    expect(outcomes).toEqual([{ consumer: 'test', records: 2, repeated: 0, empty: 0, counts, failures: [] }]);
    expect(ledger.all()[0]).toMatchObject(counts);
  });

  test('shows an event that a consumer calls two things: the sum is unequal', async () => {
    const { run, outcomes } = setup({ handled: { duplicates: new Set([0, 1]), filtered: new Set([1]) } });
    await run(records(1, 3));
    expect(outcomes[0]?.counts).toEqual({ received: 3, projected: 1, duplicates: 2, filtered: 1, quarantined: 0 });
  });

  test('leaves out what failed until it is done, so that the receipts add up to what was put', async () => {
    let healthy = false;
    const { run, outcomes, ledger } = setup({ refuse: (id) => !healthy && id === 'event-2' });
    await run(records(1, 4));
    healthy = true;
    await run(records(2, 3));
    expect(outcomes.map(({ counts, repeated, failures }) => [counts.received, repeated, failures])).toEqual([
      [3, 0, ['unavailable: not now']],
      [1, 2, []],
    ]);
    expect(ledger.all().reduce((sum, receipt) => sum + Number(receipt.received), 0)).toBe(4);
  });
});

describe('a ledger that does not answer', () => {
  const down: Interceptor = () => Promise.reject(new Fault('denied', 'Query failed'));

  test('gives the whole batch back where an effect may not repeat', async () => {
    const { run, handed, outcomes } = setup({ intercept: down });
    expect(await run(records(5, 3))).toEqual(answer(5));
    expect(handed).toEqual([]);
    expect(outcomes[0]).toMatchObject({ failures: ['denied: Query failed'], counts: { received: 0 } });
  });

  test('holds up nothing where an effect may repeat but must not wait', async () => {
    const { run, handed, outcomes } = setup({ intercept: down, withoutLedger: 'proceed' });
    expect(await run(records(1, 2))).toEqual(SUCCESS);
    expect(handed).toEqual([['event-1', 'event-2']]);
    expect(outcomes[0]?.withoutReceipt).toContain('denied: Query failed');
  });

  test('but is only busy gives back what may be a replay, for which only receipts tell what is done', async () => {
    const busy: Interceptor = () => Promise.reject(new Fault('throttled', 'too many calls'));
    const answerAfter = async (minutes: number, intercept: Interceptor) => {
      const { run, clock } = setup({ intercept, withoutLedger: 'proceed' });
      clock.advance(minutes * 60_000);
      return run(records(1, 2));
    };
    expect(await answerAfter(9, busy)).toEqual(SUCCESS);
    expect(await answerAfter(11, busy)).toEqual(answer(1));
    expect(await answerAfter(11, down)).toEqual(SUCCESS);
  });

  test('that can be read but not written gives back a batch whose effects only a receipt keeps from repeating', async () => {
    const intercept: Interceptor = (call) =>
      call.method === 'putMany' ? Promise.reject(new Fault('throttled', 'not now')) : call.proceed();
    const { run } = setup({ intercept, withoutLedger: 'proceed', handled: { needsReceipt: true } });
    expect(await run(records(1, 2))).toEqual(answer(1));
    const other = setup({ intercept, withoutLedger: 'proceed' });
    expect(await other.run(records(1, 2))).toEqual(SUCCESS);
  });
});

test('a record is marked as failed with the first reason that it failed for', () => {
  const failed = new Map<number, string>();
  failRecords(failed, [{ record: 1 }, { record: 2 }], new Fault('throttled', 'one'));
  failRecords(failed, [{ record: 2 }, { record: 3 }], new Error('two'));
  expect([...failed]).toEqual([
    [1, 'throttled: one'],
    [2, 'throttled: one'],
    [3, 'Error: two'],
  ]);
});
