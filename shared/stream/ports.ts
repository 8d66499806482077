import type { SequenceNumber } from './sequence-number.ts';

/**
 * What the consumers need from the world. Every port has one adapter in `shared/aws` and one model in
 * `test/simulation`; both pass the same suite in `test/contract`.
 */

/** Time and chance come in as arguments, so that one seed decides both in the simulation. */
export interface Clock {
  /** Milliseconds since 1970, UTC. */
  now(): number;
  sleep(milliseconds: number): Promise<void>;
  /** Uniform in [0, 1): jitter only. */
  random(): number;
}

/** One record of a shard, as a consumer receives it. */
export interface StreamRecord {
  shardId: string;
  sequenceNumber: SequenceNumber;
  partitionKey: string;
  /** Milliseconds since 1970 at which the stream took the record. */
  arrivedAt: number;
  data: Uint8Array;
  /** The data as text, where whoever received the record knows that it is plain ASCII. It saves reading the bytes. */
  text?: string;
  /** Whether the text is known to be one line and free of `\\u` escapes. It saves looking for them. */
  isPlain?: boolean;
}

/** One item of a table: plain JSON values, and bytes. */
export type Item = Record<string, unknown>;
export type ItemKey = Record<string, string>;

/** A DynamoDB-like table. Methods reject with a `Fault` (see `fault.ts`) when the service does not answer. */
export interface Table {
  /** At most 100 keys, strongly consistent. `unread` keys were throttled: ask again. */
  getMany(keys: ItemKey[]): Promise<{ items: Item[]; unread: ItemKey[] }>;
  /** Writes the item if its stored `version` is `expected` (0: no item). Answers `conflict` otherwise. */
  putVersioned(item: Item, expected: number): Promise<'written' | 'conflict'>;
  /** At most 25 items, no conditions. `unwritten` items were throttled: send them again. */
  putMany(items: Item[]): Promise<{ unwritten: Item[] }>;
  /** Deletes at most 25 keys, no conditions. */
  deleteMany(keys: ItemKey[]): Promise<{ undeleted: ItemKey[] }>;
  /** Items of one partition (of `index`, or the table's own) with sort key from `from` to `to`, ascending, at most `limit`. */
  query(query: { index?: string; partition: string; from?: string; to?: string; limit: number }): Promise<Item[]>;
}

/** What a batch send answers: for each index that failed, the reason. */
export interface SendFailure {
  index: number;
  reason: string;
}

/** Sends a chunk in one call; answers the indices that the service refused. Rejects when the whole call failed. */
export type SendChunk<T> = (chunk: readonly T[]) => Promise<SendFailure[]>;
