import type { Notice } from '../../../shared/alerts/notice.ts';

/** Events that notices tell of. */
export interface Told {
  least: number;
  most: number;
}

/**
 * What the windows of a group tell of together: each is told once, then summed up. One that was held back until all was over
 * is told by its end alone, which counts everything since the incident began: that one holds one event of these, or more.
 */
export function toldBy(notices: Iterable<Notice>): Told {
  const windows = new Map<string, number>();
  const ends = new Map<string, number>();
  for (const { id, kind, count } of notices) {
    const openedBy = id.slice(0, id.lastIndexOf('/'));
    if (kind === 'resolved') ends.set(openedBy, count);
    else if (kind === 'summary' || !windows.has(openedBy)) windows.set(openedBy, count);
  }
  const told = [...windows.values()].reduce((sum, count) => sum + count, 0);
  const held = [...ends].filter(([openedBy]) => !windows.has(openedBy));
  return { least: told + held.length, most: told + held.reduce((sum, [, count]) => sum + count - 1, 0) };
}
