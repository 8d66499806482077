import { describe, expect, test } from 'vitest';
import { fingerprintEvent } from '../../shared/events/fingerprint.ts';
import { LEVELS, type Level } from '../../shared/events/levels.ts';
import { Fault } from '../../shared/stream/fault.ts';
import type { SendFailure, StreamRecord } from '../../shared/stream/ports.ts';
import { type RejectedRecord, readBatch } from '../../shared/stream/read-batch.ts';
import { manualClock } from '../../test/support/manual-clock.ts';
import { logEvent, POISON, recordOfEvents, streamRecord } from '../../test/support/stream-records.ts';
import { archiveEvents } from './archive-events.ts';

function setup({
  refuse = () => [],
  quarantine = async () => {},
}: {
  refuse?: (level: Level, call: number) => SendFailure[];
  quarantine?: (record: RejectedRecord) => Promise<void>;
} = {}) {
  const clock = manualClock();
  const calls: { level: Level; records: string[] }[] = [];
  const kept: RejectedRecord[] = [];
  const deliver = (level: Level) => async (chunk: readonly Uint8Array[]) => {
    calls.push({ level, records: chunk.map((record) => Buffer.from(record).toString()) });
    return refuse(level, calls.length - 1);
  };
  const consumer = archiveEvents({
    deliver,
    clock,
    quarantine: async (record) => {
      await quarantine(record);
      kept.push(record);
    },
  });
  const archive = (records: StreamRecord[], deadline = Number.POSITIVE_INFINITY) =>
    consumer.handle(
      readBatch(records, () => false),
      deadline,
    );
  return { archive, calls, kept, clock };
}

const rowsOf = (records: string[]) =>
  records
    .join('')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

describe('events that are archived', () => {
  test('go to the delivery stream of their level, as one record of many rows each', async () => {
    const { archive, calls } = setup();
    const events = LEVELS.flatMap((level) => [0, 1].map((n) => ({ id: `${level}-${n}`, level })));
    await archive([recordOfEvents(1, events.toReversed())]);
    expect(calls.map(({ level, records }) => [level, records.length, rowsOf(records).map(({ id }) => id)])).toEqual(
      LEVELS.map((level) => [level, 1, [`${level}-1`, `${level}-0`]]),
    );
  });

  test('carry their fingerprint and when they arrived, but not the level, which the prefix says', async () => {
    const { archive, calls } = setup();
    const { fingerprint, template } = fingerprintEvent(logEvent());
    await archive([recordOfEvents(1, [{ id: 'a' }])]);
    expect(rowsOf(calls[0]?.records ?? [])).toEqual([
      {
        id: 'a',
        type: 'log',
        time: '2026-11-21 12:00:00.000',
        source: 'shop',
        message: 'the payment was refused',
        template,
        fingerprint,
        received_at: '2026-11-21 12:00:00.000',
        v: 1,
      },
    ]);
  });

  test('stay one line each although their messages have several', async () => {
    const { archive, calls } = setup();
    await archive([recordOfEvents(1, [{ id: 'a', message: 'one\ntwo\r\nthree\u2028four' }, { id: 'b' }])]);
    expect(calls[0]?.records[0]?.split('\n').length).toBe(3);
    expect(rowsOf(calls[0]?.records ?? []).map(({ message }) => message)).toEqual([
      'one\ntwo\r\nthree\u2028four',
      'the payment was refused',
    ]);
  });

  test('make no call for a level that has none', async () => {
    const { archive, calls } = setup();
    await archive([recordOfEvents(1, [{ id: 'a', level: 'info' }])]);
    expect(calls.map(({ level }) => level)).toEqual(['info']);
  });

  test('are cut into records of at most 1,000 KiB and calls of at most 4 MiB', async () => {
    const { archive, calls } = setup();
    const records = Array.from({ length: 100 }, (_, n) =>
      recordOfEvents(n, [{ id: `${n}`, message: 'x'.repeat(60_000) }]),
    );
    await archive(records);
    const sizes = calls.map((call) => call.records.map((record) => record.length));
    expect(sizes.flat().every((size) => size <= 1_000 * 1_024)).toBe(true);
    expect(sizes.every((call) => call.reduce((sum, size) => sum + size, 0) <= 4 * 1_024 * 1_024)).toBe(true);
    expect(sizes.map((call) => call.length)).toEqual([4, 2]);
    expect(calls.flatMap((call) => rowsOf(call.records)).map(({ id }) => id)).toEqual(records.map((_, n) => `${n}`));
  });

  test('that were refused once are sent again alone', async () => {
    const { archive, calls } = setup({
      refuse: (_, call) => (call === 0 ? [{ index: 0, reason: 'ServiceUnavailable' }] : []),
    });
    const { failed } = await archive([recordOfEvents(1, [{ id: 'a' }])]);
    expect([failed.size, calls.length]).toEqual([0, 2]);
  });

  test('that are refused to the end fail their records, and no other level', async () => {
    const { archive } = setup({ refuse: (level) => (level === 'error' ? [{ index: 0, reason: 'full' }] : []) });
    const { failed } = await archive([
      recordOfEvents(1, [{ id: 'a', level: 'info' }]),
      recordOfEvents(2, [
        { id: 'b', level: 'error' },
        { id: 'c', level: 'info' },
      ]),
      recordOfEvents(3, [{ id: 'd', level: 'info' }]),
    ]);
    expect(failed).toEqual(new Map([[1, 'unavailable: error: full']]));
  });
});

describe('a delivery stream that hangs', () => {
  test('is tried once a batch, so that time is left for the other levels', async () => {
    const { archive, calls, clock } = setup({
      refuse: (level) => {
        if (level !== 'error') return [];
        clock.advance(10_000);
        throw new Fault('unavailable', 'PutRecordBatch did not answer in time');
      },
    });
    const { failed } = await archive([
      recordOfEvents(1, [{ id: 'a', level: 'error' }]),
      recordOfEvents(2, [{ id: 'b', level: 'info' }]),
    ]);
    expect(calls.map(({ level }) => level)).toEqual(['error', 'info']);
    expect(failed).toEqual(new Map([[0, 'unavailable: error: unavailable: PutRecordBatch did not answer in time']]));
  });
});

describe('what could not be understood', () => {
  test('is kept whole, each record for itself', async () => {
    const { archive, kept } = setup();
    const { failed } = await archive([
      streamRecord(1, POISON),
      recordOfEvents(2, [{ id: 'a' }]),
      streamRecord(3, POISON),
    ]);
    expect(kept.map(({ record, data }) => [record, data])).toEqual([
      [0, POISON],
      [2, POISON],
    ]);
    expect(failed).toEqual(new Map());
  });

  test('comes again when it could not be kept, and its neighbours are done', async () => {
    const { archive, calls, kept } = setup({
      quarantine: async ({ record }) => {
        if (record === 0) throw new Fault('denied', 'PutObject failed');
      },
    });
    const { failed } = await archive([
      streamRecord(1, POISON),
      streamRecord(2, POISON),
      recordOfEvents(3, [{ id: 'a' }]),
    ]);
    expect(failed).toEqual(new Map([[0, 'denied: PutObject failed']]));
    expect(kept.map(({ record }) => record)).toEqual([1]);
    expect(calls.length).toBe(1);
  });

  test('and fills the whole batch is kept as far as time allows: each delivery gets further', async () => {
    const { archive, kept, clock } = setup({ quarantine: async () => clock.advance(10) });
    const poison = Array.from({ length: 100 }, (_, n) => streamRecord(n, POISON));
    const { failed } = await archive(poison, clock.now() + 500);
    expect(kept.length).toBeGreaterThanOrEqual(50);
    expect(kept.length + failed.size).toBe(100);
    expect(new Set(failed.values())).toEqual(new Set(['out-of-time: the invocation is about to end']));
  });
});
