import type { LogEvent } from '../events/event.ts';
import type { Fingerprint } from '../events/fingerprint.ts';
import type { Level } from '../events/levels.ts';
import { cutText } from '../events/limits.ts';
import { type Notice, titleOf } from './notice.ts';

/**
 * The notices of one fingerprint at one level. The first event of a window is told at once; those that follow within
 * it are counted, and told as one summary when the window closes. Windows are decided on the times that events carry,
 * so a replay decides the same; but no event is later than its arrival, else one clock that runs hours ahead would
 * open a window that silences its group for hours.
 */
export interface AlertGroup {
  fingerprint: Fingerprint;
  level: Level;
  source: string;
  /** Events of this group, ever. */
  total: number;
  window: GroupWindow;
  /** Notices that are decided and not yet known to be sent: the outbox. */
  pending: Notice[];
}

export interface GroupWindow {
  status: 'open' | 'closed';
  /** Id of the event that opened it. */
  openedBy: string;
  /** ISO 8601, UTC. */
  openedAt: string;
  closesAt: string;
  count: number;
  /** How many of them were told one by one: the event that opened it, or none. */
  told: number;
  firstSeen: string;
  lastSeen: string;
  title: string;
  sample: string;
}

/** How long a window lasts, in seconds, by level. */
export type WindowSeconds = Readonly<Record<Level, number>>;

export interface AlertEvent {
  event: LogEvent;
  fingerprint: Fingerprint;
  template: string;
  /** Milliseconds since 1970 at which the stream took it. */
  arrivedAt: number;
}

const SAMPLE_BYTES = 1_024;

/**
 * Notices of one group that may wait to be sent. While that many wait, its receivers are out of reach: a window stays
 * open and counts on, so that the item keeps its size, and its summary tells later what was not told one by one.
 */
const MAX_PENDING = 20;

export function groupKey({ fingerprint, event }: Pick<AlertEvent, 'event' | 'fingerprint'>): string {
  return `${fingerprint}#${event.level}`;
}

export function evolve(group: AlertGroup | undefined, alert: AlertEvent, windows: WindowSeconds): AlertGroup {
  const { event, fingerprint } = alert;
  const isFull = group !== undefined && group.pending.length >= MAX_PENDING;
  if (group && group.window.status === 'open' && (isFull || timeOf(alert) < group.window.closesAt)) {
    return { ...group, total: group.total + 1, window: countIn(group.window, event.time) };
  }
  const window = openWindow(alert, windows[event.level]);
  // The last window is summed up among what waits, so its count is closed; this one is told by its summary alone.
  if (isFull) return { ...group, total: group.total + 1, window: { ...window, told: 0 } };
  const closed = group && closeWindow(group);
  const base = { fingerprint, level: event.level, source: event.source };
  const notice = noticeOf(base, window, group ? 'repeat' : 'first');
  return { ...base, total: (closed?.total ?? 0) + 1, window, pending: [...(closed?.pending ?? []), notice] };
}

/** When the event happened, as far as windows go: not after it arrived. */
function timeOf({ event, arrivedAt }: AlertEvent): string {
  return new Date(Math.min(Date.parse(event.time), arrivedAt)).toISOString();
}

/**
 * Closes the window; if it held more than was told one by one, a summary with the exact count is due. Leaves it open
 * while as many notices wait as may.
 */
export function closeWindow(group: AlertGroup): AlertGroup {
  if (group.window.status === 'closed' || group.pending.length >= MAX_PENDING) return group;
  const window: GroupWindow = { ...group.window, status: 'closed' };
  const summary = window.count > window.told ? [noticeOf(group, window, 'summary')] : [];
  return { ...group, window, pending: [...group.pending, ...summary] };
}

export function clearSent(group: AlertGroup, sent: ReadonlySet<string>): AlertGroup {
  if (!group.pending.some(({ id }) => sent.has(id))) return group;
  return { ...group, pending: group.pending.filter(({ id }) => !sent.has(id)) };
}

/** When somebody must look at the group again although no event comes: to send what is pending, or to sum up. */
export function dueAt({ pending, window }: AlertGroup): string | undefined {
  if (pending.length > 0) return window.openedAt;
  return window.status === 'open' && window.count > window.told ? window.closesAt : undefined;
}

/** One notice for the events of one group in one batch, when there is no state to decide by. */
export function ungroupedNotice(first: AlertEvent, others: readonly AlertEvent[]): Notice {
  const { event, fingerprint } = first;
  const window = others.reduce((soFar, other) => countIn(soFar, other.event.time), openWindow(first, 0));
  return noticeOf({ fingerprint, level: event.level, source: event.source }, window, 'first');
}

function openWindow(alert: AlertEvent, seconds: number): GroupWindow {
  const { event, template } = alert;
  const openedAt = timeOf(alert);
  return {
    status: 'open',
    openedBy: event.id,
    openedAt,
    closesAt: new Date(Date.parse(openedAt) + seconds * 1000).toISOString(),
    count: 1,
    told: 1,
    firstSeen: event.time,
    lastSeen: event.time,
    title: titleOf(event.source, template),
    sample: cutText(event.message, SAMPLE_BYTES).text,
  };
}

function countIn(window: GroupWindow, time: string): GroupWindow {
  return {
    ...window,
    count: window.count + 1,
    firstSeen: time < window.firstSeen ? time : window.firstSeen,
    lastSeen: time > window.lastSeen ? time : window.lastSeen,
  };
}

function noticeOf(
  { fingerprint, level, source }: Pick<AlertGroup, 'fingerprint' | 'level' | 'source'>,
  window: GroupWindow,
  kind: Notice['kind'],
): Notice {
  const { openedBy, title, count, firstSeen, lastSeen, sample } = window;
  return { id: `${openedBy}/${kind}`, kind, level, source, fingerprint, title, count, firstSeen, lastSeen, sample };
}
