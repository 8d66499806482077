import type { TABLE_KEYS } from '../../shared/aws/tables.ts';
import type { Item, Table } from '../../shared/stream/ports.ts';

/** Told of every call, after it was answered. Items that were not there are left out. */
export interface TableMeter {
  read: (items: readonly Item[], asked: number) => void;
  query: (items: readonly Item[]) => void;
  /** With what stood there before, in the same order. */
  write: (items: readonly Item[], before: readonly (Item | undefined)[]) => void;
  /** With what stood there, in the order of the keys. */
  remove: (before: readonly (Item | undefined)[]) => void;
}

type Keys = (typeof TABLE_KEYS)[keyof typeof TABLE_KEYS];

/**
 * A table that answers at once, so that what is measured is the consumer. Items are shared, not copied: consumers never
 * change one. It holds no indexes. One that does not keep what `putMany` writes is for rows that nobody reads.
 */
export function memoryTable(keys: Keys, meter?: TableMeter, keeps = true): Table & { items: Map<string, Item> } {
  const { partition, sort } = keys[''] as { partition: string; sort?: string };
  const items = new Map<string, Item>();
  /** Sort keys of a partition, ascending, for tables that are queried. */
  const sorted = new Map<string, string[]>();
  const keyOf = (item: Item) => (sort ? `${item[partition]}\0${item[sort]}` : (item[partition] as string));

  const put = (item: Item) => {
    const key = keyOf(item);
    if (sort && !items.has(key)) insert(sorted, item[partition] as string, item[sort] as string);
    items.set(key, item);
  };
  return {
    items,
    getMany: async (wanted) => {
      const found = wanted.flatMap((key): Item[] => optional(items.get(keyOf(key))));
      meter?.read(found, wanted.length);
      return { items: found, unread: [] };
    },
    putVersioned: async (item, expected) => {
      const before = items.get(keyOf(item));
      const stored = (before?.version as number | undefined) ?? 0;
      meter?.write([item], [before]);
      if (stored !== expected) return 'conflict';
      put(item);
      return 'written';
    },
    putMany: async (written) => {
      meter?.write(
        written,
        written.map((item) => items.get(keyOf(item))),
      );
      if (keeps) for (const item of written) put(item);
      return { unwritten: [] };
    },
    deleteMany: async (wanted) => {
      meter?.remove(wanted.map((key) => items.get(keyOf(key))));
      for (const key of wanted) items.delete(keyOf(key));
      return { undeleted: [] };
    },
    query: async ({ partition: wanted, from = '', limit }) => {
      const all = sorted.get(wanted) ?? [];
      const start = lowerBound(all, from);
      const found = all.slice(start, start + limit).flatMap((key): Item[] => optional(items.get(`${wanted}\0${key}`)));
      meter?.query(found);
      return found;
    },
  };
}

function lowerBound(values: readonly string[], wanted: string): number {
  let [low, high] = [0, values.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((values[middle] as string) < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Nearly all come in order: an application's rows and a shard's receipts. */
function insert(sorted: Map<string, string[]>, partition: string, key: string): void {
  const values = sorted.get(partition);
  if (values === undefined) sorted.set(partition, [key]);
  else if ((values.at(-1) as string) < key) values.push(key);
  else values.splice(lowerBound(values, key), 0, key);
}

function optional(item: Item | undefined): Item[] {
  return item === undefined ? [] : [item];
}
