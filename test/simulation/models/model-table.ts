import { Fault } from '../../../shared/stream/fault.ts';
import type { Item, ItemKey, Table } from '../../../shared/stream/ports.ts';
import { lowerBound, type Stored, TableIndex } from './table-index.ts';
import { copyItem, itemBytes, mostBytes } from './table-item.ts';

export interface ModelTableOptions {
  /** Keys of the table (`''`) and its indexes. */
  keys: Readonly<Record<string, { partition: string; sort?: string }>>;
  /** Bytes of an item at most. Default 400 KB. */
  itemBytes?: number;
  /** Told of an item that fills more than half of what an item may. */
  onLarge?: () => void;
  /** Told of each write that is applied; `after` is undefined for a delete. */
  onWrite?: (before: Item | undefined, after: Item | undefined) => void;
}

/** Source: FACTS.md, "DynamoDB: item 400 KB". */
export const MAX_ITEM_BYTES = 400 * 1024;

/** The items of one partition key, in order. */
interface Partition {
  /** How many partitions began before it. */
  place: number;
  rows: Stored[];
}

/**
 * A table in memory that answers as DynamoDB does (FACTS.md, "SNS, DynamoDB, CloudWatch, SES"): conditions, item size,
 * sparse indexes. Items are copied in and out: nobody shares an object with it. It knows no failure; the simulation
 * puts those between it and its caller (`function-instance.ts`).
 */
export class ModelTable implements Table {
  readonly #partitions = new Map<string, Partition>();
  /** Those that were asked for once. */
  readonly #indexes = new Map<string, TableIndex>();
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
    this.#checkSize(item);
    const { rows, place } = this.#partition(item) ?? this.#begin(String(item[this.#own.partition]));
    const sort = this.#sortOf(item);
    const at = lowerBound(rows, sort);
    const before = rows[at]?.sort === sort ? rows[at] : undefined;
    const after: Stored = { item: copyItem(item), sort, partition: place };
    rows.splice(at, before === undefined ? 0 : 1, after);
    for (const index of this.#indexes.values()) {
      if (before) index.remove(before);
      index.add(after);
    }
    this.#options.onWrite?.(before?.item, after.item);
  }

  remove(key: ItemKey): void {
    const { rows } = this.#partition(key) ?? { rows: [] };
    const at = lowerBound(rows, this.#sortOf(key));
    const before = rows[at];
    if (before?.sort !== this.#sortOf(key)) return;
    rows.splice(at, 1);
    for (const index of this.#indexes.values()) index.remove(before);
    this.#options.onWrite?.(before.item, undefined);
  }

  find({ index, partition, from, to, limit }: Parameters<Table['query']>[0]): Item[] {
    const rows =
      index === undefined ? (this.#partitions.get(partition)?.rows ?? []) : this.#index(index).rows(partition);
    const found: Item[] = [];
    for (let at = from === undefined ? 0 : lowerBound(rows, from); at < rows.length && found.length < limit; at++) {
      const { item, sort } = rows[at] as { item: Item; sort: string };
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
    for (const { rows } of this.#partitions.values()) for (const { item } of rows) yield item;
  }

  /** The least sort key that stands in a partition of an index. */
  firstIndexed(index: string, partition: string): string | undefined {
    return this.#index(index).rows(partition)[0]?.sort;
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

  #index(name: string): TableIndex {
    const known = this.#indexes.get(name);
    if (known !== undefined) return known;
    const key = this.#keys[name];
    if (!key) throw new Error(`no index ${name}`);
    const index = new TableIndex(key);
    for (const { rows } of this.#partitions.values()) for (const stored of rows) index.add(stored);
    this.#indexes.set(name, index);
    return index;
  }

  #checkSize(item: Item): void {
    const { itemBytes: scaled, onLarge } = this.#options;
    const limit = scaled ?? MAX_ITEM_BYTES;
    const large = limit * 0.5;
    if (mostBytes(item) <= large) return;
    // The notices that wait are twenty at most, and do not shrink with the scale: more than the scaled limit by themselves (seed 2943).
    const { pending: _, ...others } = item;
    const bytes = itemBytes(scaled === undefined ? item : others);
    if (bytes > limit) throw new Fault('invalid', `an item of ${bytes} bytes, at most ${limit} are taken`);
    if (bytes > large) onLarge?.();
  }

  #begin(key: string): Partition {
    const partition = { place: this.#partitions.size, rows: [] };
    this.#partitions.set(key, partition);
    return partition;
  }

  #partition(key: Item): Partition | undefined {
    return this.#partitions.get(String(key[this.#own.partition]));
  }

  #sortOf(key: Item): string {
    return this.#own.sort === undefined ? '' : String(key[this.#own.sort]);
  }

  #stored(key: Item): Stored | undefined {
    const rows = this.#partition(key)?.rows;
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
