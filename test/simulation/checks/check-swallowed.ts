import type { Notice } from '../../../shared/alerts/notice.ts';
import type { Delivered } from '../models/model-topics.ts';
import type { World } from '../world.ts';
import type { TruthEvent } from './oracle.ts';
import { toldBy } from './told-counts.ts';

type Telling = Pick<Delivered, 'notice' | 'at'>;

/** Whether a notice was told without the table. What the table decided is saved before it is sent. */
export function isWithoutTable({ pending }: World): (telling: Telling) => boolean {
  return ({ notice: { id, count }, at }) => {
    const decided = pending.get(id);
    return decided === undefined || decided.notice.count !== count || decided.at > at;
  };
}

/**
 * The notices of an urgent group tell of as many events as came, or of more: what was told without the table may have been
 * counted there all the same.
 */
export function checkSwallowed(
  world: World,
  { group, members, tellings }: { group: string; members: readonly TruthEvent[]; tellings: readonly Telling[] },
): void {
  if (!members.every(({ isError }) => isError)) return;
  // A replay opens windows again under the ids that they had (seed 3015).
  const { replayAt = Number.POSITIVE_INFINITY } = world.plan;
  const spells = [tellings.filter(({ at }) => at < replayAt), tellings.filter(({ at }) => at >= replayAt)];
  const most = spells.reduce((sum, spell) => sum + mostTold(world, spell), 0);
  if (most < members.length) {
    world.violate(`group ${group}: notices tell of ${most} events at most, ${members.length} came`);
  }
}

function mostTold(world: World, tellings: readonly Telling[]): number {
  const isUngrouped = isWithoutTable(world);
  const grouped = new Map<string, Notice>();
  const ungrouped = new Map<string, number>();
  for (const telling of tellings) {
    const { notice } = telling;
    // One that comes again as it was tells of nothing more.
    if (isUngrouped(telling)) ungrouped.set(JSON.stringify(notice), notice.count);
    else grouped.set(notice.id, notice);
  }
  return [...ungrouped.values()].reduce((sum, count) => sum + count, toldBy(grouped.values()).most);
}
