import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeEvent } from '../../shared/events/decode.ts';
import { logEvent } from '../../shared/events/event.ts';
import { Fault } from '../../shared/stream/fault.ts';
import type { SendChunk } from '../../shared/stream/ports.ts';
import type { StreamEntry } from '../../shared/stream/put-records.ts';
import { unpackRecord } from '../../shared/stream/unpack.ts';
import { manualClock } from '../../test/support/manual-clock.ts';
import { ingestCloudWatch } from './ingest-cloudwatch.ts';

const TIME = Date.parse('2026-11-21T12:00:00.000Z');

const lines = (count: number) =>
  Array.from({ length: count }, (_, n) => ({
    id: `3462231609969788470654097606882285901266122014164389${n}`,
    timestamp: TIME + n,
    message: `ERROR payment ${n} failed\n`,
  }));

function message(part: object = {}): string {
  const envelope = {
    messageType: 'DATA_MESSAGE',
    owner: '123456789012',
    logGroup: '/aws/lambda/checkout',
    logStream: 's',
    logEvents: lines(3),
    ...part,
  };
  return gzipSync(JSON.stringify(envelope)).toString('base64');
}

/** A stream that refuses as many calls as told. */
function stream(refusals = 0) {
  const entries: StreamEntry[] = [];
  const send: SendChunk<StreamEntry> = async (chunk) => {
    if (refusals-- > 0) return chunk.map((_, index) => ({ index, reason: 'ProvisionedThroughputExceededException' }));
    entries.push(...chunk);
    return [];
  };
  const events = () =>
    entries.flatMap(({ data }) => {
      const unpacked = unpackRecord(data);
      if (!unpacked.ok) throw new Error(unpacked.reason);
      return unpacked.payloads.map((payload) => decodeEvent(payload, { id: 'none', arrivedAt: TIME, source: 'none' }));
    });
  return { entries, events, send };
}

describe('a message of CloudWatch Logs', () => {
  test('puts its lines on the stream, in order, many in a record', async () => {
    const { send, events, entries } = stream();
    const counts = await ingestCloudWatch(message({ logEvents: lines(200) }), { send, clock: manualClock() });
    expect(counts).toEqual({ events: 200, control: 0, foreign: 0 });
    expect(events().map((event) => [event.message, event.level, event.source])).toEqual(
      lines(200).map((line) => [line.message.trimEnd(), 'error', 'checkout']),
    );
    expect(entries.length).toBeLessThan(5);
    expect(new Set(entries.map(({ partitionKey }) => partitionKey)).size).toBe(1);
  });

  test('that comes again has the same ids', async () => {
    const { send, events } = stream();
    for (let n = 0; n < 2; n++) await ingestCloudWatch(message(), { send, clock: manualClock() });
    expect([events().length, new Set(events().map(({ id }) => id)).size]).toEqual([6, 3]);
  });

  test('that only tries the function puts nothing', async () => {
    const { send, entries } = stream();
    const counts = await ingestCloudWatch(message({ messageType: 'CONTROL_MESSAGE' }), { send, clock: manualClock() });
    expect([counts, entries]).toEqual([{ events: 0, control: 1, foreign: 0 }, []]);
  });

  test('that is no envelope goes on to the stream byte for byte, where it is quarantined or text', async () => {
    const { send, entries } = stream();
    const data = Buffer.from([0x1f, 0x8b, 0xff, 0x00]);
    const counts = await ingestCloudWatch(data.toString('base64'), { send, clock: manualClock() });
    expect(counts).toEqual({ events: 0, control: 0, foreign: 1 });
    expect(entries.map((entry) => [...entry.data])).toEqual([[...data]]);
  });

  test('waits out a stream that is throttled', async () => {
    const { send, events } = stream(3);
    await ingestCloudWatch(message(), { send, clock: manualClock() });
    expect(events().length).toBe(3);
  });

  test('is a fault while the stream does not take it, so that it comes again', async () => {
    const { send } = stream(Number.POSITIVE_INFINITY);
    const putting = ingestCloudWatch(message(), { send, clock: manualClock() });
    await expect(putting).rejects.toEqual(
      new Fault('unavailable', '1 of 1 records could not be put: ProvisionedThroughputExceededException'),
    );
  });
});

test('property: of hostile bytes, and of envelopes with hostile fields, each is on the stream: as sound events, or as it came', async () => {
  const any = fc.oneof(fc.jsonValue(), fc.constantFrom('', '\0', '__proto__', 9e15, -9e15, 1e300, null));
  const text = fc.string({ unit: 'binary' });
  const line = fc.oneof(
    fc.record({ id: text, timestamp: fc.maxSafeInteger(), message: text }),
    fc.record({ id: any, timestamp: any, message: any }, { requiredKeys: [] }),
  );
  const named = { messageType: fc.constant('DATA_MESSAGE'), owner: text, logGroup: text, logStream: text };
  const logEvents = fc.array(line, { maxLength: 5 });
  const envelopes = fc
    .oneof(
      fc.record({ ...named, logEvents }),
      fc.record({ ...named, logGroup: any, logEvents: fc.oneof(logEvents, any) }),
    )
    .map((envelope) => gzipSync(JSON.stringify(envelope)));
  const bytes = fc.uint8Array({ maxLength: 60 }).map((tail) => Buffer.from(tail));
  const damaged = fc.tuple(envelopes, fc.nat(), fc.nat(255)).map(([data, at, byte]) => {
    data[at % data.length] = byte;
    return data;
  });
  await fc.assert(
    fc.asyncProperty(fc.oneof(envelopes, bytes, damaged), async (data) => {
      const { send, entries } = stream();
      const counts = await ingestCloudWatch(data.toString('base64'), { send, clock: manualClock() });
      if (counts.foreign === 1) expect(entries.map((entry) => Buffer.from(entry.data))).toEqual([data]);
      const events = entries.flatMap((entry) => {
        const unpacked = unpackRecord(entry.data);
        return unpacked.ok ? unpacked.payloads : [];
      });
      for (const payload of events) {
        const event = decodeEvent(payload, { id: 'none', arrivedAt: TIME, source: 'none' });
        expect(logEvent.safeParse(event).error).toBeUndefined();
      }
      if (counts.foreign === 0) expect(events).toHaveLength(counts.events);
    }),
    { numRuns: 2_000 },
  );
});
