import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeEvent } from '../events/decode.ts';
import { type CloudWatchEnvelope, envelopeEvents, readEnvelope } from './cloudwatch-envelope.ts';
import { unpackRecord } from './unpack.ts';

const TIME = Date.parse('2026-11-21T12:00:00.000Z');
const LINE_ID = '34622316099697884706540976068822859012661220141643892546';

/** As AWS documents it. */
const envelope = (part: Partial<CloudWatchEnvelope> = {}) => ({
  messageType: 'DATA_MESSAGE' as const,
  owner: '123456789012',
  logGroup: '/aws/lambda/checkout',
  logStream: '2026/11/21/[$LATEST]94fa867e5374431291a7fc14e2f56ae7',
  subscriptionFilters: ['sluice'],
  logEvents: [{ id: LINE_ID, timestamp: TIME, message: '[ERROR] payment 4711 failed\n' }],
  ...part,
});

const record = (value: unknown) => gzipSync(JSON.stringify(value));
const arrival = { id: 'shardId-0:1#0', arrivedAt: TIME + 5_000, source: 'unknown' };

/** The events that a consumer makes of a record of the stream. */
function eventsOf(data: Uint8Array) {
  const unpacked = unpackRecord(data);
  return unpacked.ok ? unpacked.payloads.map((payload) => decodeEvent(payload, arrival)) : unpacked.code;
}

describe('the lines of an envelope', () => {
  test('are events of the function, at their level and time, with an id that is the same every time', () => {
    const [event, ...others] = envelopeEvents(envelope());
    expect(others).toEqual([]);
    expect(event).toEqual({
      v: 1,
      id: expect.stringMatching(/^cloudwatch:[0-9a-z]{1,11}:34622316099697884706540976068822859012661220141643892546$/),
      type: 'log',
      time: '2026-11-21T12:00:00.000Z',
      level: 'error',
      source: 'checkout',
      message: '[ERROR] payment 4711 failed',
      attributes: { 'aws.log.group': '/aws/lambda/checkout', 'aws.log.stream': envelope().logStream },
    });
    expect(envelopeEvents(envelope())).toEqual([event]);
  });

  test('have ids of their own in each account, group and stream', () => {
    const places = [{}, { owner: '210987654321' }, { logGroup: '/ecs/checkout' }, { logStream: 'other' }];
    const ids = places.flatMap((part) => envelopeEvents(envelope(part)).map(({ id }) => id));
    expect(new Set(ids).size).toBe(places.length);
  });

  test('keep a level, a source, attributes and an id that they state in JSON', () => {
    const message = JSON.stringify({
      v: 1,
      id: 'own',
      level: 'warn',
      source: 'shop',
      message: 'slow',
      attributes: { a: 'b' },
    });
    expect(envelopeEvents(envelope({ logEvents: [{ id: '1', timestamp: TIME, message }] }))).toMatchObject([
      {
        id: 'own',
        level: 'warning',
        source: 'shop',
        message: 'slow',
        attributes: { a: 'b', 'aws.log.stream': expect.any(String) },
      },
    ]);
  });

  test('that are blank are none', () => {
    const blank = ['', '\n', ' \t\n'].map((message, index) => ({ id: `${index}`, timestamp: TIME, message }));
    expect(envelopeEvents(envelope({ logEvents: blank }))).toEqual([]);
  });
});

describe('a record of the stream that a log group subscribed', () => {
  test('gives the very events that the function would have put', () => {
    expect(eventsOf(record(envelope()))).toEqual(envelopeEvents(envelope()));
  });

  test('that only tries the stream is no event', () => {
    const control = { ...envelope(), messageType: 'CONTROL_MESSAGE', logGroup: '', logStream: '' };
    const logEvents = [
      { id: '', timestamp: TIME, message: 'CWL CONTROL MESSAGE: Checking health of destination Kinesis stream.' },
    ];
    expect(eventsOf(record({ ...control, logEvents }))).toEqual([]);
  });

  test.each([
    ['a message type of tomorrow', { ...envelope(), messageType: 'NEW_MESSAGE' }],
    ['a line without an id', { ...envelope(), logEvents: [{ timestamp: TIME, message: 'x' }] }],
    ['a line whose time is a text', { ...envelope(), logEvents: [{ id: '1', timestamp: 'now', message: 'x' }] }],
    ['no log group', { ...envelope(), logGroup: undefined }],
  ])('with %s is one event of JSON: nothing is lost', (_, json) => {
    expect(eventsOf(record(json))).toMatchObject([{ id: arrival.id, details: { messageType: json.messageType } }]);
  });

  test('with more lines than a record may carry is refused whole', () => {
    const logEvents = Array.from({ length: 10_001 }, (_unused, id) => ({ id: `${id}`, timestamp: TIME, message: 'x' }));
    expect(eventsOf(record(envelope({ logEvents })))).toBe('too-many-events');
  });

  test('is read as such only when it is packed, as CloudWatch Logs packs it', () => {
    expect(eventsOf(Buffer.from(JSON.stringify(envelope())))).toMatchObject([{ id: arrival.id }]);
  });
});

test('property: reading never throws, and of a sound envelope each line that is not blank is one event', () => {
  const line = fc.record({
    id: fc.string({ minLength: 1, maxLength: 300 }),
    timestamp: fc.maxSafeInteger(),
    message: fc.string({ unit: 'binary' }),
  });
  fc.assert(
    fc.property(fc.array(line, { maxLength: 20 }), fc.jsonValue(), (logEvents, json) => {
      expect(readEnvelope(json).kind).toBe('none');
      const events = envelopeEvents(envelope({ logEvents }));
      expect(events.length).toBe(logEvents.filter(({ message }) => message.trim() !== '').length);
    }),
  );
});
