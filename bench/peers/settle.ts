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

/**
 * The ids of one batch. The same for everyone, and quick: a Set of texts takes a sixth of a small event's JSON.parse, which
 * would hide what differs.
 */
class BatchIds {
  #slots = new Int32Array(512);
  readonly #ids: string[] = [];

  /** Whether the id is new; it is in the set now. */
  add(id: string): boolean {
    const slot = this.#slotOf(id);
    if (this.#slots[slot] !== 0) return false;
    this.#slots[slot] = this.#ids.push(id);
    if (this.#ids.length * 2 > this.#slots.length) this.#grow();
    return true;
  }

  /** Where the id is, or belongs. */
  #slotOf(id: string): number {
    const slots = this.#slots;
    let hash = 0;
    for (let at = Math.max(0, id.length - 8); at < id.length; at++)
      hash = (Math.imul(hash, 31) + id.charCodeAt(at)) | 0;
    let slot = (hash >>> 0) % slots.length;
    while (slots[slot] !== 0 && this.#ids[(slots[slot] as number) - 1] !== id) slot = (slot + 1) % slots.length;
    return slot;
  }

  #grow(): void {
    this.#slots = new Int32Array(this.#slots.length * 4);
    for (const [index, id] of this.#ids.entries()) this.#slots[this.#slotOf(id)] = index + 1;
  }
}

/** Takes each event of a batch in once, by its id, into the list of its level. */
export class Routes {
  readonly #seen = new BatchIds();
  readonly #routes: Record<Level, LogEvent[]> = { critical: [], error: [], warning: [], info: [], debug: [] };
  #duplicates = 0;
  poison = 0;

  take(event: LogEvent): void {
    if (this.#seen.add(event.id)) this.#routes[event.level].push(event);
    else this.#duplicates += 1;
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
