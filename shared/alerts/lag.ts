import type { AlertEvent, AlertGroup } from './alert-group.ts';
import { type GroupWindow, isoTime, timeOf } from './group-window.ts';

/** Less is none: the sweep itself comes once a minute, and seconds that differ with each event would move the index with each. */
const LEAST_LAG = 60_000;

/**
 * How many milliseconds the events of a group are behind their arrival, by a slow clock or a late delivery; undefined for none.
 * By the latest time that the group knows: one event that comes late says nothing where others are on time.
 */
export function lagOf(before: AlertGroup | undefined, alert: AlertEvent): number | undefined {
  const { lastAt = '', toldAt = '' } = before?.episode ?? {};
  const latest = [lastAt, toldAt].reduce((one, other) => (one > other ? one : other), timeOf(alert));
  const lag = Math.max(before?.arrivedAt ?? 0, alert.arrivedAt) - Date.parse(latest);
  return lag < LEAST_LAG ? undefined : lag;
}

/** The window after one more event of its group: a backlog that is caught up holds nothing back. Moved by half or more alone. */
export function caughtUp(window: GroupWindow, group: AlertGroup, alert: AlertEvent): GroupWindow {
  const { lag: was, ...others } = window;
  if (was === undefined) return window;
  const lag = lagOf(group, alert);
  if (lag !== undefined && lag * 2 > was) return window;
  return lag === undefined ? others : { ...others, lag };
}

/** When the sweep's clock (ISO 8601) has reached a time of the window. */
export function sweptAt(window: GroupWindow, time: string): string {
  return isoTime(Date.parse(time) + shiftOf(window));
}

/** The time of the window (ISO 8601) that the sweep's clock has reached. */
export function timeAtSweep(window: GroupWindow, now: string): string {
  return isoTime(Date.parse(now) - shiftOf(window));
}

/** What waits for the end of a mute waits for an hour of the day, not for so long after its events. */
function shiftOf({ lag = 0, isMuted }: GroupWindow): number {
  return isMuted ? 0 : lag;
}
