import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  logEvent,
  nthSequenceNumber,
  POISON,
  recordOfEvents,
  SHARD,
  streamRecord,
} from '../../test/support/stream-records.ts';
import { readBatch } from './read-batch.ts';

const nothingDone = () => false;

describe('a batch that is read', () => {
  test('gives every event in order, with its record and its place', () => {
    const records = [recordOfEvents(1, [{ id: 'a' }, { id: 'b' }]), recordOfEvents(2, [{ id: 'c' }])];
    const { events, rejected } = readBatch(records, nothingDone);
    const at = { shardId: SHARD, arrivedAt: records[0]?.arrivedAt };
    expect(events).toEqual([
      { ...at, event: logEvent({ id: 'a' }), index: 0, record: 0 },
      { ...at, event: logEvent({ id: 'b' }), index: 1, record: 0 },
      { ...at, event: logEvent({ id: 'c' }), index: 2, record: 1 },
    ]);
    expect(rejected).toEqual([]);
  });

  test('names an event without an id after its place in the stream, so that a redelivery is the same event', () => {
    const record = streamRecord(7, gzipSync('{"level":"error","msg":"no id"}\nplain text'));
    const ids = () => readBatch([record], nothingDone).events.map(({ event }) => event.id);
    expect(ids()).toEqual([`${SHARD}:${nthSequenceNumber(7)}#0`, `${SHARD}:${nthSequenceNumber(7)}#1`]);
    expect(ids()).toEqual(ids());
  });

  test('leaves out the records that are done, and keeps the places of the others', () => {
    const records = [1, 2, 3].map((place) => recordOfEvents(place, [{ id: `e${place}` }]));
    const { events } = readBatch(records, (record) => record === 1);
    expect(events.map(({ event, record, index }) => [event.id, record, index])).toEqual([
      ['e1', 0, 0],
      ['e3', 2, 1],
    ]);
  });

  test('rejects what is not understood with its payload and the reason, wherever it stands', () => {
    const records = [
      streamRecord(1, POISON),
      recordOfEvents(2, [{ id: 'a' }]),
      streamRecord(3, ''),
      streamRecord(4, POISON),
    ];
    const { events, rejected } = readBatch(records, nothingDone);
    expect(events.map(({ event }) => event.id)).toEqual(['a']);
    expect(rejected.map(({ record, code, sequenceNumber, data }) => ({ record, code, sequenceNumber, data }))).toEqual([
      { record: 0, code: 'not-utf8', sequenceNumber: nthSequenceNumber(1), data: POISON },
      { record: 2, code: 'empty', sequenceNumber: nthSequenceNumber(3), data: Buffer.from('') },
      { record: 3, code: 'not-utf8', sequenceNumber: nthSequenceNumber(4), data: POISON },
    ]);
    expect(rejected.every(({ reason }) => reason.length > 0)).toBe(true);
  });
});

test('a control message of CloudWatch Logs is no event, and is counted', () => {
  const control = gzipSync(JSON.stringify({ messageType: 'CONTROL_MESSAGE', owner: 'CloudwatchLogs', logEvents: [] }));
  expect(readBatch([streamRecord(1, control)], nothingDone)).toEqual({ events: [], rejected: [], empty: 1 });
});

const ESCAPED = /\\u|\n/;

test('the short way of a plain batch understands every text as the long way does', () => {
  const whole = {
    v: 1,
    id: 'a',
    type: 'log',
    time: '2026-11-21T12:00:00.000Z',
    level: 'info',
    source: 's',
    message: 'm',
  };
  const changed = fc
    .tuple(fc.constantFrom(...Object.keys(whole), 'details', 'attributes', 'other'), fc.jsonValue())
    .map(([key, value]) => JSON.stringify({ ...whole, [key]: value }));
  const cut = fc.nat(140).map((length) => JSON.stringify(whole).slice(0, length));
  const text = fc
    .oneof(changed, cut, fc.constant(JSON.stringify(whole)), fc.string())
    .filter((one) => !ESCAPED.test(one));
  fc.assert(
    fc.property(fc.array(text, { minLength: 1, maxLength: 5 }), (texts) => {
      const long = texts.map((one, place) => ({ ...streamRecord(place, one), text: one }));
      const short = long.map((record) => ({ ...record, isPlain: true }));
      expect(readBatch(short, nothingDone)).toEqual(readBatch(long, nothingDone));
    }),
  );
});
