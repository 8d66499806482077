import type { LogEvent } from '../events/event.ts';
import type { Fingerprint } from '../events/fingerprint.ts';
import type { Level } from '../events/levels.ts';
import { type Episode, episodeAt, goOn, overAt } from './episode.ts';
import { countIn, type GroupWindow, isoTime, moreSevere, noticeOf, openWindow, timeOf } from './group-window.ts';
import type { Notice } from './notice.ts';
import { isFull, type Outbox, withNotice } from './pending.ts';
import { LEVEL_TOPIC, type Route, type RouteDecision } from './routing-tree.ts';

/**
 * The notices of one group on one route: of one fingerprint at one level unless the route groups otherwise. The first
 * event of a window is told at once; those that follow within it are counted, and told as one summary when the window
 * closes. Windows are decided on the times that events carry, so a replay decides the same; but no event is later than
 * its arrival, else one clock that runs hours ahead would open a window that silences its group for hours.
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

function count(group: AlertGroup, alert: AlertEvent, time: string): AlertGroup {
  return {
    ...group,
    level: moreSevere(alert.event.level, group.level),
    total: group.total + 1,
    arrivedAt: Math.max(group.arrivedAt ?? 0, alert.arrivedAt),
    window: countIn(group.window, alert),
    episode: group.episode && goOn(group.episode, alert, time),
  };
}

function open(before: AlertGroup | undefined, alert: AlertEvent, openedAt: string): AlertGroup {
  const { event, fingerprint, way } = alert;
  const { episode, kind, heldUntil } = episodeAt(before, alert, openedAt);
  const group: AlertGroup = {
    ...before,
    fingerprint,
    level: event.level,
    source: event.source,
    ...propertiesOf(way.route),
    total: (before?.total ?? 0) + 1,
    arrivedAt: Math.max(before?.arrivedAt ?? 0, alert.arrivedAt),
    window: openWindow(alert, { openedAt, kind, heldUntil }),
    episode,
    pending: before?.pending ?? [],
  };
  return tell(group, openedAt);
}

/** What a group keeps of its route: nothing for the root of those who configure none. */
function propertiesOf({ name, to }: Route): Pick<AlertGroup, 'route' | 'to'> {
  const isDefault = to.length === 1 && to[0] === LEVEL_TOPIC;
  return { route: name === '' ? undefined : name, to: isDefault ? undefined : to };
}

/**
 * What is due in a group at a time (ISO 8601) by itself: a notice that was held back, the summary of a window that is
 * over, and that all is quiet again. The very same group when nothing is, or while as many notices wait as may.
 */
export function settle(group: AlertGroup, now: string): AlertGroup {
  const told = tell(group, now);
  const closed = told.window.closesAt <= now ? closeWindow(told) : told;
  return closed.window.status === 'closed' && isOver(closed, now) ? end(closed) : closed;
}

function tell(group: AlertGroup, now: string): AlertGroup {
  const { tellAt, kind, ...window } = group.window;
  if (tellAt === undefined || kind === undefined || tellAt > now || isFull(group)) return group;
  const told = { ...group, window: { ...window, told: window.count }, episode: toldAt(group.episode, tellAt) };
  return withNotice(told, noticeOf(group, window, kind));
}

function toldAt(episode: Episode | undefined, time: string): Episode | undefined {
  return episode && { ...episode, toldAt: time };
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

function isOver({ episode }: AlertGroup, now: string): boolean {
  return episode !== undefined && !episode.isOver && overAt(episode) <= Date.parse(now);
}

/** It was quiet for long enough. Whoever heard of more than one event hears that it is over. */
function end(group: AlertGroup): AlertGroup {
  if (isFull(group) || group.episode === undefined) return group;
  const over: AlertGroup = { ...group, episode: { ...group.episode, isOver: true } };
  if (!isEndTold(group.episode)) return over;
  const { count: all, since } = group.episode;
  return withNotice(over, noticeOf(group, { ...group.window, count: all, firstSeen: since }, 'resolved'));
}

function isEndTold({ count: all, toldAt: at, isOver: over, inStorm }: Episode): boolean {
  return all > 1 && at !== undefined && !over && !inStorm;
}

/** When somebody must look at the group again although no event comes (ISO 8601). */
export function dueAt({ pending, givenUp, window, episode }: AlertGroup): string | undefined {
  if (pending.length > 0 || givenUp) return window.openedAt;
  if (window.tellAt !== undefined) return window.tellAt;
  if (window.status === 'open' && hasMore(window)) return window.closesAt;
  if (episode === undefined || !isEndTold(episode) || episode.quiet === 0) return undefined;
  const over = isoTime(overAt(episode));
  return window.status === 'open' && window.closesAt > over ? window.closesAt : over;
}

/** One notice for the events of one group in one batch, when there is no state to decide by. */
export function ungroupedNotice(first: AlertEvent, others: readonly AlertEvent[]): Notice {
  const { event, fingerprint, way } = first;
  const opened = openWindow(first, { openedAt: timeOf(first), kind: 'first', heldUntil: 0 });
  const window = others.reduce(countIn, opened);
  const group = { fingerprint, level: event.level, source: event.source, route: propertiesOf(way.route).route };
  return noticeOf(group, window, 'first');
}
