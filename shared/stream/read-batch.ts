import { type Arrival, decodeEvent, type Payload } from '../events/decode.ts';
import { isSoundPlainEvent } from '../events/decode-guard.ts';
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
  const batch: ReadBatch = { events: [], rejected: [], empty: 0 };
  const { events } = batch;
  for (let index = 0; index < records.length; index++) {
    if (isApplied(index)) continue;
    const record = records[index] as StreamRecord;
    const { shardId, arrivedAt } = record;
    const event = plainEvent(record, arrivedAt);
    if (event === undefined) addUnpacked(batch, record, index);
    else events.push({ event, index: events.length, record: index, shardId, arrivedAt });
  }
  return batch;
}

/** The long way: whatever a record may be. */
function addUnpacked(batch: ReadBatch, record: StreamRecord, index: number): void {
  const { events } = batch;
  const unpacked = record.text === undefined ? unpackRecord(record.data) : unpackAscii(record.text);
  if (!unpacked.ok) {
    batch.rejected.push(rejectedRecord(index, record, unpacked));
    return;
  }
  const { payloads } = unpacked;
  const { shardId, arrivedAt } = record;
  if (payloads.length === 0) batch.empty++;
  for (let part = 0; part < payloads.length; part++) {
    const event = decodeEvent(payloads[part] as Payload, new PartArrival(record, part));
    events.push({ event, index: events.length, record: index, shardId, arrivedAt });
  }
}

const QUOTE = 0x22;
const LETTER_V = 0x76;

/** `{"v"`, as our own producers begin an event. By its characters: `startsWith` takes as long as the schema's whole check. */
function beginsAsEvent(text: string): boolean {
  return text.charCodeAt(2) === LETTER_V && text.charCodeAt(3) === QUOTE && text.charCodeAt(1) === QUOTE;
}

/**
 * The short way of what most records are: one canonical event as JSON, in a batch that is known to be plain. Undefined for
 * all others, which then take the long way; so that few are parsed twice, only what begins as an event does is tried.
 */
function plainEvent({ text, isPlain }: StreamRecord, arrivedAt: number): LogEvent | undefined {
  if (!isPlain || text === undefined || !beginsAsEvent(text)) return undefined;
  const json = parsedJson(text);
  return isSoundPlainEvent(json, text, arrivedAt) ? json : undefined;
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
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
