import { eventIdSequence, type RandomBytes } from '../shared/events/event-id.ts';

export interface Stamp {
  /** Milliseconds since 1970. */
  time: number;
  /** UUIDv7 of the same millisecond. */
  id: string;
}

/**
 * A burst moves its stamps this far ahead of the clock at most, so 60,000 events of one moment have stamps of their own;
 * those beyond share a millisecond and are told apart, and ordered, by their ids.
 */
export const MAX_AHEAD_MILLISECONDS = 60_000;

/** A maker of stamps that only ever go up, each a millisecond of its own, also when the clock stands or goes back. */
export function stampSequence(now: () => number, random: RandomBytes): () => Stamp {
  const newId = eventIdSequence(random);
  let last = 0;
  return () => {
    const clock = Math.floor(now());
    if (clock > last) last = clock;
    else if (last - clock < MAX_AHEAD_MILLISECONDS) last++;
    return { time: last, id: newId(last) };
  };
}

const MILLISECONDS = Array.from({ length: 1_000 }, (_, milliseconds) => `${String(milliseconds).padStart(3, '0')}Z`);

let lastSecond = -1;
let secondText = '';

/** ISO 8601 of milliseconds since 1970, UTC. Events come many to a second, so its text is kept. */
export function isoTime(milliseconds: number): string {
  const second = Math.floor(milliseconds / 1_000);
  if (second !== lastSecond) {
    secondText = new Date(second * 1_000).toISOString().slice(0, 20);
    lastSecond = second;
  }
  return secondText + MILLISECONDS[milliseconds - second * 1_000];
}
