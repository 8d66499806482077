import type { StreamRecord } from '../../../shared/stream/ports.ts';
import type { SequenceNumber } from '../../../shared/stream/sequence-number.ts';
import type { World } from '../world.ts';
import { broughtBy } from './oracle.ts';

/** What of a fingerprint had its effect already. */
export interface Applied {
  ids: Set<string>;
  /** The latest by shard, or by shard and partition key. */
  latest: Map<string, SequenceNumber>;
}

/** Faults that bring records out of order: what they do to an order is no fault of the product's. */
const DISORDER = [20, 21, 23, 27];
/** Then batches of one shard run at the same time, each of its own partition keys: the mapping keeps the order by key. */
const BY_KEY = 19;

/**
 * Called when an incident is written: what is new in it must be later in its shard, or of its partition key, than all that
 * was there. That order is what the mapping keeps; the product must not fold a later one first.
 */
export function checkOrder(world: World, batch: readonly StreamRecord[], fingerprint: string): void {
  const applied = world.applied.get(fingerprint) ?? { ids: new Set<string>(), latest: new Map() };
  world.applied.set(fingerprint, applied);
  const before = new Map(applied.latest);
  for (const { record, events } of broughtBy(world, batch, fingerprint)) {
    const fresh = events.filter(({ event }) => !applied.ids.has(event.id));
    if (fresh.length === 0) continue;
    for (const { event } of fresh) applied.ids.add(event.id);
    const line = lineOf(world, record);
    applied.latest.set(line, record.sequenceNumber);
    const last = before.get(line);
    if (last === undefined || BigInt(record.sequenceNumber) >= BigInt(last)) continue;
    world.inversions++;
    if (DISORDER.every((fault) => !world.chaos.active.has(fault))) {
      world.violate(`incident ${fingerprint}: ${record.sequenceNumber} took effect after ${last}`);
    }
  }
}

/** What a record stands in line with. */
function lineOf({ chaos }: World, { shardId, partitionKey }: StreamRecord): string {
  return chaos.active.has(BY_KEY) ? `${shardId} ${partitionKey}` : shardId;
}
