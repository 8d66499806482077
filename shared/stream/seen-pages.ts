import { hashesFromDoubles, sortedFromBytes, sortedToBytes } from './hash-bytes.ts';
import type { Clock, Item, Table } from './ports.ts';
import type { Page, PageContents, PageReference } from './seen.ts';
import { deleteItems, putItems, readItems } from './table-calls.ts';

/** Hashes kept in memory by one consumer: 8 bytes each, so 32 MB. That is 10 minutes of 6,600 events a second. */
const CACHED_HASHES = 4_000_000;

/**
 * A page is kept for 60 days after its newest event, so that groups which are forgotten leave nothing behind. Nobody
 * retries an event after that. A page that is named although it is older counts as forgotten.
 */
const KEPT_DAYS = 60;
const DAY_MILLISECONDS = 86_400_000;

/** The sealed pages of all groups of a projection, in the ledger table. Pages never change, so one read is enough. */
export class SeenPages {
  readonly #ledger: Table;
  readonly #clock: Clock;
  readonly #cache = new Map<string, readonly number[]>();
  #cached = 0;

  constructor(ledger: Table, clock: Clock) {
    this.#ledger = ledger;
    this.#clock = clock;
  }

  /**
   * These pages of a group, by id. Undefined when one is not there: another writer has forgotten or merged it since the
   * group was read. Rejects when a page cannot be read: a fold must not guess.
   */
  async read(scope: string, references: readonly PageReference[]): Promise<PageContents | undefined> {
    const missing = references.filter(({ id }) => !this.#cache.has(cacheKey(scope, id)));
    const items = await readItems(
      this.#ledger,
      missing.map(({ id }) => ({ scope, entry: id })),
      this.#clock,
    );
    const read = new Map(items.map((item) => [item.entry as string, hashesOf(item)]));
    const contents = new Map<string, readonly number[]>();
    for (const { id, newestArrival } of references) {
      const hashes = read.get(id) ?? this.#cache.get(cacheKey(scope, id));
      const isPast = this.#clock.now() - newestArrival > KEPT_DAYS * DAY_MILLISECONDS;
      if (hashes === undefined && !isPast) return undefined;
      if (hashes !== undefined) {
        contents.set(id, hashes);
        this.#keep(scope, id, hashes);
      }
    }
    return contents;
  }

  async write(scope: string, pages: readonly Page[]): Promise<void> {
    // A day more than is ever asked for, in the seconds that a table's time to live wants.
    const expiry = Math.ceil((this.#clock.now() + (KEPT_DAYS + 1) * DAY_MILLISECONDS) / 1000);
    const items = pages.map(({ id, hashes }) => ({ scope, entry: id, sorted: sortedToBytes(hashes), expiry }));
    await putItems(this.#ledger, items, this.#clock);
    for (const { id, hashes } of pages) this.#keep(scope, id, hashes);
  }

  /** Best effort: a page that stays costs storage, and harms nothing. */
  async forget(scope: string, references: readonly PageReference[]): Promise<void> {
    for (const { id } of references) this.#drop(cacheKey(scope, id));
    await deleteItems(
      this.#ledger,
      references.map(({ id }) => ({ scope, entry: id })),
    ).catch(() => undefined);
  }

  #keep(scope: string, id: string, hashes: readonly number[]): void {
    const key = cacheKey(scope, id);
    this.#drop(key);
    this.#cache.set(key, hashes);
    this.#cached += hashes.length;
    for (const oldest of this.#cache.keys()) {
      if (this.#cached <= CACHED_HASHES || oldest === key) break;
      this.#drop(oldest);
    }
  }

  #drop(key: string): void {
    this.#cached -= this.#cache.get(key)?.length ?? 0;
    this.#cache.delete(key);
  }
}

/** Pages of the first deployments are doubles. */
function hashesOf({ sorted, ids }: Item): number[] {
  return sorted === undefined ? hashesFromDoubles(ids as Uint8Array) : sortedFromBytes(sorted as Uint8Array);
}

function cacheKey(scope: string, id: string): string {
  return `${scope}\u0000${id}`;
}
