import { Fault } from './fault.ts';
import type { Clock, Table } from './ports.ts';

/** A call that failed after so long was not refused: it hung until its client gave up. */
const HANGS_MILLISECONDS = 4_000;
/** One call can hang by itself; so many in a row are an outage. */
const HANGS_IN_A_ROW = 2;
/** For so long the tables are left alone, then one call tries them. */
const REST_MILLISECONDS = 30_000;

/**
 * Tables that are not called for half a minute after calls to them hung, twice in a row: each call is refused at once with
 * the fault `resting`. Without it a consumer that goes on while its tables hang waits ten seconds for every call: three
 * calls a batch, 30 seconds in which a shard takes 30,000 records, and a page comes later with every batch (simulation,
 * seed 1226). Kept between the invocations of a warm container.
 */
export class TableRest {
  readonly #clock: Clock;
  #hangs = 0;
  #until = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The table, guarded. Tables that one instance guards rest together. */
  guard(table: Table): Table {
    return {
      getMany: (keys) => this.#call(() => table.getMany(keys)),
      putVersioned: (item, expected) => this.#call(() => table.putVersioned(item, expected)),
      putMany: (items) => this.#call(() => table.putMany(items)),
      deleteMany: (keys) => this.#call(() => table.deleteMany(keys)),
      query: (query) => this.#call(() => table.query(query)),
    };
  }

  async #call<T>(call: () => Promise<T>): Promise<T> {
    const start = this.#clock.now();
    if (start < this.#until) throw new Fault('resting', 'the tables did not answer a moment ago and are left alone');
    try {
      const answer = await call();
      this.#hangs = 0;
      return answer;
    } catch (fault) {
      const now = this.#clock.now();
      this.#hangs = isHang(fault) && now - start >= HANGS_MILLISECONDS ? this.#hangs + 1 : 0;
      // The count stays: after the rest one hang is enough for the next.
      if (this.#hangs >= HANGS_IN_A_ROW) this.#until = now + REST_MILLISECONDS;
      throw fault;
    }
  }
}

function isHang(fault: unknown): boolean {
  return fault instanceof Fault && fault.code === 'unavailable';
}
