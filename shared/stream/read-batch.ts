import { decodeEvent } from '../events/decode.ts';
import type { LogEvent } from '../events/event.ts';
import type { StreamRecord } from './ports.ts';
import { unpackRecord } from './unpack.ts';

/** An event as it arrived. */
export interface ArrivedEvent {
  event: LogEvent;
  /** Its place among the events of the batch. */
  index: number;
  /** Index of its record in the batch. */
  record: number;
  shardId: string;
  /** Milliseconds since 1970. */
  arrivedAt: number;
}

/** A record that could not be understood: it goes to quarantine, whole. */
export interface RejectedRecord {
  record: number;
  shardId: string;
  sequenceNumber: string;
  partitionKey: string;
  arrivedAt: number;
  code: string;
  reason: string;
  data: Uint8Array;
}

export interface ReadBatch {
  events: ArrivedEvent[];
  rejected: RejectedRecord[];
}

/** The source of an event that names none. */
const UNKNOWN_SOURCE = 'unknown';

/** Unpacks and decodes a batch, in order. Never throws: what is not understood is rejected with its reason. */
export function readBatch(records: readonly StreamRecord[], isApplied: (record: number) => boolean): ReadBatch {
  const events: ArrivedEvent[] = [];
  const rejected: RejectedRecord[] = [];
  for (const [index, record] of records.entries()) {
    if (isApplied(index)) continue;
    const { shardId, sequenceNumber, partitionKey, arrivedAt, data } = record;
    const unpacked = unpackRecord(data);
    if (!unpacked.ok) {
      const { code, reason } = unpacked;
      rejected.push({ record: index, shardId, sequenceNumber, partitionKey, arrivedAt, code, reason, data });
      continue;
    }
    for (const [part, payload] of unpacked.payloads.entries()) {
      const id = `${shardId}:${sequenceNumber}#${part}`;
      const event = decodeEvent(payload, { id, arrivedAt, source: UNKNOWN_SOURCE });
      events.push({ event, index: events.length, record: index, shardId, arrivedAt });
    }
  }
  return { events, rejected };
}
