import type { StreamRecord } from '../../shared/stream/ports.ts';
import { isForgotten } from './checks/is-forgotten.ts';
import type { MappingOptions } from './models/event-source-mapping.ts';
import { sequenceKey, type World } from './world.ts';

type Invoke = MappingOptions['invoke'];

/** Counts the faults that show themselves in what is handed over: to one consumer, by all versions of its mapping. */
export class Strikes {
  readonly #world: World;
  /** By record: when it was handed over first, and by which versions. */
  readonly #seen = new Map<string, { at: number; versions: Set<string> }>();

  constructor(world: World) {
    this.#world = world;
  }

  /** The invocation of one version of the mapping, with its strikes counted. */
  counted(version: string, invoke: Invoke): Invoke {
    const busy = new Map<string, number>();
    const { log, planned } = this.#world.chaos;
    return (records, settle) => {
      const shard = records[0]?.shardId ?? '';
      const running = busy.get(shard) ?? 0;
      if (running > 0 && planned.has(19)) log.hit(19);
      busy.set(shard, running + 1);
      this.#countRepeats(version, records);
      countPoison(this.#world, records);
      invoke(records, (outcome) => {
        busy.set(shard, (busy.get(shard) ?? 1) - 1);
        settle(outcome);
      });
    };
  }

  /** Records that a second version hands over too, and such as the replay brings. */
  #countRepeats(version: string, records: readonly StreamRecord[]): void {
    const { chaos, plan, scheduler } = this.#world;
    const { replayAt = Number.POSITIVE_INFINITY, secondMapping } = plan;
    if (!plan.replayAt && !secondMapping) return;
    for (const record of records) {
      const key = sequenceKey(record);
      const seen = this.#seen.get(key) ?? { at: scheduler.now, versions: new Set([version]) };
      this.#seen.set(key, seen);
      if (!seen.versions.has(version)) chaos.log.hit(23);
      seen.versions.add(version);
      const isReplayed = seen.at < replayAt && scheduler.now >= replayAt;
      if (isReplayed && isForgotten(this.#world, record)) chaos.log.hit(27);
    }
  }
}

function countPoison({ bySequence, chaos }: World, records: readonly StreamRecord[]): void {
  const isPoison = (record: StreamRecord) => 'rejected' in (bySequence.get(sequenceKey(record))?.parcel.truth ?? {});
  const places = records.flatMap((record, place) => (isPoison(record) ? [place] : []));
  if (places.length > 1) chaos.hit(9);
  if (places.length === records.length) return;
  for (const place of places) chaos.hit(8, place === 0 ? 'first' : place === records.length - 1 ? 'last' : 'middle');
}
