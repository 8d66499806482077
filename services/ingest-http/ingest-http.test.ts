import { describe, expect, test } from 'vitest';
import { Fault } from '../../shared/stream/fault.ts';
import type { SendChunk } from '../../shared/stream/ports.ts';
import type { StreamEntry } from '../../shared/stream/put-records.ts';
import { manualClock } from '../../test/support/manual-clock.ts';
import { ingestHttp } from './ingest-http.ts';

const body = (message: string, more: object = {}) => ({
  log_level: 'Error',
  message,
  source_application: 'shop',
  ...more,
});

/** A stream that takes what it is let, and keeps it. */
function setup(send: (call: number, entries: readonly StreamEntry[]) => ReturnType<SendChunk<StreamEntry>>) {
  const clock = manualClock();
  const taken: StreamEntry[] = [];
  let calls = 0;
  let made = 0;
  const ports = {
    clock,
    newId: () => `made-${++made}`,
    send: async (entries: readonly StreamEntry[]) => {
      const failures = await send(calls++, entries);
      const refused = new Set(failures.map(({ index }) => index));
      taken.push(...entries.filter((_, index) => !refused.has(index)));
      return failures;
    },
  };
  const events = () =>
    taken.flatMap(({ data }) =>
      new TextDecoder()
        .decode(data)
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line)),
    );
  return { ingest: (bodies: object[]) => ingestHttp(bodies, ports), taken, events, calls: () => calls };
}

const everything = async () => [];

describe('what is posted', () => {
  test('is put as whole events, given fields kept, the rest made', async () => {
    const { ingest, events } = setup(everything);
    const error = {
      type: 'TypeError',
      message: 'no such thing',
      stack: 'TypeError: no such thing\n  at main (a.js:1)',
    };
    const given = {
      id: 'order-17/failed',
      time: '2026-11-21T13:00:00.5+02:00',
      details: { order: 17, deep: [null, { __proto__: null, ø: '🪵' }] },
      error,
      locator: '7+',
      attributes: { region: 'eu' },
      traceId: 't',
      spanId: 's',
    };
    expect(await ingest([body('first'), body('second', given)])).toEqual({
      status: 'accepted',
      ids: ['made-1', 'order-17/failed'],
    });
    const common = { v: 1, type: 'log', level: 'error', source: 'shop' };
    expect(events()).toEqual([
      { ...common, id: 'made-1', time: '2026-11-21T12:00:00.000Z', message: 'first' },
      { ...common, ...given, time: '2026-11-21T11:00:00.500Z', message: 'second' },
    ]);
  });

  test('shares records by source, in order, and each record has its source as key', async () => {
    const { ingest, taken } = setup(everything);
    const sources = ['a', 'b', 'a', 'a'];
    await ingest(sources.map((source_application, n) => body(`m${n}`, { source_application })));
    expect(taken.map(({ partitionKey }) => partitionKey)).toEqual(['a', 'b']);
    const messages = taken.map(({ data }) => [...new TextDecoder().decode(data).matchAll(/"message":"(m\d)"/g)]);
    expect(messages.map((found) => found.map(([, message]) => message))).toEqual([['m0', 'm2', 'm3'], ['m1']]);
  });

  test('is sent again in part when the stream took a part', async () => {
    const { ingest, taken, calls } = setup(async (call) => (call === 0 ? [{ index: 1, reason: 'throttled' }] : []));
    const outcome = await ingest([body('1'), body('2', { source_application: 'other' })]);
    expect(outcome).toEqual({ status: 'accepted', ids: ['made-1', 'made-2'] });
    expect([calls(), taken.map(({ partitionKey }) => partitionKey)]).toEqual([2, ['shop', 'other']]);
  });
});

describe('when the stream refuses to the end', () => {
  test('each event is told by its id whether it was taken, in the order of the body', async () => {
    const refuseOther = async (_: number, entries: readonly StreamEntry[]) =>
      entries.flatMap(({ partitionKey }, index) => (partitionKey === 'other' ? [{ index, reason: 'slow down' }] : []));
    const { ingest } = setup(refuseOther);
    const other = { source_application: 'other' };
    expect(await ingest([body('1', { ...other, id: 'given' }), body('2'), body('3', other)])).toEqual({
      status: 'refused',
      events: [
        { id: 'given', accepted: false },
        { id: 'made-2', accepted: true },
        { id: 'made-3', accepted: false },
      ],
      reasons: ['slow down'],
    });
  });

  test('a call that fails as a whole is the same outcome, not an exception', async () => {
    const denied = setup(() => Promise.reject(new Fault('denied', 'PutRecords failed: AccessDenied')));
    expect(await denied.ingest([body('1')])).toMatchObject({ status: 'refused', events: [{ accepted: false }] });
    expect(denied.calls()).toBe(1);
  });

  test('it is given up while the caller still waits', async () => {
    const clock = manualClock();
    const start = clock.now();
    const hangs: SendChunk<StreamEntry> = async () => {
      clock.advance(5_000);
      throw new Fault('unavailable', 'PutRecords failed: TimeoutError');
    };
    const sources = Array.from({ length: 1_000 }, (_, n) => body('m', { source_application: `source-${n}` }));
    const outcome = await ingestHttp(sources, { clock, newId: () => 'id', send: hangs });
    expect(outcome.status).toBe('refused');
    expect(clock.now() - start).toBeLessThan(25_000);
  });
});
