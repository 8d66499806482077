import { isOwnSource } from '../../shared/alerts/known-incidents.ts';
import { stormKey } from '../../shared/alerts/storm.ts';
import type { Level } from '../../shared/events/levels.ts';
import type { RoutedEvent } from './tell-ungrouped.ts';

/** Groups at info and debug that one source may have on one route in a batch: fifty times as many as make a storm. */
export const MOST_QUIET_GROUPS = 1_000;

const QUIET: ReadonlySet<Level> = new Set(['info', 'debug']);

/**
 * The ways of each event, without those into one quiet group too many. What a source says at info and debug in more kinds than
 * anybody reads in the seconds of a batch is told to nobody: a group costs some four write units, and a million events of
 * 100,000 kinds cost $1.37 with all, $0.55 with these (bench scale). Those that come first are kept, so the frequent ones most often.
 */
export function withoutFlood(ways: readonly RoutedEvent[][], most = MOST_QUIET_GROUPS): RoutedEvent[][] {
  const groups = new Map<string, Set<string>>();
  const isKept = (routed: RoutedEvent) => {
    const { event, way } = routed;
    if (!QUIET.has(event.level) || isOwnSource(event.source)) return true;
    const key = stormKey(routed);
    const own = groups.get(key) ?? new Set();
    groups.set(key, own);
    if (own.size < most) own.add(way.group);
    return own.has(way.group);
  };
  return ways.map((ofEvent) => ofEvent.filter(isKept));
}
