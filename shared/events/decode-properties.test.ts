import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeEvent } from './decode.ts';
import { isSoundEvent } from './decode-guard.ts';
import { type LogEvent, logEvent } from './event.ts';
import { LEVELS } from './levels.ts';
import { LIMITS, utf8Bytes } from './limits.ts';

const ARRIVED_AT = Date.parse('2026-11-21T10:00:00.000Z');
const ARRIVAL = { id: 's-1:7#0', arrivedAt: ARRIVED_AT, source: 'unknown' };

/** Field names that some format knows, so that the search meets every row of the table. */
const KNOWN_NAMES = [
  ...['v', 'id', 'type', 'time', 'level', 'source', 'message', 'details', 'error', 'locator', 'attributes', 'traceId'],
  ...['log_level', 'source_application', 'msg', 'err', 'name', 'pid', 'hostname', 'stack', 'exc_info', 'levelname'],
  ...[
    'log',
    'stream',
    'kubernetes',
    'date',
    'severityNumber',
    'severityText',
    'body',
    'resource',
    'timeUnixNano',
    'event',
  ],
  ...['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'sluice.cut'],
];

/** Names within the values of some format. */
const NAMES_WITHIN = [
  'key',
  'value',
  'values',
  'stringValue',
  'arrayValue',
  'kvlistValue',
  'service.name',
  'container_name',
  'stackTrace',
];

const texts = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string(),
  fc.constantFrom(
    '\ud800',
    '\0',
    '',
    ' ',
    'ERROR',
    'a: b\n    at c',
    '{"message":"x"}',
    '2026-11-21T10:00:00.000Z',
    '50',
  ),
);
const values = fc.letrec((tie) => ({
  any: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    texts,
    fc.double(),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('any'), { maxLength: 4 }),
    fc
      .array(fc.tuple(fc.oneof(fc.constantFrom(...KNOWN_NAMES, ...NAMES_WITHIN), texts), tie('any')), { maxLength: 8 })
      .map(Object.fromEntries),
  ),
})).any;

/** As it would come over the wire: JSON text, lone surrogates as escapes. */
function wire(value: unknown) {
  const text = JSON.stringify(value) ?? 'null';
  return { json: JSON.parse(text) as unknown, text };
}

/** Every text in the value, keys included. */
function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value)) return value.flatMap(textsIn);
  return Object.entries(value).flatMap(([key, item]) => [key, ...textsIn(item)]);
}

const isTame = (value: unknown) => textsIn(value).every((text) => text.isWellFormed() && !text.includes('\0'));
/** As the decoder is allowed to write a text. */
const tamed = (text: string) => text.toWellFormed().replaceAll('\0', '\uFFFD');

/** Names, times and levels are kept by meaning, and JSON within a text is read; everything else is kept to the letter. */
const BY_MEANING = new Set([
  ...KNOWN_NAMES,
  ...NAMES_WITHIN,
  ...['2026-11-21T10:00:00.000Z', 'ERROR', '50', '{"message":"x"}'],
]);

function isWritten(text: string, out: string): boolean {
  if (BY_MEANING.has(text) || text.trim() === '') return true;
  const once = JSON.stringify(text.trim()).slice(1, -1);
  // An attribute that is no text holds its value as JSON within a text.
  const twice = JSON.stringify(once).slice(1, -1);
  return out.includes(once) || out.includes(twice);
}

const times = fc
  .integer({ min: ARRIVED_AT - 86_400_000, max: ARRIVED_AT + 86_400_000 })
  .map((milliseconds) => new Date(milliseconds).toISOString());
const sound = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }).filter((text) => text.length <= 32);

const events: fc.Arbitrary<LogEvent> = fc.record(
  {
    v: fc.integer({ min: 1, max: 9 }),
    id: sound,
    type: sound,
    time: times,
    level: fc.constantFrom(...LEVELS),
    source: sound,
    message: fc.string({ unit: 'grapheme' }),
    details: fc.jsonValue({ noUnicodeString: false }),
    error: fc.record(
      { type: sound, message: sound, stack: sound },
      { requiredKeys: ['type', 'message'], noNullPrototype: true },
    ),
    locator: sound,
    attributes: fc.dictionary(sound, sound, { noNullPrototype: true }),
    traceId: sound,
    spanId: sound,
  },
  { requiredKeys: ['v', 'id', 'type', 'time', 'level', 'source', 'message'], noNullPrototype: true },
);

/** One field of a whole event replaced or added, which may or may not break it. */
const mutants = fc
  .tuple(
    events,
    fc.constantFrom(...KNOWN_NAMES.filter((name) => name !== '__proto__')),
    fc.oneof(values, fc.constant(undefined)),
  )
  .map(([event, name, value]) => ({ ...event, [name]: value }));

describe('decoding', () => {
  test('gives an event of the schema, within the limits, for any JSON', () => {
    fc.assert(
      fc.property(values, (value) => {
        const event = decodeEvent(wire(value), ARRIVAL);
        expect(logEvent.safeParse(event).error).toBeUndefined();
        expect(utf8Bytes(JSON.stringify(event))).toBeLessThanOrEqual(LIMITS.event);
      }),
      { numRuns: 3_000 },
    );
  });

  test('gives an event of the schema for any text, and keeps the text', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const event = decodeEvent({ text }, ARRIVAL);
        expect(logEvent.safeParse(event).error).toBeUndefined();
        expect(event.message).toBe(tamed(text));
      }),
    );
  });

  test('loses no text of a JSON object', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.oneof(fc.constantFrom(...KNOWN_NAMES, ...NAMES_WITHIN), texts), values)),
        (entries) => {
          const payload = wire(Object.fromEntries(entries));
          const out = JSON.stringify(decodeEvent(payload, ARRIVAL));
          for (const text of textsIn(payload.json).map(tamed)) expect(isWritten(text, out)).toBe(true);
        },
      ),
      { numRuns: 3_000 },
    );
  });

  test('is the identity on whole events', () => {
    fc.assert(
      fc.property(events, (event) => {
        fc.pre(isTame(event));
        const payload = wire(event);
        const decoded = decodeEvent(payload, ARRIVAL);
        expect(decoded).toBe(payload.json);
      }),
      { numRuns: 2_000 },
    );
  });

  test('is the identity on what it gave', () => {
    fc.assert(
      fc.property(values, (value) => {
        const once = decodeEvent(wire(value), ARRIVAL);
        expect(JSON.stringify(decodeEvent(wire(once), ARRIVAL))).toBe(JSON.stringify(once));
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('the guard', () => {
  test('gives the verdict of the schema on whole events and on broken ones', () => {
    const verdicts = { sound: 0, broken: 0 };
    fc.assert(
      fc.property(mutants, (mutant) => {
        const { json, text } = wire(mutant);
        const parsed = logEvent.safeParse(json);
        const isNear = parsed.success && Math.abs(Date.parse(parsed.data.time) - ARRIVED_AT) <= 86_400_000;
        const verdict = isNear && isTame(json);
        expect(isSoundEvent(json, text, ARRIVED_AT)).toBe(verdict);
        verdicts[verdict ? 'sound' : 'broken']++;
      }),
      { numRuns: 5_000 },
    );
    expect(Math.min(verdicts.sound, verdicts.broken)).toBeGreaterThan(500);
  });
});
