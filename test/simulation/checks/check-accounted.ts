import { eventIdHash } from '../../../shared/events/event-id.ts';
import type { BatchResponse } from '../../../shared/stream/consume.ts';
import { sortedFromBytes } from '../../../shared/stream/hash-bytes.ts';
import type { Item, StreamRecord } from '../../../shared/stream/ports.ts';
import { deployedConsumers } from '../deployed.ts';
import { type Reported, sequenceKey, type World } from '../world.ts';
import { givenUp } from './oracle.ts';

/** Called when a table is written: what a receipt covers is done with. A run can die before it reports it. */
export function noteReceipts(world: World, items: readonly Item[], records: readonly StreamRecord[]): void {
  for (const { scope, sorted } of items) {
    const [kind, consumer = ''] = String(scope).split('#');
    if (kind !== 'receipt') continue;
    const hashes = new Set(sortedFromBytes(sorted as Uint8Array));
    noteDone(
      world,
      consumer,
      records.filter(({ sequenceNumber }) => hashes.has(eventIdHash(sequenceNumber))),
    );
  }
}

/**
 * Called when a run answers: what it reported is done with, save what failed. Which records failed it does not say, so of
 * such a batch the receipt counts; where the ledger took none, what lies before the lowest that failed, which does not come again.
 */
export function noteAnswer(
  world: World,
  { outcome, records }: Reported,
  { batchItemFailures: [lowest] }: BatchResponse,
): void {
  const isPartial = outcome.failures.length > 0;
  if (isPartial && outcome.withoutReceipt === undefined) return;
  const end = records.findIndex(({ sequenceNumber }) => sequenceNumber === lowest?.itemIdentifier);
  noteDone(world, outcome.consumer, isPartial ? records.slice(0, Math.max(0, end)) : records);
}

function noteDone({ done }: World, consumer: string, records: readonly StreamRecord[]): void {
  const own = done.get(consumer) ?? new Set();
  done.set(consumer, own);
  for (const record of records) own.add(sequenceKey(record));
}

/** Every record that the stream took is accounted for by everyone who reads it, or was given up with a count. */
export function checkAccounted(world: World): void {
  const readers = [...deployedConsumers(world.plan), ...(world.automation ? ['evaluate-rules'] : [])];
  for (const consumer of readers) {
    const done = world.done.get(consumer);
    const dropped = givenUp(world, consumer);
    const missing = [...world.bySequence.keys()].filter((key) => !(done?.has(key) || dropped.has(key)));
    if (missing.length === 0) continue;
    world.violate(`${consumer}: ${missing.length} records were never accounted for, such as ${missing[0]}`);
  }
}
