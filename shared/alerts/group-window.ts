import { isAtLeast, type Level } from '../events/levels.ts';
import { cutText } from '../events/limits.ts';
import type { AlertEvent } from './alert-group.ts';
import { type Notice, titleOf } from './notice.ts';
import type { Route } from './routing-tree.ts';
import { mutedUntil } from './time-intervals.ts';

/** Times are ISO 8601, UTC. */
export interface GroupWindow {
  status: 'open' | 'closed';
  /** Id of the event that opened it. */
  openedBy: string;
  openedAt: string;
  closesAt: string;
  /** When it is to be told of; missing once it was, or when its summary alone tells of it. */
  tellAt?: string;
  /** As what it is told of. */
  kind?: 'first' | 'repeat';
  count: number;
  /** How many of them were told before its summary. */
  told: number;
  firstSeen: string;
  lastSeen: string;
  title: string;
  sample: string;
  /** The first incidents of it, where a group holds several. */
  incidents?: readonly NamedIncident[];
  /** Named in the notice of a storm, and told of by nothing else. */
  inStorm?: true;
  /** It holds what its group has not held before. */
  hasNew?: true;
  /** Something new joined it after it was opened. */
  hasJoined?: true;
  /** Milliseconds from its events to their arrival, when it is a minute or more: it is told and closed so much later. */
  lag?: number;
  /** Its route is silent when it would be told of or summed up. */
  isMuted?: true;
}

export interface NamedIncident {
  fingerprint: string;
  title: string;
}

const SAMPLE_BYTES = 1_024;
/** Incidents that a window names: its item shall stay small. */
const MOST_INCIDENTS = 10;

/** When the event happened, as far as windows go: not after it arrived. */
export function timeOf({ event, arrivedAt }: Pick<AlertEvent, 'event' | 'arrivedAt'>): string {
  return isoTime(Math.min(Date.parse(event.time), arrivedAt));
}

export interface Opening {
  openedAt: string;
  kind: 'first' | 'repeat';
  /** Milliseconds since 1970 before which it is not told of. */
  heldUntil: number;
  /** Whether its first event is new to the group. */
  isNew?: boolean;
  /** As the window keeps it. */
  lag?: number;
}

/** A window with its first event. Neither what tells of it nor what sums it up is due while its route is muted. */
export function openWindow(alert: AlertEvent, { openedAt, kind, heldUntil, isNew, lag }: Opening): GroupWindow {
  const { event, template, way } = alert;
  const start = Date.parse(openedAt);
  const wait = kind === 'first' ? way.route.groupWait * 1_000 : 0;
  const due = Math.max(start + wait, heldUntil);
  const tellAt = whenTold(way.route, due);
  const over = Math.max(start + wait + way.route.groupInterval[event.level] * 1_000, tellAt);
  const closesAt = whenTold(way.route, over);
  const title = titleOf(event.source, template);
  return {
    status: 'open',
    openedBy: event.id,
    openedAt,
    closesAt: isoTime(closesAt),
    tellAt: isoTime(tellAt),
    kind,
    count: 1,
    told: 0,
    firstSeen: event.time,
    lastSeen: event.time,
    title,
    sample: cutText(event.message, SAMPLE_BYTES).text,
    ...(holdsOneIncident(way.route) ? {} : { incidents: [{ fingerprint: alert.fingerprint, title }] }),
    ...(isNew ? { hasNew: true } : {}),
    ...(lag === undefined ? {} : { lag }),
    ...(tellAt > due || closesAt > over ? { isMuted: true } : {}),
  };
}

export function countIn(window: GroupWindow, alert: AlertEvent): GroupWindow {
  const { time } = alert.event;
  const counted: GroupWindow = {
    ...window,
    count: window.count + 1,
    firstSeen: time < window.firstSeen ? time : window.firstSeen,
    lastSeen: time > window.lastSeen ? time : window.lastSeen,
  };
  return window.incidents === undefined ? counted : nameIncident(counted, window.incidents, alert);
}

function nameIncident(window: GroupWindow, incidents: readonly NamedIncident[], alert: AlertEvent): GroupWindow {
  const { event, fingerprint, template } = alert;
  if (incidents.length >= MOST_INCIDENTS || incidents.some((one) => one.fingerprint === fingerprint)) return window;
  return { ...window, incidents: [...incidents, { fingerprint, title: titleOf(event.source, template) }] };
}

/**
 * The window after an event that is new to its group. What holds the window back does not hold that back: it is told at
 * once, or when the group was told `group_interval` ago, as in Alertmanager. `toldAt`: when the group was told last.
 */
export function hasten(window: GroupWindow, alert: AlertEvent, toldAt: string | undefined): GroupWindow {
  const { route } = alert.way;
  const at = Date.parse(timeOf(alert));
  const next = toldAt === undefined ? 0 : Date.parse(toldAt) + route.groupInterval[alert.event.level] * 1_000;
  const soon = (wait: number) => whenTold(route, Math.max(at + wait * 1_000, next));
  if (window.tellAt !== undefined) {
    const tellAt = soon(route.groupWait);
    const closesAt = tellAt + route.groupInterval[alert.event.level] * 1_000;
    return tellBy({ ...window, hasNew: true, hasJoined: true }, route, { tellAt, closesAt });
  }
  // No storm's notice names it: what was counted so far is told of there, and this is not.
  const { inStorm, ...own } = window;
  const told = inStorm ? { told: window.count - 1 } : {};
  return { ...own, ...told, hasNew: true, hasJoined: true, closesAt: earlier(window.closesAt, isoTime(soon(0))) };
}

/**
 * The window after an event whose level is told more often than the one that it was opened by, in a group of several levels.
 * `toldAt`: when the group was told last; `repeat`: seconds from then on.
 */
export function heldNoLonger(
  window: GroupWindow,
  alert: AlertEvent,
  { toldAt, repeat }: { toldAt: string; repeat: number },
): GroupWindow {
  const { event, way } = alert;
  const begins = Date.parse(window.openedAt) + (window.kind === 'first' ? way.route.groupWait * 1_000 : 0);
  const due = Math.max(begins, Date.parse(toldAt) + repeat * 1_000, Date.parse(timeOf(alert)));
  const tellAt = whenTold(way.route, due);
  return tellBy(window, way.route, { tellAt, closesAt: begins + way.route.groupInterval[event.level] * 1_000 });
}

/** The window told and closed at these times at the latest, in milliseconds since 1970. */
function tellBy(window: GroupWindow, route: Route, by: { tellAt: number; closesAt: number }): GroupWindow {
  const tellAt = isoTime(by.tellAt);
  if (window.tellAt === undefined || window.tellAt <= tellAt) return window;
  const closesAt = isoTime(whenTold(route, Math.max(by.closesAt, by.tellAt)));
  return { ...window, tellAt, closesAt: earlier(window.closesAt, closesAt) };
}

function earlier(one: string, other: string): string {
  return one < other ? one : other;
}

function holdsOneIncident({ groupBy }: Route): boolean {
  return groupBy.includes('fingerprint') || groupBy.includes('...');
}

/** The first moment from this one on at which the route may tell, in milliseconds since 1970. */
export function whenTold({ times }: Route, moment: number): number {
  return times ? mutedUntil(times, moment) : moment;
}

/** The times of a group are written again with every batch of it: to look one up takes 40 ns, to write it out 700. */
const writtenTimes = new Map<number, string>();
const MOST_WRITTEN = 4_096;

export function isoTime(milliseconds: number): string {
  const known = writtenTimes.get(milliseconds);
  if (known !== undefined) return known;
  const text = new Date(milliseconds).toISOString();
  if (writtenTimes.size >= MOST_WRITTEN) writtenTimes.clear();
  writtenTimes.set(milliseconds, text);
  return text;
}

export function moreSevere(one: Level, other: Level): Level {
  return isAtLeast(one, other) ? one : other;
}

/** A notice of a window, of a group with these properties. */
export function noticeOf(
  { fingerprint, level, source, route }: { fingerprint: string; level: Level; source: string; route?: string },
  window: GroupWindow,
  kind: Notice['kind'],
): Notice {
  const { openedBy, title, count, firstSeen, lastSeen, sample, incidents } = window;
  const id = `${openedBy}/${kind}${route === undefined ? '' : `@${route}`}`;
  const several = incidents === undefined || incidents.length < 2 ? {} : { incidents };
  return { id, kind, level, source, fingerprint, title, count, firstSeen, lastSeen, sample, ...several };
}
