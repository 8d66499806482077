import { type Arrival, decodeEvent, type Payload } from '../events/decode.ts';
import type { LogEvent } from '../events/event.ts';
import type { StreamRecord } from './ports.ts';
import { type Refusal, unpackAscii, unpackRecord } from './unpack.ts';

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
  /** Records that carry no event: control messages of CloudWatch Logs. */
  empty: number;
}

/** The source of an event that names none. */
const UNKNOWN_SOURCE = 'unknown';

/** Unpacks and decodes a batch, in order. Never throws: what is not understood is rejected with its reason. */
export function readBatch(records: readonly StreamRecord[], isApplied: (record: number) => boolean): ReadBatch {
  const events: ArrivedEvent[] = [];
  const rejected: RejectedRecord[] = [];
  let empty = 0;
  for (let index = 0; index < records.length; index++) {
    if (isApplied(index)) continue;
    const record = records[index] as StreamRecord;
    const { shardId, arrivedAt } = record;
    const unpacked = record.text === undefined ? unpackRecord(record.data) : unpackAscii(record.text);
    if (!unpacked.ok) {
      rejected.push(rejectedRecord(index, record, unpacked));
      continue;
    }
    const { payloads } = unpacked;
    if (payloads.length === 0) empty++;
    for (let part = 0; part < payloads.length; part++) {
      const event = decodeEvent(payloads[part] as Payload, new PartArrival(record, part));
      events.push({ event, index: events.length, record: index, shardId, arrivedAt });
    }
  }
  return { events, rejected, empty };
}

function rejectedRecord(index: number, record: StreamRecord, { code, reason }: Refusal): RejectedRecord {
  const { shardId, sequenceNumber, partitionKey, arrivedAt, data } = record;
  return { record: index, shardId, sequenceNumber, partitionKey, arrivedAt, code, reason, data };
}

/** Where an event came from. Its id is made when it is asked for: an event that brings its own needs none. */
class PartArrival implements Arrival {
  readonly source = UNKNOWN_SOURCE;
  readonly #record: StreamRecord;
  readonly #part: number;

  constructor(record: StreamRecord, part: number) {
    this.#record = record;
    this.#part = part;
  }

  get id(): string {
    return `${this.#record.shardId}:${this.#record.sequenceNumber}#${this.#part}`;
  }

  get arrivedAt(): number {
    return this.#record.arrivedAt;
  }
}
