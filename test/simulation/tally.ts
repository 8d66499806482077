import type { StreamRecord } from '../../shared/stream/ports.ts';
import type { ConsumerName } from './deployed.ts';
import { isHostile } from './input/hostile-input.ts';
import type { ModelFunction } from './models/model-function.ts';
import type { World } from './world.ts';

export type ConsumerFunctions = ReadonlyMap<ConsumerName, ModelFunction<readonly StreamRecord[]>>;

/** Numbers of a run that are published as they are. */
export interface Tally {
  /** 1 for a run without the archive. */
  withoutArchive: number;
  events: number;
  /** Of them: in records that are poison, odd or of a size near a limit. */
  hostile: number;
  records: number;
  milliseconds: number;
  steps: number;
  batches: number;
  invocations: number;
  throttled: number;
  zombies: number;
  conflicts: number;
  /** Events that took effect in an incident; of them, such as came after a later one of their shard. */
  effects: number;
  inversions: number;
  notices: number;
  distinctNotices: number;
  archiveRows: number;
  distinctRows: number;
  conversionErrors: number;
  quarantined: number;
  kept: number;
  lostWithCount: number;
  countedAgain: number;
}

export const NO_TALLY: Readonly<Tally> = {
  withoutArchive: 0,
  events: 0,
  hostile: 0,
  records: 0,
  milliseconds: 0,
  steps: 0,
  batches: 0,
  invocations: 0,
  throttled: 0,
  zombies: 0,
  conflicts: 0,
  effects: 0,
  inversions: 0,
  notices: 0,
  distinctNotices: 0,
  archiveRows: 0,
  distinctRows: 0,
  conversionErrors: 0,
  quarantined: 0,
  kept: 0,
  lostWithCount: 0,
  countedAgain: 0,
};

export function tally(world: World, functions: ConsumerFunctions): Tally {
  const sum = (name: 'batches' | 'throttled') =>
    world.mappings.reduce((total, { metrics }) => total + metrics[name], 0);
  const partsOf = ({ parcel: { truth } }: World['accepted'][number]) => ('parts' in truth ? truth.parts.length : 1);
  const eventsOf = (accepted: World['accepted']) => accepted.reduce((total, each) => total + partsOf(each), 0);
  return {
    withoutArchive: world.plan.hasArchive ? 0 : 1,
    events: eventsOf(world.accepted),
    hostile: eventsOf(world.accepted.filter(({ parcel }) => isHostile(parcel.kind))),
    records: world.accepted.length,
    milliseconds: world.scheduler.elapsed,
    steps: world.scheduler.steps,
    batches: sum('batches'),
    invocations: [...functions.values()].reduce((total, { invocations }) => total + invocations, 0),
    throttled: sum('throttled'),
    zombies: world.zombies,
    conflicts: world.conflicts,
    effects: [...world.applied.values()].reduce((sum, { ids }) => sum + ids.size, 0),
    inversions: world.inversions,
    notices: world.topics.delivered.length,
    distinctNotices: new Set(world.topics.delivered.map(({ notice }) => notice.id)).size,
    archiveRows: world.firehose.rows.length,
    distinctRows: new Set(world.firehose.rows.map(({ row }) => row.id)).size,
    conversionErrors: world.firehose.errors.length,
    quarantined: world.bucket.quarantined.size,
    kept: world.destination.kept.length,
    lostWithCount: world.destination.lost.length,
    countedAgain: [...world.repeats.incidents.allowed.values()].reduce((sum, count) => sum + count, 0),
  };
}

export function addTallies(a: Readonly<Tally>, b: Readonly<Tally>): Tally {
  const names = Object.keys(NO_TALLY) as (keyof Tally)[];
  return Object.fromEntries(names.map((name) => [name, a[name] + b[name]])) as unknown as Tally;
}
