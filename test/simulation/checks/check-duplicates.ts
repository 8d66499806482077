import type { StreamRecord } from '../../../shared/stream/ports.ts';
import { type Reported, sequenceKey, type World } from '../world.ts';
import { recordTruth } from './oracle.ts';

/** Called when a consumer is invoked: how often it was given each id. */
export function noteHanded(world: World, consumer: string, records: readonly StreamRecord[]): void {
  const own = world.handed.get(consumer) ?? new Map<string, number>();
  world.handed.set(consumer, own);
  for (const id of idsOf(world, records)) own.set(id, (own.get(id) ?? 0) + 1);
}

/**
 * Called when a run reports: what its consumer was given once only is no duplicate, whoever else runs. Save where the answer to
 * a write is lost: the run finds its own ids in the group then, and takes them for another's.
 */
export function checkDuplicates(world: World, { outcome: { consumer, counts }, records }: Reported): void {
  if (counts.duplicates === 0 || world.chaos.active.has(5)) return;
  const handed = world.handed.get(consumer);
  const inBatch = new Map<string, number>();
  for (const id of idsOf(world, records)) inBatch.set(id, (inBatch.get(id) ?? 0) + 1);
  let most = 0;
  for (const [id, times] of inBatch) most += (handed?.get(id) ?? 0) > times ? times : times - 1;
  if (counts.duplicates > most) world.violate(`${consumer}: ${counts.duplicates} duplicates, ${most} came before`);
}

function idsOf(world: World, records: readonly StreamRecord[]): string[] {
  return records.flatMap((record) => {
    const accepted = world.bySequence.get(sequenceKey(record));
    return ((accepted && recordTruth(world, accepted)) ?? []).map(({ event }) => event.id);
  });
}
