import pMap from 'p-map';
import { eventIdHash } from '../events/event-id.ts';
import { backoffMilliseconds, withRetry } from './backoff.ts';
import { failRecords } from './fail-records.ts';
import { Fault } from './fault.ts';
import type { Clock, Item, ItemKey, Table } from './ports.ts';
import type { ArrivedEvent } from './read-batch.ts';
import { type PageContents, remember, type Seen, type SeenLimits } from './seen.ts';
import { seenFromItem, seenToItem } from './seen-item.ts';
import type { SeenPages } from './seen-pages.ts';
import { readItems } from './table-calls.ts';

/** A table folded from events: how one group of events becomes one item. All functions are pure. */
export interface Projection<State, Event extends ArrivedEvent = ArrivedEvent> {
  name: string;
  keyOf(group: string): ItemKey;
  evolve(state: State | undefined, event: Event): State;
  /** The item without key, version and seen ids. */
  toItem(state: State): Item;
  /** `undefined` for an item that counts as gone, such as one past its expiry that still lingers. */
  fromItem(item: Item, now: number): State | undefined;
}

/** The events of one group in one batch, in order. */
export interface EventGroup<Event extends ArrivedEvent = ArrivedEvent> {
  group: string;
  events: Event[];
}

export type Folded<State, Event extends ArrivedEvent = ArrivedEvent> = EventGroup<Event> &
  (({ status: 'folded' } & GroupFold<State, Event>) | { status: 'failed'; fault: unknown });

interface GroupFold<State, Event> {
  state: State | undefined;
  /** As it is stored now. */
  item: Item | undefined;
  fresh: Event[];
}

export interface FoldPorts<State, Event extends ArrivedEvent> {
  table: Table;
  pages: SeenPages;
  clock: Clock;
  /** Milliseconds since 1970 after which no new group is begun. */
  deadline: number;
  limits?: SeenLimits;
  /** Called with the events that are new, before the group is written: for effects that are keyed by the event. */
  beforeWrite?: (step: { group: string; before: State | undefined; state: State; fresh: Event[] }) => Promise<void>;
}

/** Groups written at a time. A group is one read and one write of some milliseconds each. */
const CONCURRENCY = 16;
/** Writers of one group are as many as shards hold it, so conflicts end soon. */
const FOLD_ATTEMPTS = 12;

/**
 * Folds each group's new events into its item: one read for all groups, one conditional write for each that changed.
 * A write that conflicts is folded again from what the other writer left; ids that it folded already are not counted
 * again. So an event has one effect however often it comes, and an answer that was lost needs no special case.
 */
export async function foldGroups<State, Event extends ArrivedEvent>(
  projection: Projection<State, NoInfer<Event>>,
  groups: readonly EventGroup<Event>[],
  ports: FoldPorts<State, NoInfer<Event>>,
): Promise<Folded<State, Event>[]> {
  if (groups.length === 0) return [];
  const keys = groups.map(({ group }) => projection.keyOf(group));
  let items: Item[];
  try {
    items = await readItems(ports.table, keys, ports.clock);
  } catch (fault) {
    return groups.map((group) => ({ ...group, status: 'failed', fault }));
  }
  const found = new Map(items.map((item) => [keyText(item, keys[0] as ItemKey), item]));
  const fold = async (group: EventGroup<Event>): Promise<Folded<State, Event>> => {
    try {
      const key = projection.keyOf(group.group);
      return {
        ...group,
        status: 'folded',
        ...(await foldGroup(projection, group, found.get(keyText(key, key)), ports)),
      };
    } catch (fault) {
      return { ...group, status: 'failed', fault };
    }
  };
  return pMap(groups, fold, { concurrency: CONCURRENCY });
}

function foldGroup<State, Event extends ArrivedEvent>(
  projection: Projection<State, Event>,
  { group, events }: EventGroup<Event>,
  first: Item | undefined,
  ports: FoldPorts<State, Event>,
): Promise<GroupFold<State, Event>> {
  const { table, pages, clock, deadline, limits } = ports;
  const key = projection.keyOf(group);
  const scope = `seen#${projection.name}#${group}`;
  return untilWritten({ table, clock, key, first }, async (item) => {
    if (clock.now() >= deadline) throw new Fault('out-of-time', 'the invocation is about to end');
    const version = (item?.version as number | undefined) ?? 0;
    const before = item && projection.fromItem(item, clock.now());
    const seen = seenFromItem(item?.seen);
    const known = await freshEvents(events, seen, () => pages.read(scope, seen.pages));
    if (known === undefined) return 'conflict';
    const { fresh, contents, needed } = known;
    if (fresh.length === 0) return { state: before, item, fresh };
    const state = fresh.reduce<State | undefined>((soFar, event) => projection.evolve(soFar, event), before) as State;
    await ports.beforeWrite?.({ group, before, state, fresh });
    const next = remember(seen, newlySeen(fresh, version + 1), { contents, needed, limits });
    await pages.write(scope, next.sealed);
    const written = { ...projection.toItem(state), ...key, version: version + 1, seen: seenToItem(next.seen) };
    if ((await withRetry(() => table.putVersioned(written, version), clock)) === 'conflict') return 'conflict';
    await pages.forget(scope, next.forgotten);
    return { state, item: written, fresh };
  });
}

/** Tries a change against the item as read; while another writer is faster, reads it again and tries anew. */
async function untilWritten<T>(
  { table, clock, key, first }: { table: Table; clock: Clock; key: ItemKey; first: Item | undefined },
  change: (item: Item | undefined) => Promise<T | 'conflict'>,
): Promise<T> {
  let item = first;
  for (let attempt = 0; attempt < FOLD_ATTEMPTS; attempt++) {
    const result = await change(item);
    if (result !== 'conflict') return result;
    await clock.sleep(backoffMilliseconds(attempt, clock));
    [item] = await readItems(table, [key], clock);
  }
  throw new Fault('contended', `a group was written by others ${FOLD_ATTEMPTS} times in a row`);
}

/**
 * Events whose id the group has not folded, each id once, in order, with the pages that were looked at, and those that knew
 * some: they are read only when the item cannot tell. Undefined when a page has gone since the item was read.
 */
async function freshEvents<Event extends ArrivedEvent>(
  events: readonly Event[],
  seen: Seen,
  readPages: () => Promise<PageContents | undefined>,
): Promise<{ fresh: Event[]; contents: PageContents; needed: ReadonlySet<string> } | undefined> {
  const known = new Set(seen.open.hashes);
  const candidates = new Map<number, Event>();
  for (const event of events) {
    const hash = eventIdHash(event.event.id);
    if (!known.has(hash) && !candidates.has(hash)) candidates.set(hash, event);
  }
  const contents = candidates.size > 0 && seen.pages.length > 0 ? await readPages() : new Map<string, number[]>();
  if (contents === undefined) return undefined;
  const isKnown = (hashes: readonly number[]) => hashes.filter((hash) => candidates.delete(hash)).length > 0;
  const needed = new Set([...contents].filter(([, hashes]) => isKnown(hashes)).map(([id]) => id));
  return { fresh: [...candidates.values()], contents, needed };
}

function newlySeen(fresh: readonly ArrivedEvent[], version: number) {
  return {
    hashes: fresh.map(({ event }) => eventIdHash(event.id)),
    newestArrival: fresh.reduce((newest, { arrivedAt }) => Math.max(newest, arrivedAt), 0),
    shardId: (fresh[0] as ArrivedEvent).shardId,
    version,
  };
}

/**
 * Changes a group by something other than an event: a window that closes, a notice that was sent. `change` answers
 * the same state when there is nothing to do. Answers the item as stored.
 */
export async function updateGroup<State>(
  projection: Pick<Projection<State>, 'keyOf' | 'toItem' | 'fromItem'>,
  group: string,
  { item: first, change }: { item: Item | undefined; change: (state: State) => State },
  { table, clock }: { table: Table; clock: Clock },
): Promise<{ item: Item; state: State } | undefined> {
  const key = projection.keyOf(group);
  return untilWritten({ table, clock, key, first }, async (item) => {
    const before = item && projection.fromItem(item, clock.now());
    if (item === undefined || before === undefined) return undefined;
    const state = change(before);
    if (state === before) return { item, state };
    const version = item.version as number;
    const written: Item = { ...projection.toItem(state), ...key, version: version + 1, seen: item.seen };
    const outcome = await withRetry(() => table.putVersioned(written, version), clock);
    return outcome === 'conflict' ? 'conflict' : { item: written, state };
  });
}

function keyText(item: Item, key: ItemKey): string {
  return Object.keys(key)
    .map((name) => String(item[name]))
    .join('\u0000');
}

/** Gathers events by group, in order of each group's first event. */
export function groupEvents<Event extends ArrivedEvent>(
  events: readonly Event[],
  groupOf: (event: Event) => string,
): EventGroup<Event>[] {
  const groups = new Map<string, Event[]>();
  for (const event of events) {
    const group = groupOf(event);
    const members = groups.get(group);
    if (members) members.push(event);
    else groups.set(group, [event]);
  }
  return [...groups].map(([group, members]) => ({ group, events: members }));
}

/** What the groups of a batch say of its events: those that were known already, and the records that must come again. */
export function settleGroups(folded: readonly Folded<unknown>[]): {
  failed: Map<number, string>;
  duplicates: Set<number>;
} {
  const failed = new Map<number, string>();
  const duplicates = new Set<number>();
  for (const group of folded) {
    if (group.status === 'failed') failRecords(failed, group.events, group.fault);
    else {
      const fresh = new Set(group.fresh.map(({ index }) => index));
      for (const { index } of group.events) if (!fresh.has(index)) duplicates.add(index);
    }
  }
  return { failed, duplicates };
}
