import { eventIdHash } from '../../shared/events/event-id.ts';

const SLOTS = 1 << 19;
const FULL = SLOTS / 2;

/** The last quarter of a million ids and more, by their hashes: two tables of numbers, the older one emptied in turn. */
export class RecentIds {
  #young = new Float64Array(SLOTS);
  #old = new Float64Array(SLOTS);
  #taken = 0;

  /** Whether the id was there already; it is now. */
  isRepeat(id: string): boolean {
    // No hash is 0, which is an empty slot.
    const hash = eventIdHash(id) + 1;
    if (this.#old[slotOf(this.#old, hash)] === hash) return true;
    const slot = slotOf(this.#young, hash);
    if (this.#young[slot] === hash) return true;
    this.#young[slot] = hash;
    this.#taken += 1;
    if (this.#taken >= FULL) this.#turn();
    return false;
  }

  #turn(): void {
    [this.#young, this.#old] = [this.#old.fill(0), this.#young];
    this.#taken = 0;
  }
}

/** The slot that holds the hash, or the empty one where it belongs. */
function slotOf(table: Float64Array, hash: number): number {
  let slot = hash % SLOTS;
  while (table[slot] !== 0 && table[slot] !== hash) slot = (slot + 1) % SLOTS;
  return slot;
}
