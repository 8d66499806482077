/** What of a group tells whether it is overdue; nothing of a storm. */
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
