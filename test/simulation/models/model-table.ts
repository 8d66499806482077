import { Fault } from '../../../shared/stream/fault.ts';
import type { Item, ItemKey, Table } from '../../../shared/stream/ports.ts';
import { copyItem, itemBytes } from './table-item.ts';

export interface ModelTableOptions {
  /** Keys of the table (`''`) and its indexes. */
  keys: Readonly<Record<string, { partition: string; sort?: string }>>;
  /** Bytes of an item at most. Default 400 KB. */
  itemBytes?: number;
  /** Told of an item that fills a good part of what an item may. */
  onLarge?: () => void;
  /** Told of each write that is applied; `after` is undefined for a delete. */
  onWrite?: (before: Item | undefined, after: Item | undefined) => void;
}

/** Source: FACTS.md, "DynamoDB: item 400 KB". */
export const MAX_ITEM_BYTES = 400 * 1024;

interface Stored {
  item: Item;
  sort: string;
}

/**
 * A table in memory that answers as DynamoDB does (FACTS.md, "SNS, DynamoDB, CloudWatch, SES"): conditions, item size,
 * sparse indexes. Items are copied in and out: nobody shares an object with it. It knows no failure; the simulation
 * puts those between it and its caller (`function-instance.ts`).
 */
export class ModelTable implements Table {
  readonly #partitions = new Map<string, Stored[]>();
  /** Indexes as they were asked for since the last write: the schedule asks each minute. */
  readonly #sorted = new Map<string, Stored[]>();
  readonly #known = new Map<string, boolean>();
  readonly #keys: ModelTableOptions['keys'];
  readonly #options: ModelTableOptions;
  readonly #own: { partition: string; sort?: string };

  constructor(options: ModelTableOptions) {
    this.#keys = options.keys;
    this.#options = options;
    this.#own = options.keys[''] ?? { partition: '' };
  }

  async getMany(keys: ItemKey[]) {
    return this.readMany(keys);
  }

  async putVersioned(item: Item, expected: number) {
    return this.writeVersioned(item, expected);
  }

  async putMany(items: Item[]) {
    checkWrites(items);
    for (const item of items) this.write(item);
    return { unwritten: [] as Item[] };
  }

  async deleteMany(keys: ItemKey[]) {
    checkWrites(keys);
    for (const key of keys) this.remove(key);
    return { undeleted: [] as ItemKey[] };
  }

  async query(query: Parameters<Table['query']>[0]) {
    return this.find(query);
  }

  readMany(keys: readonly ItemKey[]): { items: Item[]; unread: ItemKey[] } {
    if (new Set(keys.map((key) => Object.values(key).join('\u0000'))).size < keys.length) {
      throw new Fault('invalid', 'expected keys that differ, got duplicates');
    }
    if (keys.length > 100) throw new Fault('invalid', `expected at most 100 keys, got ${keys.length}`);
    return { items: keys.flatMap((key) => this.#stored(key) ?? []).map(({ item }) => copyItem(item)), unread: [] };
  }

  writeVersioned(item: Item, expected: number): 'written' | 'conflict' {
    const stored = this.#stored(item)?.item;
    if (expected === 0 ? stored !== undefined : stored?.version !== expected) return 'conflict';
    this.write(item);
    return 'written';
  }

  write(item: Item): void {
    const limit = this.#options.itemBytes ?? MAX_ITEM_BYTES;
    const bytes = itemBytes(item);
    if (bytes > limit) throw new Fault('invalid', `an item of ${bytes} bytes, at most ${limit} are taken`);
    if (bytes > limit * 0.3) this.#options.onLarge?.();
    const rows = this.#partition(item) ?? [];
    if (rows.length === 0) this.#partitions.set(String(item[this.#own.partition]), rows);
    const sort = this.#sortOf(item);
    const at = lowerBound(rows, sort);
    const before = rows[at]?.sort === sort ? rows[at]?.item : undefined;
    const after = copyItem(item);
    rows.splice(at, before === undefined ? 0 : 1, { item: after, sort });
    this.#sorted.clear();
    this.#known.clear();
    this.#options.onWrite?.(before, after);
  }

  remove(key: ItemKey): void {
    const rows = this.#partition(key) ?? [];
    const at = lowerBound(rows, this.#sortOf(key));
    const before = rows[at];
    if (before?.sort !== this.#sortOf(key)) return;
    rows.splice(at, 1);
    this.#sorted.clear();
    this.#known.clear();
    this.#options.onWrite?.(before.item, undefined);
  }

  find({ index, partition, from, to, limit }: Parameters<Table['query']>[0]): Item[] {
    const rows = index === undefined ? (this.#partitions.get(partition) ?? []) : this.#indexed(index, partition);
    const found: Item[] = [];
    for (let at = from === undefined ? 0 : lowerBound(rows, from); at < rows.length && found.length < limit; at++) {
      const { item, sort } = rows[at] as Stored;
      if (to !== undefined && sort > to) break;
      found.push(copyItem(item));
    }
    return found;
  }

  /** All items, for tests to look at. */
  all(): Item[] {
    return [...this.items()].map(copyItem);
  }

  /** All items themselves: not to be changed. */
  *items(): Generator<Item> {
    for (const rows of this.#partitions.values()) for (const { item } of rows) yield item;
  }

  /** Whether any item has the attribute that makes it part of a sparse index. */
  hasIndexed(attribute: string): boolean {
    const known = this.#known.get(attribute) ?? [...this.items()].some((item) => item[attribute] !== undefined);
    this.#known.set(attribute, known);
    return known;
  }

  /** An item itself: not to be changed. */
  peek(key: ItemKey): Item | undefined {
    return this.#stored(key)?.item;
  }

  /** Deletes what expired so long before `now`, as TTL does. Source: FACTS.md, "TTL deletes within days". */
  expire(now: number, lag: number): void {
    for (const item of [...this.items()]) {
      if (typeof item.expiry !== 'number' || item.expiry * 1000 + lag >= now) continue;
      const { partition, sort } = this.#own;
      this.remove({
        [partition]: item[partition] as string,
        ...(sort === undefined ? {} : { [sort]: item[sort] as string }),
      });
    }
  }

  #indexed(index: string, partition: string): Stored[] {
    const name = `${index} ${partition}`;
    const known = this.#sorted.get(name);
    if (known !== undefined) return known;
    const key = this.#keys[index];
    if (!key) throw new Error(`no index ${index}`);
    const rows: Stored[] = [];
    for (const item of this.items()) {
      if (item[key.partition] !== partition || (key.sort !== undefined && item[key.sort] === undefined)) continue;
      rows.push({ item, sort: key.sort === undefined ? '' : String(item[key.sort]) });
    }
    rows.sort((a, b) => (a.sort < b.sort ? -1 : a.sort > b.sort ? 1 : 0));
    this.#sorted.set(name, rows);
    return rows;
  }

  #partition(key: Item): Stored[] | undefined {
    return this.#partitions.get(String(key[this.#own.partition]));
  }

  #sortOf(key: Item): string {
    return this.#own.sort === undefined ? '' : String(key[this.#own.sort]);
  }

  #stored(key: Item): Stored | undefined {
    const rows = this.#partition(key);
    if (!rows) return undefined;
    const sort = this.#sortOf(key);
    const row = rows[lowerBound(rows, sort)];
    return row?.sort === sort ? row : undefined;
  }
}

/** Source: FACTS.md, "BatchWrite 25". */
export function checkWrites({ length }: readonly unknown[]): void {
  if (length > 25) throw new Fault('invalid', `expected at most 25 items, got ${length}`);
}

function lowerBound(rows: readonly Stored[], sort: string): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((rows[middle] as Stored).sort < sort) low = middle + 1;
    else high = middle;
  }
  return low;
}
