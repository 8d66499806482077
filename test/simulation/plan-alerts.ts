import type { StormSettings } from '../../shared/alerts/storm.ts';
import type { Span } from './chaos.ts';
import type { Random } from './random.ts';

/** How a run routes its notices. */
export interface AlertPlan {
  /** Critical events are told to a pager too, by source; and there are storms and a silence. */
  isRouted: boolean;
  storm: StormSettings;
  /** Of the pager. */
  groupWait: number;
  /** Undefined: as of all. */
  repeatInterval: number | undefined;
  /** When the pager takes nothing. */
  pagerDown: Span[];
  silence: PlannedSilence | undefined;
  /** A source whose events are as far behind all the time, in milliseconds. */
  late: { source: string; by: number } | undefined;
}

/** What an operator does, in events on the stream. Times in milliseconds since 1970. */
export interface PlannedSilence {
  id: string;
  source: string;
  at: number;
  from: number;
  to: number;
  /** When it is ended before its time. */
  endedAt: number | undefined;
}

const MINUTE = 60_000;
const ROUTED = 0.5;
const LATE = 0.3;

/** `isPlain`: the run is about one group alone. */
export function alertPlan(random: Random, { start, isPlain }: { start: number; isPlain: boolean }): AlertPlan {
  const isRouted = !isPlain && random.chance(ROUTED);
  const from = start + random.between(5, 60) * MINUTE;
  const to = from + random.between(5, 40) * MINUTE;
  return {
    isRouted,
    storm: isRouted
      ? { incidents: random.pick([2, 4, 1_000]), window: random.pick([60, 300]) }
      : { incidents: 0, window: 300 },
    groupWait: random.pick([0, 20, 90]),
    repeatInterval: random.pick([undefined, 600]),
    pagerDown: random.chance(0.5) ? [{ from: start + 15 * MINUTE, to: start + 75 * MINUTE }] : [],
    silence: isRouted
      ? {
          id: 'maintenance',
          source: 'billing',
          at: from - random.between(0, 5) * MINUTE,
          from,
          to,
          endedAt: random.chance(0.4) ? Math.round((from + to) / 2) : undefined,
        }
      : undefined,
    // Apart, so that older seeds stay what they were.
    late: lateOf(random.fork('late')),
  };
}

function lateOf(random: Random): AlertPlan['late'] {
  if (!random.chance(LATE)) return undefined;
  return { source: random.pick(['orders', 'billing', 'web']), by: random.pick([2, 35, 61, 300]) * MINUTE };
}
