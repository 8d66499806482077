import type { Span } from './chaos.ts';
import type { Plan } from './plan.ts';
import type { Random } from './random.ts';

const MINUTE = 60_000;

export type Has = (fault: number) => boolean;

/** The topics do not come back together: the last one after the tables, which may be down too. */
export function oneTopicOf({
  random,
  has,
  start,
}: {
  random: Random;
  has: Has;
  start: number;
}): Plan['oneTopicDenied'] {
  // Critical events are rare: a batch that has one most often has others too, which their topics take.
  const level = random.pick(['critical', 'critical', 'error'] as const);
  return { level, spans: has(46) ? [{ from: start + 50 * MINUTE, to: start + 80 * MINUTE }] : [] };
}

/** What is down, and when. */
export function spellsOf(has: Has, start: number) {
  const minutes = (from: number, to: number): Span => ({ from: start + from * MINUTE, to: start + to * MINUTE });
  const when = (fault: number, span: Span) => (has(fault) ? [span] : []);
  const reshards = [
    { at: start + 15 * MINUTE, kind: 'split' as const },
    { at: start + 30 * MINUTE, kind: 'split' as const },
    { at: start + 45 * MINUTE, kind: 'merge' as const },
  ];
  return {
    tablesDown: when(45, minutes(15, 75)),
    topicsDenied: when(46, minutes(15, 50)),
    destinationDown: when(17, minutes(60, 120)),
    firehoseDown: when(55, minutes(15, 75)),
    quarantineDown: when(56, minutes(20, 80)),
    throttled: [...when(18, minutes(15, 75)), ...when(15, minutes(20, 110))],
    paused: when(22, minutes(20, 80)),
    reshards: has(21) ? reshards : [],
  };
}
