import type { Clock, SendChunk } from './ports.ts';
import { type SendAllResult, sendAll } from './send-all.ts';

/** One record for the stream. */
export interface StreamEntry {
  data: Uint8Array;
  /** 1 to 256 characters; decides the shard. */
  partitionKey: string;
}

/** PutRecords takes 500 records and 10 MiB in one call, partition keys included. Source: Kinesis API, PutRecords. */
const PUT_RECORDS_LIMITS = { count: 500, bytes: 10 * 1024 * 1024 };

export interface PutRecordsOptions {
  send: SendChunk<StreamEntry>;
  clock: Clock;
  /** Tries of a record, the first included. Default 6. */
  attempts?: number;
  /** Milliseconds after which no record is tried again. Default: no limit. */
  patience?: number;
}

/** Puts records on the stream, sends again only those that were refused, and says which could not be sent and why. */
export function putRecords(entries: readonly StreamEntry[], options: PutRecordsOptions): Promise<SendAllResult> {
  const sizeOf = (entry: StreamEntry) => entry.data.byteLength + Buffer.byteLength(entry.partitionKey);
  return sendAll(entries, { ...options, limits: PUT_RECORDS_LIMITS, sizeOf });
}
