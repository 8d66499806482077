import type { LogEvent } from '../events/event.ts';
import type { Fingerprint } from '../events/fingerprint.ts';
import type { Level } from '../events/levels.ts';
import {
  type Episode,
  episodeAt,
  goOn,
  inHiding,
  isEndTold,
  isFlapping,
  overAt,
  overAtSweep,
  repeatOf,
} from './episode.ts';
import {
  countIn,
  type GroupWindow,
  hasten,
  heldNoLonger,
  isoTime,
  moreSevere,
  noticeOf,
  openWindow,
  timeOf,
} from './group-window.ts';
import { isNews, withKnown } from './known-incidents.ts';
import { caughtUp, lagOf, sweptAt, timeAtSweep } from './lag.ts';
import type { Notice } from './notice.ts';
import { isFull, type Outbox, withNotice } from './pending.ts';
import { LEVEL_TOPIC, type Route, type RouteDecision } from './routing-tree.ts';

/**
 * The notices of one group on one route: of one fingerprint at one level unless the route groups otherwise. The first
 * event of a window is told at once; those that follow within it are counted, and told as one summary when the window
 * closes. Windows are decided on the times that events carry, so a replay decides the same; but no event is later than
 * its arrival, else one clock that runs hours ahead would open a window that silences its group for hours. What the sweep
 * decides by its own clock waits for as long as they are behind.
 */
export interface AlertGroup extends Outbox {
  fingerprint: Fingerprint;
  /** The most severe of the window. */
  level: Level;
  source: string;
  /** Name of the route; missing for the root. */
  route?: string;
  /** Events of this group, ever. */
  total: number;
  window: GroupWindow;
  /** Missing in a group of before there were any. */
  episode?: Episode;
  /** Milliseconds since 1970 at which the latest of its events arrived. */
  arrivedAt?: number;
  /** Hashes of the incidents and levels that it has held; missing where there can be only one. */
  known?: readonly number[];
}

export interface AlertEvent {
  event: LogEvent;
  fingerprint: Fingerprint;
  template: string;
  /** Milliseconds since 1970 at which the stream took it. */
  arrivedAt: number;
  way: RouteDecision;
}

export function evolve(group: AlertGroup | undefined, alert: AlertEvent): AlertGroup {
  const time = timeOf(alert);
  const before = group && settle(group, time);
  return before?.window.status === 'open' ? count(before, alert, time) : open(before, alert, time);
}

/**
 * The group after an event of it that is told to nobody, for a silence or an inhibition hides it: it goes on, and its end is told
 * to nobody either until an event is heard again, which is told of as of an incident that went on. The very same group when
 * nothing of that is new.
 */
export function hide(group: AlertGroup, hidden: Pick<AlertEvent, 'event' | 'arrivedAt'>): AlertGroup {
  const episode = group.episode && inHiding(group.episode, timeOf(hidden));
  return episode === group.episode ? group : { ...group, episode };
}

function count(group: AlertGroup, alert: AlertEvent, time: string): AlertGroup {
  const counted = countAsKnown(group, alert, time);
  if (!isNews(group.known, alert)) return tell(soonerForItsLevel(counted, alert), time);
  const { inStorm: _, ...episode } = counted.episode ?? {};
  const news: AlertGroup = {
    ...counted,
    window: hasten(counted.window, alert, group.episode?.toldAt),
    episode: counted.episode && (episode as Episode),
    known: withKnown(group.known, alert),
  };
  return settle(news, time);
}

/** Held back for the level that opened it, and no longer than for any that it holds: an hour of a critical one, not a day. */
function soonerForItsLevel(group: AlertGroup, alert: AlertEvent): AlertGroup {
  const { window, episode } = group;
  if (window.tellAt === undefined || episode?.toldAt === undefined || isFlapping(episode)) return group;
  const by = { toldAt: episode.toldAt, repeat: repeatOf(alert, false) };
  return { ...group, window: heldNoLonger(window, alert, by) };
}

function countAsKnown(group: AlertGroup, alert: AlertEvent, time: string): AlertGroup {
  return {
    ...group,
    level: moreSevere(alert.event.level, group.level),
    total: group.total + 1,
    arrivedAt: Math.max(group.arrivedAt ?? 0, alert.arrivedAt),
    window: caughtUp(countIn(group.window, alert), group, alert),
    episode: group.episode && goOn(group.episode, alert, time),
  };
}

function open(before: AlertGroup | undefined, alert: AlertEvent, openedAt: string): AlertGroup {
  const { event, fingerprint, way } = alert;
  const held = before?.episode?.isOver && isEndTold(before.episode) ? undefined : before?.known;
  const isNew = isNews(held, alert);
  const { episode, kind, heldUntil } = episodeAt(before, alert, { time: openedAt, isNew });
  const known = withKnown(held, alert);
  const group: AlertGroup = {
    ...before,
    fingerprint,
    level: event.level,
    source: event.source,
    ...propertiesOf(way.route),
    total: (before?.total ?? 0) + 1,
    arrivedAt: Math.max(before?.arrivedAt ?? 0, alert.arrivedAt),
    window: openWindow(alert, { openedAt, kind, heldUntil, isNew, lag: lagOf(before, alert) }),
    episode,
    pending: before?.pending ?? [],
    ...(known === undefined ? {} : { known }),
  };
  return tell(group, openedAt);
}

/** What a group keeps of its route: nothing for the root of those who configure none. */
function propertiesOf({ name, to }: Route): Pick<AlertGroup, 'route' | 'to'> {
  const isDefault = to.length === 1 && to[0] === LEVEL_TOPIC;
  return { route: name === '' ? undefined : name, to: isDefault ? undefined : to };
}

/**
 * What is due in a group by the time of an event (ISO 8601): a notice that was held back, the summary of a window that is
 * over, and that all is quiet again. The very same group when nothing is, or while as many notices wait as may.
 */
export function settle(group: AlertGroup, time: string): AlertGroup {
  return settleBy(group, { time, isOver: isOver(group, overAt, time) });
}

/** As `settle`, by the clock of the sweep (ISO 8601), which knows nothing of what is still under way. */
export function settleAtSweep(group: AlertGroup, now: string): AlertGroup {
  return settleBy(group, { time: timeAtSweep(group.window, now), isOver: isOver(group, overAtSweep, now) });
}

function settleBy(group: AlertGroup, { time, isOver }: { time: string; isOver: boolean }): AlertGroup {
  if (isOver && isHeldToItsEnd(group)) return end(group);
  const told = tell(group, time);
  const closed = told.window.closesAt <= time ? closeWindow(told) : told;
  return isOver && closed.window.status === 'closed' ? end(closed) : closed;
}

function tell(group: AlertGroup, now: string): AlertGroup {
  const { tellAt, kind, ...window } = group.window;
  if (tellAt === undefined || kind === undefined || tellAt > now || isFull(group)) return group;
  const told = { ...group, window: { ...window, told: window.count }, episode: toldAt(group.episode, tellAt) };
  return withNotice(told, noticeOf(group, window, kind));
}

function toldAt(episode: Episode | undefined, time: string): Episode | undefined {
  return episode && { ...episode, toldAt: time, isTold: true };
}

/**
 * Closes the window; if it held more than was told before, a summary with the exact count is due. Leaves it open while as
 * many notices wait as may.
 */
export function closeWindow(group: AlertGroup): AlertGroup {
  if (group.window.status === 'closed' || isFull(group)) return group;
  const { tellAt: _, kind: __, ...window } = group.window;
  const closed: AlertGroup = { ...group, window: { ...window, status: 'closed' } };
  if (!hasMore(group.window)) return closed;
  const told = { ...closed, episode: toldAt(group.episode, window.closesAt) };
  return withNotice(told, noticeOf(group, window, 'summary'));
}

function hasMore({ count: all, told, inStorm }: GroupWindow): boolean {
  return all > told && !inStorm;
}

function isOver({ episode, arrivedAt }: AlertGroup, when: typeof overAtSweep, now: string): boolean {
  return episode !== undefined && !episode.isOver && when(episode, arrivedAt) <= Date.parse(now);
}

/**
 * Whether the group is over before its repeat interval is: then its end tells of all that came since the last notice too.
 * Not of an incident that came back and was not told of since, nor of what is new: that is told when it is due.
 */
function isHeldToItsEnd({ window: { tellAt, hasNew }, episode }: AlertGroup): boolean {
  if (tellAt === undefined || hasNew || episode === undefined || !isEndTold(episode)) return false;
  return episode.isTold === true && overAt(episode) <= Date.parse(tellAt);
}

/** It was quiet for long enough. Whoever heard of more than one event hears that it is over. */
function end(group: AlertGroup): AlertGroup {
  if (isFull(group) || group.episode === undefined) return group;
  const { tellAt: _, kind: __, ...window } = group.window;
  const episode: Episode = { ...group.episode, isOver: true };
  const over: AlertGroup = { ...group, window: { ...window, status: 'closed' }, episode };
  if (!isEndTold(group.episode)) return over;
  const { count: all, since } = group.episode;
  return withNotice(over, noticeOf(group, { ...group.window, count: all, firstSeen: since }, 'resolved'));
}

/** When the sweep must look at the group although no event comes (ISO 8601). */
export function dueAt(group: AlertGroup): string | undefined {
  const { pending, givenUp, window, episode, arrivedAt } = group;
  if (pending.length > 0 || givenUp) return window.openedAt;
  if (window.tellAt !== undefined) return earlier(sweptAt(window, window.tellAt), heldEndOf(group));
  const closesAt = sweptAt(window, window.closesAt);
  if (window.status === 'open' && hasMore(window)) return closesAt;
  if (episode === undefined || episode.isOver || !isEndTold(episode)) return undefined;
  const over = overAtSweep(episode, arrivedAt);
  if (!Number.isFinite(over)) return undefined;
  return window.status === 'open' && closesAt > isoTime(over) ? closesAt : isoTime(over);
}

/** The end moves with each event of a group that is held: the index that names it shall not be written anew with each. */
const STEPS_OF_QUIET = 12;

/** When the end of a group that is held is looked for: up to a twelfth of its quiet late. */
function heldEndOf(group: AlertGroup): string | undefined {
  const { episode, arrivedAt } = group;
  if (episode === undefined || !isHeldToItsEnd(group)) return undefined;
  const step = (episode.quiet * 1_000) / STEPS_OF_QUIET;
  return isoTime(Math.ceil(overAtSweep(episode, arrivedAt) / step) * step);
}

function earlier(one: string, other: string | undefined): string {
  return other === undefined || one < other ? one : other;
}

/** One notice for the events of one group in one batch, when there is no state to decide by. */
export function ungroupedNotice(first: AlertEvent, others: readonly AlertEvent[]): Notice {
  const { event, fingerprint, way } = first;
  const opened = openWindow(first, { openedAt: timeOf(first), kind: 'first', heldUntil: 0 });
  const window = others.reduce(countIn, opened);
  const group = { fingerprint, level: event.level, source: event.source, route: propertiesOf(way.route).route };
  return noticeOf(group, window, 'first');
}
