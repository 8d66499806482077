import { eventIdHash } from '../events/event-id.ts';
import type { Level } from '../events/levels.ts';
import type { AlertEvent, AlertGroup } from './alert-group.ts';
import { isoTime, moreSevere, type NamedIncident, timeOf, whenTold } from './group-window.ts';
import { type Notice, stormFingerprint, titleOf } from './notice.ts';
import { isFull, type Outbox, withNotice } from './pending.ts';
import { bucketOf } from './projection.ts';

export interface StormSettings {
  /** Incidents that a source may open in a window before their notices become one; 0: no storms. */
  incidents: number;
  /** Seconds. */
  window: number;
}

/**
 * The incidents that one source opens on one route. The first of a window are told one by one. One more, and it is a
 * storm: that is told at once, and when the window closes one notice names all that were not told by themselves.
 */
export interface Storm extends Outbox {
  source: string;
  route?: string;
  level: Level;
  /** Id of the event that opened the window. Times are ISO 8601, UTC. */
  openedBy: string;
  openedAt: string;
  closesAt: string;
  firstSeen: string;
  lastSeen: string;
  /** Incidents opened in the window. */
  count: number;
  /** Hashes of the events that opened those which are told one by one. */
  told: readonly number[];
  isStorm: boolean;
  /** Those that are still to be named, and how many are only counted: they were named before, or the others are enough. */
  named: readonly NamedIncident[];
  unnamed: number;
  /** Notices that named some of them already. */
  parts: number;
  /** Milliseconds since 1970 at which the latest of its events arrived; missing in an item of before it was kept. */
  arrivedAt?: number;
  /** The window before this one. */
  before?: Pick<Storm, 'openedAt' | 'closesAt' | 'told' | 'isStorm'>;
  /** Hashes of the events whose incidents were left to the storm's notices since the item was read. Never stored. */
  justNamed?: readonly number[];
}

/** An event that opened an incident. */
export interface Opening extends AlertEvent {
  kind: 'first' | 'repeat';
  settings: StormSettings;
}

/** Incidents in one notice: some 12 KB. */
const MOST_NAMED = 100;

export function evolveStorm(state: Storm | undefined, opening: Opening): Storm {
  const time = timeOf(opening);
  const before = state && settleStorm(state, time);
  const storm = before && time < before.closesAt ? before : openStorm(before, opening, time);
  const counted: Storm = {
    ...storm,
    count: storm.count + 1,
    level: moreSevere(opening.event.level, storm.level),
    to: opening.way.route.to,
    arrivedAt: Math.max(state?.arrivedAt ?? 0, opening.arrivedAt),
    firstSeen: opening.event.time < storm.firstSeen ? opening.event.time : storm.firstSeen,
    lastSeen: opening.event.time > storm.lastSeen ? opening.event.time : storm.lastSeen,
  };
  if (counted.count <= opening.settings.incidents) {
    return { ...counted, told: [...counted.told, eventIdHash(opening.event.id)] };
  }
  const justNamed = [...(storm.justNamed ?? []), eventIdHash(opening.event.id)];
  const named = name({ ...counted, isStorm: true, justNamed }, opening);
  // While the route is silent it counts on: when the window closes all is told.
  if (whenTold(opening.way.route, Date.parse(time)) > Date.parse(time)) return named;
  const told = named.named.length < MOST_NAMED ? named : tellNames(named);
  return storm.isStorm || isFull(told) ? told : withNotice(told, beginning(named, opening));
}

function openStorm(before: Storm | undefined, opening: Opening, openedAt: string): Storm {
  const { event, way, settings } = opening;
  const closesAt = whenTold(way.route, Date.parse(openedAt) + settings.window * 1_000);
  return {
    source: event.source,
    ...(way.route.name === '' ? {} : { route: way.route.name }),
    to: way.route.to,
    level: event.level,
    openedBy: event.id,
    openedAt,
    closesAt: isoTime(closesAt),
    firstSeen: event.time,
    lastSeen: event.time,
    count: 0,
    told: [],
    isStorm: false,
    named: [],
    unnamed: 0,
    parts: 0,
    pending: before?.pending ?? [],
    ...(before?.givenUp === undefined ? {} : { givenUp: before.givenUp }),
    ...(before === undefined ? {} : { before: windowOf(before), justNamed: before.justNamed, ...untoldOf(before) }),
  };
}

/** What of a window that is over could not be told, for as many notices wait as may: the next one tells of it. */
function untoldOf({ named, unnamed, level, firstSeen, lastSeen }: Storm): Partial<Storm> {
  return named.length + unnamed === 0 ? {} : { named, unnamed, level, firstSeen, lastSeen };
}

function windowOf({ openedAt, closesAt, told, isStorm }: Storm): Storm['before'] {
  return { openedAt, closesAt, told, isStorm };
}

function name(storm: Storm, { kind, event, fingerprint, template }: Opening): Storm {
  if (kind === 'repeat' || storm.named.length >= MOST_NAMED) return { ...storm, unnamed: storm.unnamed + 1 };
  const incident = { fingerprint, title: titleOf(event.source, template) };
  return { ...storm, named: [...storm.named, incident] };
}

/** Names what there is to name, and begins anew. The very same storm while as many notices wait as may. */
function tellNames(storm: Storm): Storm {
  if (isFull(storm)) return storm;
  const part = storm.parts + 1;
  const count = storm.named.length + storm.unnamed;
  const notice: Notice = {
    ...base(storm),
    id: `${storm.openedBy}/summary@${storm.route ?? ''}#storm-${part}`,
    kind: 'summary',
    title: titleOf(storm.source, `storm, ${count} more incidents`),
    count,
    incidents: storm.named,
    sample:
      storm.unnamed === 0 ? '' : `${storm.unnamed} of them are not named: they were named before, or are too many.`,
  };
  return withNotice({ ...storm, named: [], unnamed: 0, parts: part }, notice);
}

function beginning(storm: Storm, { fingerprint, event, template, settings }: Opening): Notice {
  return {
    ...base(storm),
    id: `${event.id}/first@${storm.route ?? ''}#storm`,
    kind: 'first',
    title: titleOf(storm.source, `storm, more than ${settings.incidents} incidents within ${settings.window} seconds`),
    count: storm.count,
    incidents: [{ fingerprint, title: titleOf(event.source, template) }],
    sample: `From here on its incidents are named together: next at ${storm.closesAt}.`,
  };
}

function base({ source, level, firstSeen, lastSeen }: Storm) {
  return { source, level, firstSeen, lastSeen, fingerprint: stormFingerprint(source) };
}

/** What is due by itself: when the window closes, the notice that names its incidents. The very same storm when nothing is. */
export function settleStorm(storm: Storm, now: string): Storm {
  return storm.closesAt <= now && storm.named.length + storm.unnamed > 0 ? tellNames(storm) : storm;
}

/**
 * Whether the opening that this event made is told by the storm's notices alone. Of an event that comes again its window is
 * known by its time: where that is gone, or the event came late, it is told by itself as well, rather than by nobody.
 */
export function isInStorm(storm: Storm, opening: Pick<AlertEvent, 'event' | 'arrivedAt'>): boolean {
  const hash = eventIdHash(opening.event.id);
  if (storm.justNamed?.includes(hash)) return true;
  const windows = [storm, ...(storm.before ? [storm.before] : [])];
  if (windows.some(({ told }) => told.includes(hash))) return false;
  const time = timeOf(opening);
  return windows.some(({ openedAt, closesAt, isStorm }) => isStorm && time >= openedAt && time < closesAt);
}

/** When the window of the storm ends in which an opening is (ISO 8601). */
export function stormEnd(
  { openedAt, closesAt, before }: Storm,
  opening: Pick<AlertEvent, 'event' | 'arrivedAt'>,
): string {
  return before !== undefined && timeOf(opening) < openedAt ? before.closesAt : closesAt;
}

/** The event that opened a group's window, and the end of the storm (ISO 8601) that tells of it. */
export interface InStorm {
  openedBy: string;
  until: string;
}

/**
 * The group without the notice of its window: the storm tells of it. What comes after the storm is counted in a window of
 * its own, however long this one was held back.
 */
export function intoStorm(group: AlertGroup, { openedBy, until }: InStorm): AlertGroup {
  if (group.window.openedBy !== openedBy || group.window.inStorm || holdsMore(group, until)) return group;
  const { tellAt, kind: _, ...window } = group.window;
  const closesAt = tellAt !== undefined && until < window.closesAt ? until : window.closesAt;
  const toldAt = tellAt === undefined ? {} : { toldAt: window.openedAt, isTold: true as const };
  return {
    ...group,
    pending: group.pending.filter(({ id, kind }) => !isOpening(kind) || !id.startsWith(`${openedBy}/`)),
    window: { ...window, closesAt, inStorm: true },
    episode: group.episode && { ...group.episode, ...toldAt, inStorm: true },
  };
}

/** More than the storm names, or later than it: told by itself as well, rather than by nobody. */
function holdsMore({ window: { incidents = [], hasJoined, lastSeen } }: AlertGroup, until: string): boolean {
  return incidents.length > 1 || hasJoined === true || lastSeen >= until;
}

function isOpening(kind: Notice['kind']): boolean {
  return kind === 'first' || kind === 'repeat';
}

/** The group told by itself again: its storm is over. */
export function outOfStorm(group: AlertGroup): AlertGroup {
  if (!group.episode?.inStorm) return group;
  const { inStorm: _, ...episode } = group.episode;
  return { ...group, episode };
}

/** The opening that a group has to tell of, now or when it is held back no longer, and that a storm may tell of instead. */
export function openingOf({ window, episode, pending }: AlertGroup): 'first' | 'repeat' | undefined {
  const notice = pending.find(({ id, kind }) => isOpening(kind) && id.startsWith(`${window.openedBy}/`));
  const kind = notice?.kind ?? (window.tellAt === undefined ? undefined : window.kind);
  if (kind === 'first') return 'first';
  return kind === 'repeat' && episode?.inStorm ? 'repeat' : undefined;
}

export const STORM_KEY = 'storm#';
const FORGET_AFTER_SECONDS = 86_400;
/** What waits is kept as long as that of a group: it is given up, and counted, before that. */
const FORGET_WAITING_AFTER_SECONDS = 30 * 86_400;

export function stormKey({ event, way }: AlertEvent): string {
  const source = event.source.length <= 200 ? event.source : eventIdHash(event.source).toString(36);
  return `${STORM_KEY}${way.route.name}#${source}`;
}

/** Storms stand in the alert-groups table. */
export const stormProjection = {
  name: 'storms',
  keyOf: (group: string) => ({ group }),
  evolve: evolveStorm,
  toItem: ({ justNamed: _, ...storm }: Storm): Record<string, unknown> => {
    const due = stormDueAt(storm);
    const kept = due === undefined ? FORGET_AFTER_SECONDS : FORGET_WAITING_AFTER_SECONDS;
    return {
      ...storm,
      expiry: Math.floor(stormDecidedAt(storm) / 1_000) + kept,
      ...(due === undefined
        ? {}
        : { due_bucket: bucketOf(storm), due_at: `${due}#${STORM_KEY}${storm.route ?? ''}#${storm.openedBy}` }),
    };
  },
  fromItem: (item: Record<string, unknown>, now: number): Storm | undefined => {
    const { due_bucket: _, due_at: __, version: ___, seen: ____, group: _____, expiry, ...storm } = item;
    return (expiry as number) * 1000 < now ? undefined : (storm as unknown as Storm);
  },
};

/** The latest at which one of its notices can have been decided, in milliseconds since 1970. */
export function stormDecidedAt({ arrivedAt = 0, closesAt }: Storm): number {
  return Math.max(arrivedAt, Date.parse(closesAt));
}

/** When somebody must look at the storm although no event comes (ISO 8601). */
export function stormDueAt({ pending, givenUp, openedAt, closesAt, named, unnamed }: Storm): string | undefined {
  if (pending.length > 0 || givenUp) return openedAt;
  return named.length + unnamed > 0 ? closesAt : undefined;
}
