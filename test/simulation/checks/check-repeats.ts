import type { Item, StreamRecord } from '../../../shared/stream/ports.ts';
import { sequenceKey, type World } from '../world.ts';
import { silencedBy } from './check-routed.ts';
import { broughtBy, recordTruth, type TruthEvent } from './oracle.ts';

/** When an id was counted first. */
interface Counted {
  record: string;
  arrivedAt: number;
  /** Events that the group counted by then, itself included. */
  place: number;
}

interface GroupLog {
  total: number;
  newestArrival: number;
  counted: Map<string, Counted>;
}

/** Batches of one shard at the same time: a page of ids can be forgotten while a batch that is in it is still to come again. */
const OVERLAPS = [19, 23];

/** What the groups of a table have counted, and by group how many events counted again, as they may. */
export interface Repeats {
  groups: Map<string, GroupLog>;
  allowed: Map<string, number>;
}

/**
 * Called when a group is written: what it counts is held against the events that its batch has of that group. An event
 * that was counted before may count again only beyond the promise, more than `seenLimits.events` events of the group and
 * `seenLimits.milliseconds` of arrivals later, and as a retry of its producer. The same record may never, save where
 * batches of one shard overlap, or where its notices were sent while the ledger took no receipt (seed 6670), or showed none
 * (seed 3349).
 */
export function checkRepeats(world: World, { groups, allowed }: Repeats, written: WrittenGroup): void {
  const { group, item, isBlind = false } = written;
  const log = groups.get(group) ?? { total: 0, newestArrival: 0, counted: new Map() };
  groups.set(group, log);
  const total = (item.count ?? item.total) as number;
  // A group that was silent for so long that it expired begins anew.
  const added = total < log.total ? total : total - log.total;
  log.total = total;
  if (added === 0) return;
  const members = ownEvents(world, written);
  for (const { arrivedAt } of members) log.newestArrival = Math.max(log.newestArrival, arrivedAt);
  const fresh = members.filter(({ event }) => !log.counted.has(event.id));
  const again = Math.max(0, added - fresh.length);
  const mayRepeat = again > 0 ? repeatable(world, log, { members, isBlind }) : [];
  if (again > mayRepeat.length) {
    const first = members.find(({ event }) => log.counted.has(event.id));
    const [id, record, was] = [first?.event.id, first?.record, log.counted.get(first?.event.id ?? '')?.record];
    const what = `such as ${id} of ${record}, counted as ${was}`;
    world.violate(`group ${group}: counts ${again - mayRepeat.length} events again, ${what}`);
  }
  if (again > 0) allowed.set(group, (allowed.get(group) ?? 0) + Math.min(again, mayRepeat.length));
  // Where fewer were counted than are new, some were told without the table or hidden: which, only the run knew (seed 3349).
  const counted = fresh.length > added ? [] : [...fresh, ...mayRepeat.slice(0, again)];
  for (const [index, { event, record, arrivedAt }] of counted.entries()) {
    // Each in its own place: of a batch that is longer than the memory, the first are forgotten before the last (seed 475).
    log.counted.set(event.id, { record, arrivedAt, place: total - counted.length + 1 + index });
  }
}

export interface WrittenGroup {
  group: string;
  item: Item;
  /** Of all its events, where it has no others. */
  fingerprint?: string;
  batch: readonly StreamRecord[];
  /** Whether its run may have read no receipts, and have gone on without. */
  isBlind?: boolean;
  /** Whether an event is one of the group's. */
  belongs: (event: TruthEvent) => boolean;
}

/** The events of a batch that belong to the group, each id once. */
function ownEvents(world: World, { batch, belongs, fingerprint }: WrittenGroup): TruthEvent[] {
  const byId = new Map<string, TruthEvent>();
  const events =
    fingerprint === undefined
      ? batch.flatMap((record) => truthOfRecord(world, record))
      : broughtBy(world, batch, fingerprint).flatMap((brought) => brought.events);
  for (const truth of events) if (belongs(truth) && !byId.has(truth.event.id)) byId.set(truth.event.id, truth);
  return [...byId.values()];
}

function truthOfRecord(world: World, record: StreamRecord): readonly TruthEvent[] {
  const accepted = world.bySequence.get(sequenceKey(record));
  return (accepted && recordTruth(world, accepted)) ?? [];
}

/** A second mapping may not know of the silence yet that hid an event from this group before. */
function repeatable(
  world: World,
  log: GroupLog,
  { members, isBlind }: { members: readonly TruthEvent[]; isBlind: boolean },
): TruthEvent[] {
  const isSilent = silencedBy(world);
  return members.filter((member) => isSilent(member) || isBeyondPromise(world, log, { ...member, isBlind }));
}

function isBeyondPromise(
  { plan, chaos, withoutReceipt }: World,
  log: GroupLog,
  { event, record, isBlind }: TruthEvent & { isBlind: boolean },
): boolean {
  const first = log.counted.get(event.id);
  if (first === undefined) return false;
  const { events, milliseconds } = plan.seenLimits;
  const isFarBack = log.total - first.place >= events && log.newestArrival - first.arrivedAt > milliseconds;
  const mayComeAgain =
    first.record !== record ||
    isBlind ||
    withoutReceipt.has(record) ||
    OVERLAPS.some((fault) => chaos.active.has(fault));
  return isFarBack && mayComeAgain;
}
