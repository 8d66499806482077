import type { LogEvent } from '../../shared/events/event.ts';
import type { StreamRecord } from '../../shared/stream/ports.ts';
import type { ArrivedEvent } from '../../shared/stream/read-batch.ts';
import { parseSequenceNumber, type SequenceNumber } from '../../shared/stream/sequence-number.ts';

export const SHARD = 'shardId-000000000000';
/** As large as Kinesis makes them, so that a comparison as text or number goes wrong. */
const SEQUENCE_BASE = 49_590_338_271_490_256_608_559_692_538_361_571_095_921_575_989_136_588_898n;

export function sequenceNumber(value: string | number | bigint): SequenceNumber {
  const parsed = parseSequenceNumber(String(value));
  if (parsed === undefined) throw new Error(`expected a decimal sequence number, got ${value}`);
  return parsed;
}

export function nthSequenceNumber(place: number): SequenceNumber {
  return sequenceNumber(SEQUENCE_BASE + BigInt(place));
}

export interface RecordOptions {
  shardId?: string;
  arrivedAt?: number;
}

/** The record at this place of a shard. */
export function streamRecord(place: number, data: string | Uint8Array, options: RecordOptions = {}): StreamRecord {
  return {
    shardId: options.shardId ?? SHARD,
    sequenceNumber: nthSequenceNumber(place),
    partitionKey: `key-${place}`,
    arrivedAt: options.arrivedAt ?? Date.parse('2026-11-21T12:00:00.000Z'),
    data: typeof data === 'string' ? Buffer.from(data) : data,
  };
}

/** A whole event; what a test is about is passed in. */
export function logEvent(event: Partial<LogEvent> = {}): LogEvent {
  return {
    v: 1,
    id: 'event-1',
    type: 'log',
    time: '2026-11-21T12:00:00.000Z',
    level: 'error',
    source: 'shop',
    message: 'the payment was refused',
    ...event,
  };
}

/** A record that carries these events, as a producer writes them. */
export function recordOfEvents(place: number, events: Partial<LogEvent>[], options?: RecordOptions): StreamRecord {
  return streamRecord(place, events.map((event) => JSON.stringify(logEvent(event))).join('\n'), options);
}

/** Bytes that are no UTF-8, no gzip, no zstd and no aggregate. */
export const POISON = new Uint8Array([0xff, 0xfe, 0xfd]);

/** Events as a batch holds them, one a record. */
export function arrivedEvents(events: Partial<LogEvent>[], options: RecordOptions = {}): ArrivedEvent[] {
  return events.map((event, index) => ({
    event: logEvent(event),
    index,
    record: index,
    shardId: options.shardId ?? SHARD,
    arrivedAt: options.arrivedAt ?? Date.parse('2026-11-21T12:00:00.000Z'),
  }));
}
