import type { Item, ItemKey, Table } from '../../../shared/stream/ports.ts';

export interface ModelTableOptions {
  /** Keys of the table (`''`) and its indexes. */
  keys: Readonly<Record<string, { partition: string; sort?: string }>>;
}

/** A table in memory that answers as DynamoDB does. Items are copied in and out: nobody shares an object with it. */
export class ModelTable implements Table {
  readonly #items = new Map<string, Item>();
  readonly #keys: ModelTableOptions['keys'];

  constructor({ keys }: ModelTableOptions) {
    this.#keys = keys;
  }

  async getMany(keys: ItemKey[]) {
    const items = keys.flatMap((key) => this.#items.get(this.#keyText(key)) ?? []);
    return { items: items.map((item) => structuredClone(item)), unread: [] as ItemKey[] };
  }

  async putVersioned(item: Item, expected: number) {
    const stored = this.#items.get(this.#keyText(item));
    if (expected === 0 ? stored !== undefined : stored?.version !== expected) return 'conflict' as const;
    this.#items.set(this.#keyText(item), structuredClone(item));
    return 'written' as const;
  }

  async putMany(items: Item[]) {
    for (const item of items) this.#items.set(this.#keyText(item), structuredClone(item));
    return { unwritten: [] as Item[] };
  }

  async deleteMany(keys: ItemKey[]) {
    for (const key of keys) this.#items.delete(this.#keyText(key));
    return { undeleted: [] as ItemKey[] };
  }

  async query({ index, partition, from, to, limit }: Parameters<Table['query']>[0]) {
    const key = this.#keys[index ?? ''];
    if (!key) throw new Error(`no index ${index}`);
    const sortOf = (item: Item) => (key.sort === undefined ? '' : String(item[key.sort]));
    const inRange = (item: Item) =>
      item[key.partition] === partition &&
      (key.sort === undefined || item[key.sort] !== undefined) &&
      (from === undefined || sortOf(item) >= from) &&
      (to === undefined || sortOf(item) <= to);
    const found = [...this.#items.values()].filter(inRange).sort((a, b) => (sortOf(a) < sortOf(b) ? -1 : 1));
    return found.slice(0, limit).map((item) => structuredClone(item));
  }

  /** All items, for tests to look at. */
  all(): Item[] {
    return [...this.#items.values()].map((item) => structuredClone(item));
  }

  #keyText(item: Item): string {
    const { partition, sort } = this.#keys[''] ?? { partition: '' };
    return `${item[partition]}\u0000${sort === undefined ? '' : item[sort]}`;
  }
}
