import { alertGroupProjection, DUE_BUCKET, WAITING_BUCKET } from '../../shared/alerts/projection.ts';
import { SILENCE_BUCKET, SILENCE_GRACE_MILLISECONDS, SILENCE_KEY } from '../../shared/alerts/silence.ts';
import { STORM_KEY } from '../../shared/alerts/storm.ts';
import type { Clock, Table } from '../../shared/stream/ports.ts';
import { readItems } from '../../shared/stream/table-calls.ts';

/** `closeWindows` comes by each minute; what it should have looked at this long ago, it did not. */
const OVERDUE = 5 * 60_000;
const MOST_OVERDUE = 1_000;

/** Groups and storms that somebody should have been told about by now, and silences whose end. */
export async function countOverdue(alertGroups: Table, clock: Clock): Promise<number> {
  const dueIn = (partition: string, grace = 0) => {
    const to = new Date(clock.now() - OVERDUE - grace).toISOString();
    return alertGroups.query({ index: 'byDue', partition, to, limit: MOST_OVERDUE });
  };
  // The index holds keys alone.
  const due = (
    await Promise.all([dueIn(DUE_BUCKET), dueIn(WAITING_BUCKET), dueIn(SILENCE_BUCKET, SILENCE_GRACE_MILLISECONDS)])
  ).flat();
  const keys = due.map(({ group }) => ({ group: group as string }));
  const items = await readItems(alertGroups, keys, clock);
  const states = items.map((item) => {
    const isGroup = ![STORM_KEY, SILENCE_KEY].some((key) => String(item.group).startsWith(key));
    return (isGroup ? alertGroupProjection.fromItem(item, clock.now()) : undefined) ?? {};
  });
  return overdueIn(states, { now: clock.now(), overdue: OVERDUE }).length;
}

/** What of a group tells whether it is overdue; nothing of a storm or a silence. */
export interface DueState {
  arrivedAt?: number;
  window?: { lastSeen: string };
}

/**
 * Groups that were due so many milliseconds ago and that close-windows has passed over. When a group is due goes by the times
 * of its events: one whose events are of the past is due before it arrives, and counts when a minute could look at it.
 */
export function overdueIn<T extends DueState>(
  states: readonly T[],
  { now, overdue }: { now: number; overdue: number },
): T[] {
  return states.filter(({ arrivedAt, window }) => {
    if (arrivedAt === undefined || window === undefined || arrivedAt <= now - overdue) return true;
    const lastSeen = Date.parse(window.lastSeen);
    return arrivedAt - lastSeen < overdue;
  });
}
