import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { decodeEvent } from '../../shared/events/decode.ts';
import { type LogEvent, logEvent } from '../../shared/events/event.ts';
import { LIMITS, utf8Bytes } from '../../shared/events/limits.ts';
import { unpackRecord } from '../../shared/stream/unpack.ts';
import { recordedFluentBit } from './fluent-bit-samples.ts';
import { npmSamples, otlpSample } from './npm-samples.ts';
import { pythonSamples } from './python-samples.ts';
import { recordedSamples } from './recorded-samples.ts';

const ARRIVAL = { id: 's-1:7#0', arrivedAt: Date.parse('2026-11-21T10:00:00.000Z'), source: 'unknown' };

/** The events of a record, or the code of its one entry in quarantine; sound in either case. */
function outcome(data: Uint8Array): LogEvent[] | string {
  const unpacked = unpackRecord(data);
  if (!unpacked.ok) {
    expect(unpacked.reason.length).toBeGreaterThan(0);
    return unpacked.code;
  }
  const events = unpacked.payloads.map((payload) => decodeEvent(payload, ARRIVAL));
  expect(events.length).toBeGreaterThan(0);
  for (const event of events) {
    expect(logEvent.safeParse(event).error).toBeUndefined();
    expect(utf8Bytes(JSON.stringify(event))).toBeLessThanOrEqual(LIMITS.event);
  }
  return events;
}

/** Real records, one a form at least. */
let samples: Buffer[] = [];

beforeAll(async () => {
  const [npm, python, otlp] = await Promise.all([npmSamples(), pythonSamples(), otlpSample()]);
  const recorded = [...recordedSamples(), ...recordedFluentBit().samples];
  const written = [...npm, ...python.samples, ...recorded].flatMap(({ records }) => records.slice(0, 5));
  samples = [...written.map((record) => Buffer.from(record)), otlp.body, ...python.aggregates.slice(0, 1)];
  expect(samples.length).toBeGreaterThan(100);
}, 240_000);

/** Evenly spread: fast-check's own numbers crowd at the ends. */
const places = fc.noBias(fc.nat(999_999)).map((part) => part / 1_000_000);
const sampleAt = (place: number) => samples[Math.floor(place * samples.length)] as Buffer;
const indexIn = (data: Uint8Array, place: number) => Math.floor(place * data.length);

/** Nothing that a format knows, so that it must be somewhere in what is made of the record. */
const MARKER = 'zq7x41';

const HOSTILE = ['"', '\\', '\n', '\0', ']', '[', '{', '}', '=', '<', '>', ' ', '\\u', '\uFEFF', '\r\n', '%', ':', '-'];

/** What of a record is in no sample by chance, whatever happens around it. */
function insert(data: Buffer, place: number, text: string): Buffer {
  const at = indexIn(data, place);
  return Buffer.concat([data.subarray(0, at), Buffer.from(text), data.subarray(at)]);
}

describe('a real record that was damaged', () => {
  test('by a word in any place still says that word', () => {
    fc.assert(
      fc.property(places, places, (which, place) => {
        const record = insert(sampleAt(which), place, MARKER);
        const events = outcome(record);
        // An aggregate whose checksum fails, or a place within a character of several bytes.
        if (events === 'not-utf8') return;
        expect(JSON.stringify(events)).toContain(MARKER);
      }),
      { numRuns: 6_000 },
    );
  });

  test('by being cut, flipped, repeated or joined is events or one entry in quarantine', () => {
    const parts = fc.tuple(places, places, places, fc.constantFrom(...HOSTILE), fc.nat(255));
    fc.assert(
      fc.property(parts, places, ([first, second, at, text, byte], place) => {
        const [one, other] = [sampleAt(first), sampleAt(second)];
        const flipped = Buffer.from(one);
        if (flipped.length > 0) flipped[Math.min(indexIn(one, at), one.length - 1)] = byte;
        const mutants = [
          one.subarray(0, indexIn(one, at)),
          one.subarray(indexIn(one, at)),
          flipped,
          insert(one, at, text),
          Buffer.concat([one.subarray(0, indexIn(one, at)), other.subarray(indexIn(other, place))]),
          Buffer.concat([one, Buffer.from('\n'), other]),
        ];
        for (const mutant of mutants) outcome(mutant);
      }),
      { numRuns: 600 },
    );
  });
});

/** What the readers of text look for, in any order. */
const PIECES = [
  ...['<14>', '<191>1 ', '<192>', '<14>1 - - - - - ', '[x@1 a="', '\\"', '"]', '- ', 'shop: ', 'shop[7]: ', '\uFEFF'],
  ...[
    'Nov 21 10:00:00 ',
    'Feb 30 99:99:99 ',
    '2026-11-21T10:00:00Z ',
    '2026-13-41 25:61:61 ',
    '[Sat Nov 21 10:00:00 2026] ',
  ],
  ...['127.0.0.1 - - [', '21/Nov/2026:10:00:00 +0000] "', 'GET / HTTP/1.1" ', '200 5 ', '"-" "', '\\x22', '- '],
  ...[
    'level=error ',
    'msg="',
    'at=info ',
    'a=b ',
    'flag ',
    '"',
    '=',
    '==',
    '\n',
    '\n\tat f (a.js:1:1)',
    'Traceback (most recent call last):\n',
  ],
  ...[
    '{"log":"',
    '"stream":"x"}',
    '{"_aws":{"CloudWatchMetrics":[',
    '{"Metrics":[{"Name":7}]}',
    ']}}',
    '{"record":{"message":"',
    '"level":{}}}',
  ],
  ...[
    '{"resourceLogs":[',
    '{"scopeLogs":[',
    '{"logRecords":[',
    '{}',
    '],',
    '{"exception":[{"exc_type":"',
    '","frames":[{"filename":"',
  ],
];

describe('made-up text', () => {
  test('of pieces of every form is events or one entry in quarantine', () => {
    const texts = fc
      .array(fc.oneof(fc.constantFrom(...PIECES), fc.string({ unit: 'binary', maxLength: 4 })), { maxLength: 12 })
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(texts, (text) => {
        outcome(Buffer.from(text.toWellFormed()));
      }),
      { numRuns: 2_000 },
    );
  });

  test('of a megabyte of one piece is read in linear time', () => {
    const SECONDS = 2_000;
    for (const piece of PIECES) {
      for (const start of [
        '',
        ...PIECES.slice(0, 4),
        '127.0.0.1 - - [21/Nov/2026:10:00:00 +0000] "',
        'level=error msg="',
      ]) {
        const text = start + piece.repeat(Math.floor(500_000 / piece.length));
        const before = performance.now();
        outcome(Buffer.from(text));
        expect([piece, performance.now() - before < SECONDS]).toStrictEqual([piece, true]);
      }
    }
  });
});
