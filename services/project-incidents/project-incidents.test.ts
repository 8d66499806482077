import { describe, expect, test } from 'vitest';
import type { LogEvent } from '../../shared/events/event.ts';
import type { ApplicationLogRules } from '../../shared/incidents/application-log.ts';
import { consumeBatch } from '../../shared/stream/consume.ts';
import { Fault } from '../../shared/stream/fault.ts';
import type { KeepQuarantined } from '../../shared/stream/keep-rejected.ts';
import type { StreamRecord } from '../../shared/stream/ports.ts';
import { type Interceptor, interceptedTable } from '../../test/support/intercepted-table.ts';
import { manualClock } from '../../test/support/manual-clock.ts';
import { modelTables } from '../../test/support/model-tables.ts';
import { nthSequenceNumber, recordOfEvents, streamRecord } from '../../test/support/stream-records.ts';
import { projectIncidents } from './project-incidents.ts';

const RULES: ApplicationLogRules = {
  minLevel: 'warning',
  sources: {},
  rowsPerFingerprintAndHour: 1_000,
  retentionDays: 60,
};
const SUCCESS = { batchItemFailures: [] };
const pass: Interceptor = (call) => call.proceed();

function setup(rules: Partial<ApplicationLogRules> = {}, quarantine?: KeepQuarantined) {
  const tables = modelTables();
  const clock = manualClock();
  /** A run of the function; what stands between it and the tables can change from run to run. */
  const run = async (
    records: StreamRecord[],
    intercept: { incidents?: Interceptor; rows?: Interceptor; ledger?: Interceptor } = {},
  ) => {
    const ledger = interceptedTable(tables.ledger, intercept.ledger ?? pass);
    const consumer = projectIncidents({
      incidents: interceptedTable(tables.incidents, intercept.incidents ?? pass),
      applicationLogs: interceptedTable(tables.applicationLogs, intercept.rows ?? pass),
      ledger,
      clock,
      rules: { ...RULES, ...rules },
      quarantine,
    });
    return consumeBatch(records, consumer, { ledger, clock, retentionHours: 24, deadline: clock.now() + 60_000 });
  };
  const counts = () => tables.incidents.all().map(({ template, count }) => [template, count]);
  const rows = () => tables.applicationLogs.all().map(({ period }) => String(period).split('#')[1]);
  const totals = () =>
    tables.ledger
      .all()
      .filter(({ scope }) => String(scope).startsWith('receipt#'))
      .map(({ received, projected, duplicates, filtered }) => ({ received, projected, duplicates, filtered }));
  return { ...tables, clock, run, counts, rows, totals };
}

const one = (place: number, event: Partial<LogEvent>) => recordOfEvents(place, [{ id: `event-${place}`, ...event }]);

describe('what cannot be understood', () => {
  const poison = streamRecord(2, new Uint8Array([0xff, 0xfe, 0xfd, 0x00]));

  test('is kept here where there is no archive, and counted alone where another keeps it', async () => {
    const kept: string[] = [];
    const keep: KeepQuarantined = async ({ sequenceNumber }) => void kept.push(sequenceNumber);
    expect(await setup({}, keep).run([one(1, {}), poison])).toEqual(SUCCESS);
    expect(await setup().run([one(1, {}), poison])).toEqual(SUCCESS);
    expect(kept).toEqual([poison.sequenceNumber]);
  });

  test('comes again while it cannot be kept', async () => {
    const { run, counts } = setup({}, () => Promise.reject(new Fault('unavailable', 'no bucket')));
    expect(await run([one(1, {}), poison])).toEqual({
      batchItemFailures: [{ itemIdentifier: poison.sequenceNumber }],
    });
    expect(counts()).toHaveLength(1);
  });
});

describe('incidents', () => {
  test('are made of critical and error events, one a fingerprint, counted exactly', async () => {
    const { run, counts } = setup();
    await run([
      one(1, { message: 'refused' }),
      one(2, { message: 'lost' }),
      one(3, { message: 'refused', level: 'critical' }),
      one(4, { message: 'slow', level: 'warning' }),
    ]);
    expect(counts()).toEqual([
      ['refused', 2],
      ['lost', 1],
    ]);
  });

  test('count an event once that a producer put twice, in one batch or in two', async () => {
    const { run, counts, totals } = setup();
    await run([one(1, { id: 'a' }), one(2, { id: 'a' })]);
    await run([one(3, { id: 'a' }), one(4, { id: 'b' })]);
    expect(counts()).toEqual([['the payment was refused', 2]]);
    expect(totals()).toEqual([
      { received: 2, projected: 1, duplicates: 1, filtered: 0 },
      { received: 2, projected: 1, duplicates: 1, filtered: 0 },
    ]);
  });

  test('count what an operator does to them and what hosts sample as filtered', async () => {
    const { run, counts, totals } = setup();
    await run([one(1, { type: 'incident.acknowledged' }), one(2, { type: 'host.sampled', level: 'info' })]);
    expect(counts()).toEqual([]);
    expect(totals()).toEqual([{ received: 2, projected: 0, duplicates: 0, filtered: 2 }]);
  });
});

describe('a crash', () => {
  const killed = () => Promise.reject(new TypeError('killed here'));

  test('after the incident was written and before the receipt changes nothing the second time', async () => {
    const { run, counts, rows, totals } = setup();
    const batch = [one(1, {}), one(2, {}), one(3, { level: 'warning' })];
    await run(batch, { ledger: (call) => (isReceipt(call.argument) ? killed() : call.proceed()) });
    expect([counts(), totals()]).toEqual([[['the payment was refused', 2]], []]);
    await run(batch);
    expect(counts()).toEqual([['the payment was refused', 2]]);
    expect(rows().sort()).toEqual(['event-1', 'event-2', 'event-3']);
    expect(totals()).toEqual([{ received: 3, projected: 0, duplicates: 3, filtered: 0 }]);
  });

  test('after the rows were written and before the incident leaves each row once', async () => {
    const { run, counts, rows } = setup();
    const batch = [one(1, {}), one(2, {})];
    expect(
      await run(batch, { incidents: (call) => (call.method === 'putVersioned' ? killed() : call.proceed()) }),
    ).toEqual({
      batchItemFailures: [{ itemIdentifier: nthSequenceNumber(1) }],
    });
    expect([counts(), rows()]).toEqual([[], ['event-1', 'event-2']]);
    expect(await run(batch)).toEqual(SUCCESS);
    expect([counts(), rows()]).toEqual([[['the payment was refused', 2]], ['event-1', 'event-2']]);
  });
});

describe('two runs at once', () => {
  test('with the same batch, as after a time-out, count each event once', async () => {
    const { run, counts } = setup();
    const batch = Array.from({ length: 50 }, (_, place) => one(place, {}));
    await Promise.all([run(batch), run(batch), run(batch.slice(10))]);
    expect(counts()).toEqual([['the payment was refused', 50]]);
  });

  test('with different batches of one fingerprint, as of two shards, lose nothing to each other', async () => {
    const { run, counts } = setup();
    const batches = [0, 1, 2, 3].map((batch) => Array.from({ length: 100 }, (_, n) => one(batch * 100 + n, {})));
    await Promise.all(batches.map((batch) => run(batch)));
    expect(counts()).toEqual([['the payment was refused', 400]]);
  });
});

describe('one group that cannot be written', () => {
  test('gives back its records from the lowest on; what was done passes by when they come again', async () => {
    const { run, counts, totals } = setup();
    const batch = [
      one(1, { message: 'fine' }),
      one(2, { message: 'stuck' }),
      one(3, { message: 'fine' }),
      one(4, { message: 'stuck' }),
    ];
    const stuck: Interceptor = (call) => {
      const { template } = call.argument as { template?: string };
      if (call.method === 'putVersioned' && template === 'stuck') throw new Fault('invalid', 'PutItem failed');
      return call.proceed();
    };
    expect(await run(batch, { incidents: stuck })).toEqual({
      batchItemFailures: [{ itemIdentifier: nthSequenceNumber(2) }],
    });
    expect(counts()).toEqual([['fine', 2]]);
    expect(await run(batch.slice(1))).toEqual(SUCCESS);
    expect(counts()).toEqual([
      ['fine', 2],
      ['stuck', 2],
    ]);
    const sum = (name: 'received' | 'duplicates') =>
      totals().reduce((total, counts) => total + Number(counts[name]), 0);
    expect([sum('received'), sum('duplicates')]).toEqual([4, 0]);
  });
});

describe('application log rows', () => {
  test('are kept from the least level on, of informational events too, and only those expire', async () => {
    const { run, applicationLogs, incidents } = setup();
    await run([one(1, { level: 'critical' }), one(2, { level: 'warning' }), one(3, { level: 'info' })]);
    expect(applicationLogs.all().map(({ log_level, expiry }) => [log_level, expiry === undefined])).toEqual([
      ['critical', true],
      ['warning', false],
    ]);
    expect(incidents.all().length).toBe(1);
  });

  test('of one fingerprint and hour stop at their limit, while the incident counts on', async () => {
    const { run, counts, rows } = setup({ rowsPerFingerprintAndHour: 3 });
    await run([1, 2].map((place) => one(place, {})));
    await run([3, 4, 5].map((place) => one(place, {})));
    expect([counts(), rows()]).toEqual([[['the payment was refused', 5]], ['event-1', 'event-2', 'event-3']]);
  });

  test('of informational events stop at the same limit, without an incident', async () => {
    const { run, rows, counts } = setup({ rowsPerFingerprintAndHour: 2 });
    await run([1, 2, 3].map((place) => one(place, { level: 'warning' })));
    await run([4, 5].map((place) => one(place, { level: 'warning', time: '2026-11-21T13:00:00.000Z' })));
    expect([counts(), rows()]).toEqual([[], ['event-1', 'event-2', 'event-4', 'event-5']]);
  });

  test('that are throttled give the records back, so that no row is missing', async () => {
    const { run, rows } = setup();
    const throttled: Interceptor = (call) => Promise.resolve({ unwritten: call.argument });
    expect(await run([one(7, {})], { rows: throttled })).toEqual({
      batchItemFailures: [{ itemIdentifier: nthSequenceNumber(7) }],
    });
    expect(await run([one(7, {})])).toEqual(SUCCESS);
    expect(rows()).toEqual(['event-7']);
  });
});

function isReceipt(argument: unknown): boolean {
  return Array.isArray(argument) && argument.some((item) => String(item.scope).startsWith('receipt#'));
}
