import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type LogEvent, logEvent } from '../events/event.ts';
import { LEVELS } from '../events/levels.ts';
import { eventFromRow, LOG_EVENT_COLUMNS, logEventRow, rowLine, type StoredLogEventRow } from './log-event-row.ts';

const context = { template: 'user {n} gone', fingerprint: 'v1:abc', receivedAt: Date.UTC(2026, 10, 21, 7, 0, 0, 5) };

const full: LogEvent = {
  v: 1,
  id: '01',
  type: 'log',
  time: '2026-11-21T06:59:59.999Z',
  level: 'error',
  source: 'shop',
  message: 'user 7\ngone',
  details: { cart: [1, null] },
  error: { type: 'Gone', message: 'user 7', stack: 'Gone: user 7\n  at x' },
  locator: '7+',
  attributes: { Region: 'eu', region: 'us' },
  traceId: 't',
  spanId: 's',
};

const bare: LogEvent = { v: 1, id: '01', type: 'log', time: full.time, level: 'info', source: 'shop', message: '' };

describe('the row of an event', () => {
  it('has a value for each column and the level beside them', () => {
    expect(logEventRow(full, context)).toStrictEqual({
      level: 'error',
      id: '01',
      type: 'log',
      time: '2026-11-21 06:59:59.999',
      source: 'shop',
      message: 'user 7\ngone',
      details: '{"cart":[1,null]}',
      template: 'user {n} gone',
      fingerprint: 'v1:abc',
      error_type: 'Gone',
      error_message: 'user 7',
      error_stack: 'Gone: user 7\n  at x',
      locator: '7+',
      attributes: { Region: 'eu', region: 'us' },
      trace_id: 't',
      span_id: 's',
      received_at: '2026-11-21 07:00:00.005',
      v: 1,
    });
    expect(Object.keys(logEventRow(full, context)).sort()).toStrictEqual(
      ['level', ...LOG_EVENT_COLUMNS.map((column) => column.name)].sort(),
    );
  });

  it('has no key for what the event does not have', () => {
    const row = logEventRow(bare, context);
    expect(Object.keys(row)).toStrictEqual([
      'level',
      'id',
      'type',
      'time',
      'source',
      'message',
      'template',
      'fingerprint',
      'received_at',
      'v',
    ]);
  });

  it('is one line of JSON without the level, whatever the message holds', () => {
    const line = rowLine(logEventRow({ ...full, message: 'a\r\nb\u2028c' }, context));
    expect(line.indexOf('\n')).toBe(line.length - 1);
    expect(JSON.parse(line)).not.toHaveProperty('level');
    expect(JSON.parse(line).message).toBe('a\r\nb\u2028c');
  });
});

describe('an event', () => {
  it('comes back from its row exactly', () => {
    fc.assert(
      fc.property(events, contexts, (event, around) => {
        expect(eventFromRow(logEventRow(event, around))).toStrictEqual(event);
      }),
    );
  });

  it('comes back from a row that Parquet gave back: nulls, Dates and bigints', () => {
    fc.assert(
      fc.property(events, contexts, (event, around) => {
        expect(eventFromRow(throughParquet(rowLine(logEventRow(event, around)), event.level))).toStrictEqual(event);
      }),
    );
  });

  it.each([0, false, '', null, [], {}, 'null'])('keeps the details %j apart from none', (details) => {
    expect(eventFromRow(logEventRow({ ...bare, details }, context))).toStrictEqual({ ...bare, details });
  });

  it('keeps an own __proto__ key as data', () => {
    const details = JSON.parse('{"__proto__":{"admin":true}}');
    const event = eventFromRow(logEventRow({ ...bare, details }, context));
    expect(JSON.stringify(event.details)).toBe('{"__proto__":{"admin":true}}');
    expect(event).not.toHaveProperty('admin');
  });

  it('is refused from a row that was not written by Sluice', () => {
    expect(() => eventFromRow({ level: 'info', id: '01' })).toThrow(
      'Expected a row of log_events to have v, got undefined',
    );
  });
});

it('has a column for every field of the event schema, the level being the partition', () => {
  const columns = new Set<string>(LOG_EVENT_COLUMNS.map((column) => column.name));
  const missing = Object.keys(logEvent.shape)
    .map((field) => field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`))
    .filter((field) => field !== 'level' && field !== 'error' && !columns.has(field));
  expect(missing).toStrictEqual([]);
  for (const part of ['error_type', 'error_message', 'error_stack']) expect(columns).toContain(part);
});

/** Texts as they leave the decoder: well formed, any script, control characters included. */
const text = (maxLength: number) =>
  fc
    .oneof(
      fc.string({ unit: 'grapheme', maxLength }),
      fc.string({ unit: 'binary', maxLength }),
      fc.constantFrom('', 'null', '\u0000', '"\n'),
    )
    .map((value) => value.toWellFormed());
const named = text(20).map((value) => value || 'x');
const optional = <T>(values: fc.Arbitrary<T>) => fc.option(values, { nil: undefined });
const times = fc
  .date({ min: new Date('1970-01-01T00:00:00.000Z'), max: new Date('9999-12-31T23:59:59.999Z'), noInvalidDate: true })
  .map((date) => date.toISOString());

/** JSON has no negative zero that comes back, so neither have the details of a decoded event. */
const json = fc.jsonValue().map((value) => JSON.parse(JSON.stringify(value)));

const contexts = fc.record({ template: text(40), fingerprint: named, receivedAt: fc.integer({ min: 0, max: 4e12 }) });

const events: fc.Arbitrary<LogEvent> = fc
  .record({
    v: fc.integer({ min: 1, max: 9 }),
    id: named,
    type: named,
    time: times,
    level: fc.constantFrom(...LEVELS),
    source: named,
    message: text(200),
    details: optional(json),
    error: optional(fc.record({ type: text(20), message: text(20), stack: optional(text(50)) }).map(withoutUndefined)),
    locator: optional(text(20)),
    attributes: optional(fc.dictionary(text(10), text(10), { noNullPrototype: true })),
    traceId: optional(text(20)),
    spanId: optional(text(20)),
  })
  .map((event) => withoutUndefined(event) as LogEvent);

function withoutUndefined<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as T;
}

function throughParquet(line: string, level: LogEvent['level']): StoredLogEventRow {
  const columns = JSON.parse(line);
  const stored = LOG_EVENT_COLUMNS.map(({ name, type }) => {
    const value = columns[name] ?? null;
    if (type === 'timestamp') return [name, new Date(`${value.replace(' ', 'T')}Z`)];
    return [name, type === 'int' ? BigInt(value) : value];
  });
  return { ...Object.fromEntries(stored), level };
}
