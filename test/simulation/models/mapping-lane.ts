import type { StreamRecord } from '../../../shared/stream/ports.ts';
import { textHash } from '../random.ts';
import type { Shard } from './model-stream.ts';

/** A batch that is or was handed over, with what is known of its tries. */
export interface Work {
  records: StreamRecord[];
  /** Tries that counted against the retries. */
  attempts: number;
  lastFailure?: number;
  /** Whether the last try had an effect that nobody heard of. */
  wasLost?: boolean;
}

/** One of the batches of a shard that run at a time: one by default, up to ten by parallelization factor. */
export interface Lane {
  shard: Shard;
  index: number;
  /** Lanes of the shard. */
  of: number;
  /** Index of the first record of the shard that no batch has taken. */
  cursor: number;
  /** What is to be handed over before anything new, in this order. */
  queue: Work[];
  isBusy: boolean;
  /** After a failure: no try before. */
  restsUntil: number;
  /** When the lane is looked at next. */
  pokedFor: number | undefined;
}

/** Where a mapping begins to read. */
export type StartsAt = 'trim horizon' | 'latest' | { timestamp: number };

/** The index of the first record of a shard that is read. */
export function startOf({ records }: Shard, startsAt: StartsAt): number {
  if (startsAt === 'trim horizon') return 0;
  if (startsAt === 'latest') return records.length;
  const first = records.findIndex(({ arrivedAt }) => arrivedAt >= startsAt.timestamp);
  return first < 0 ? records.length : first;
}

/** All records of a partition key are of one lane: order is kept by key only. */
export function laneOf(partitionKey: string, lanes: number): number {
  return lanes === 1 ? 0 : textHash(partitionKey) % lanes;
}

export function isOfLane({ of, index }: Lane, { partitionKey }: StreamRecord): boolean {
  return laneOf(partitionKey, of) === index;
}

/** Whether nothing of the lane is under way or waits. */
export function isDone(lane: Lane): boolean {
  return !(lane.isBusy || waits(lane, Number.POSITIVE_INFINITY));
}

/** Whether a record is under way or waits that arrived before a time. */
export function waits(lane: Lane, before: number): boolean {
  const isOld = ({ arrivedAt }: StreamRecord) => arrivedAt < before;
  if (lane.queue.some(({ records }) => records.some(isOld))) return true;
  const { records } = lane.shard;
  for (let at = lane.cursor; at < records.length; at++) {
    const record = records[at] as StreamRecord;
    if (isOld(record) && isOfLane(lane, record)) return true;
  }
  return false;
}
