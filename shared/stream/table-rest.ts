import { Fault } from './fault.ts';
import type { Clock, Table } from './ports.ts';

/** A call that failed after so long was not refused: it hung until its client gave up. */
const HANGS_MILLISECONDS = 4_000;
/** One call can hang by itself; so many in a row are an outage. */
const HANGS_IN_A_ROW = 2;
/** For so long the table is left alone, then one call tries it. */
const REST_MILLISECONDS = 30_000;

/**
 * A table that is not called for half a minute after calls to it hung, one after the other: each call is refused at once with
 * the fault `resting`. Without it a consumer that goes on while its tables hang waits ten seconds for every call: three
 * calls a batch, 30 seconds in which a shard takes 30,000 records, and a page comes later with every batch (simulation,
 * seed 1226). Kept between the invocations of a warm container. Each table rests by itself: a receipt must not go missing
 * because another table hangs, for what was written before has only its receipt (seed 1670).
 */
export function restingTable(table: Table, clock: Clock): Table {
  const rest = new Rest(clock);
  return {
    getMany: (keys) => rest.call(() => table.getMany(keys)),
    putVersioned: (item, expected) => rest.call(() => table.putVersioned(item, expected)),
    putMany: (items) => rest.call(() => table.putMany(items)),
    deleteMany: (keys) => rest.call(() => table.deleteMany(keys)),
    query: (query) => rest.call(() => table.query(query)),
  };
}

class Rest {
  readonly #clock: Clock;
  #hangs = 0;
  #lastHang = 0;
  #until = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async call<T>(call: () => Promise<T>): Promise<T> {
    const start = this.#clock.now();
    if (start < this.#until) throw new Fault('resting', 'the table did not answer a moment ago and is left alone');
    try {
      const answer = await call();
      this.#hangs = 0;
      return answer;
    } catch (fault) {
      if (isHang(fault) && this.#clock.now() - start >= HANGS_MILLISECONDS) this.#count(start);
      else this.#hangs = 0;
      throw fault;
    }
  }

  /** Calls that hung side by side are one hang. */
  #count(start: number): void {
    if (this.#hangs > 0 && start < this.#lastHang) return;
    this.#hangs++;
    this.#lastHang = this.#clock.now();
    // The count stays: after the rest one hang is enough for the next.
    if (this.#hangs >= HANGS_IN_A_ROW) this.#until = this.#lastHang + REST_MILLISECONDS;
  }
}

function isHang(fault: unknown): boolean {
  return fault instanceof Fault && fault.code === 'unavailable';
}
