import { keeperOfPoison } from '../deployed.ts';
import { type Reported, sequenceKey, type World } from '../world.ts';

/**
 * Called when a run reports: what its keeper counts as quarantined lies in the bucket by then, be the batch whole or not.
 * A receipt says so for ever, and nobody looks again.
 */
export function checkKept(world: World, { outcome, records }: Reported): void {
  if (outcome.consumer !== keeperOfPoison(world.plan)) return;
  const { bySequence, bucket } = world;
  const kept = records.filter(({ shardId, sequenceNumber }) => bucket.quarantined.has(`${shardId}-${sequenceNumber}`));
  const poison = kept.filter((record) => 'rejected' in (bySequence.get(sequenceKey(record))?.parcel.truth ?? {}));
  const { quarantined } = outcome.counts;
  if (quarantined > poison.length)
    world.violate(`${outcome.consumer}: ${quarantined} quarantined, ${poison.length} of them kept`);
}
