import { expect } from 'vitest';
import { type Arrival, decodeEvent } from '../../shared/events/decode.ts';
import { formatOf } from '../../shared/events/decode-formats.ts';
import { type LogEvent, logEvent } from '../../shared/events/event.ts';
import { unpackRecord } from '../../shared/stream/unpack.ts';
import type { ExpectedEvent, Sample } from './samples.ts';

/** A record that waits in the stream for an hour: its time is not that of its arrival. */
export const HOUR = 3_600_000;
const ARRIVAL: Omit<Arrival, 'arrivedAt'> = { id: 's-1:7#0', source: 'unknown' };

/** What a record becomes that arrives at that time. */
export function eventsOf(record: string | Buffer, arrivedAt: number): LogEvent[] {
  const unpacked = unpackRecord(typeof record === 'string' ? Buffer.from(record) : record);
  if (!unpacked.ok) throw new Error(`refused: ${unpacked.reason}`);
  return unpacked.payloads.map((payload) => decodeEvent(payload, { ...ARRIVAL, arrivedAt }));
}

/** Strict in everything that the row names, and in what no row may get wrong. */
export function expectEvent(event: LogEvent, expected: ExpectedEvent, source: string): void {
  expect(logEvent.safeParse(event).error).toBeUndefined();
  const { level, message, error, traceId, spanId, details, attributes } = expected;
  expect(event).toMatchObject({ level, source: expected.source ?? source });
  if (typeof message === 'string') expect(event.message).toBe(message);
  else expect(event.message).toMatch(message);
  expect([event.error?.type, event.error?.message]).toStrictEqual([error?.type, error?.message]);
  if (error !== undefined) expect(event.error?.stack).toMatch(/^(Traceback|[\w.]+: )[\s\S]*\n\s+(at|File) /);
  expect([event.traceId, event.spanId]).toStrictEqual([traceId, spanId]);
  if (details !== undefined) expect(event.details).toMatchObject(details);
  if (attributes !== undefined) expect(event.attributes).toMatchObject(attributes);
  expect(Object.keys(event.attributes ?? {}).filter((key) => key.startsWith('sluice.'))).toStrictEqual([]);
}

function expectSample(sample: Sample, writtenFrom: number, writtenTo: number): void {
  const { records, events: expected, format, source = 'unknown', isStamped = true, isSplit = true } = sample;
  expect(records).toHaveLength(expected.length);
  const arrivedAt = writtenTo + HOUR;
  const alone = records.map((record) => eventsOf(record, arrivedAt));
  expect(alone.map((events) => events.length)).toStrictEqual(records.map(() => 1));
  const read = alone.flat();
  for (const [index, event] of read.entries()) {
    expectEvent(event, expected[index] as ExpectedEvent, source);
    const time = Date.parse(event.time);
    if (isStamped) expect([time >= writtenFrom - 1_000, time <= writtenTo + 1_000]).toStrictEqual([true, true]);
    else expect(time).toBe(arrivedAt);
  }
  expect(new Set(records.map((record) => formatOf(String(record).trim())))).toStrictEqual(new Set([format]));
  if (!isSplit) return;
  const whole = Buffer.concat(records.flatMap((record) => [Buffer.from(record), Buffer.from('\n')]));
  expect(eventsOf(whole, arrivedAt).map(({ message }) => message)).toStrictEqual(read.map(({ message }) => message));
}

/** What was made, and when that began and ended. */
export async function timed<T>(make: () => Promise<T>): Promise<{ made: T; from: number; to: number }> {
  const from = Date.now();
  const made = await make();
  return { made, from, to: Date.now() };
}

/** All rows of one kind in one run of the programs; a failure names its writer. */
export function expectSamples(samples: readonly Sample[], from: number, to: number): void {
  const failures = samples.flatMap((sample) => {
    try {
      expectSample(sample, from, to);
      return [];
    } catch (error) {
      return [`${sample.writer}: ${(error as Error).message}`];
    }
  });
  expect(failures).toStrictEqual([]);
}
