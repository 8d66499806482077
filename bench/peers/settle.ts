import type { LogEvent } from '../../shared/events/event.ts';
import { LEVELS, type Level } from '../../shared/events/levels.ts';

/** What a batch comes to: every contender ends in one of these. */
export interface Settled {
  byLevel: Record<Level, number>;
  duplicates: number;
  /** Records that were set aside because they could not be understood. */
  poison: number;
}

export function nothingSettled(): Settled {
  return { byLevel: { critical: 0, error: 0, warning: 0, info: 0, debug: 0 }, duplicates: 0, poison: 0 };
}

export function addSettled(sum: Settled, other: Settled): Settled {
  for (const level of LEVELS) sum.byLevel[level] += other.byLevel[level];
  sum.duplicates += other.duplicates;
  sum.poison += other.poison;
  return sum;
}

/** Takes each event of a batch in once, by its id, into the list of its level. */
export class Routes {
  readonly #seen = new Set<string>();
  readonly #routes: Record<Level, LogEvent[]> = { critical: [], error: [], warning: [], info: [], debug: [] };
  #duplicates = 0;
  poison = 0;

  take(event: LogEvent): void {
    const before = this.#seen.size;
    this.#seen.add(event.id);
    if (this.#seen.size === before) this.#duplicates += 1;
    else this.#routes[event.level].push(event);
  }

  settled(): Settled {
    const { critical, error, warning, info, debug } = this.#routes;
    const byLevel = {
      critical: critical.length,
      error: error.length,
      warning: warning.length,
      info: info.length,
      debug: debug.length,
    };
    return { byLevel, duplicates: this.#duplicates, poison: this.poison };
  }
}
