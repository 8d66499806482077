import type { Clock } from '../../shared/stream/ports.ts';

export interface ManualClock extends Clock {
  /** Every pause that was asked for, in milliseconds, in order. */
  readonly pauses: number[];
  advance(milliseconds: number): void;
}

/** Time that passes only when told to, or when somebody sleeps. `random` answers 0.5, or what it is given in turn. */
export function manualClock(start = '2026-11-21T12:00:00.000Z', chances: readonly number[] = [0.5]): ManualClock {
  let time = Date.parse(start);
  let drawn = 0;
  const pauses: number[] = [];
  return {
    pauses,
    now: () => time,
    random: () => chances[drawn++ % chances.length] as number,
    sleep: async (milliseconds) => {
      pauses.push(milliseconds);
      time += milliseconds;
    },
    advance: (milliseconds) => {
      time += milliseconds;
    },
  };
}
