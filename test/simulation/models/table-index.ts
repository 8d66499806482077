import type { Item } from '../../../shared/stream/ports.ts';

/** An item as a table holds it. */
export interface Stored {
  item: Item;
  /** Its sort key; empty where the table has none. */
  sort: string;
  /** Which of the table's partitions it is in, by when they began. */
  partition: number;
}

/** A row of an index: an item under the index's sort key. */
export interface IndexRow {
  item: Item;
  sort: string;
  stored: Stored;
}

/** A sparse index, kept in order as its table is written: the schedule asks each minute. */
export class TableIndex {
  readonly #key: { partition: string; sort?: string };
  readonly #partitions = new Map<unknown, IndexRow[]>();

  constructor(key: { partition: string; sort?: string }) {
    this.#key = key;
  }

  /** In order of the index's sort key; those of one key in the order of the table. */
  rows(partition: string): readonly IndexRow[] {
    return this.#partitions.get(partition) ?? [];
  }

  add(stored: Stored): void {
    const row = this.#rowOf(stored);
    if (row === undefined) return;
    const partition = stored.item[this.#key.partition];
    const rows = this.#partitions.get(partition) ?? [];
    this.#partitions.set(partition, rows);
    rows.splice(placeOf(rows, row), 0, row);
  }

  remove(stored: Stored): void {
    const row = this.#rowOf(stored);
    if (row === undefined) return;
    const rows = this.#partitions.get(stored.item[this.#key.partition]) ?? [];
    rows.splice(placeOf(rows, row), 1);
  }

  #rowOf(stored: Stored): IndexRow | undefined {
    const { partition, sort } = this.#key;
    const { item } = stored;
    if (item[partition] === undefined || (sort !== undefined && item[sort] === undefined)) return undefined;
    return { item, sort: sort === undefined ? '' : String(item[sort]), stored };
  }
}

function placeOf(rows: readonly IndexRow[], row: IndexRow): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isBefore(rows[middle] as IndexRow, row)) low = middle + 1;
    else high = middle;
  }
  return low;
}

function isBefore(a: IndexRow, b: IndexRow): boolean {
  if (a.sort !== b.sort) return a.sort < b.sort;
  if (a.stored.partition !== b.stored.partition) return a.stored.partition < b.stored.partition;
  return a.stored.sort < b.stored.sort;
}

/** The first place whose sort key is not less. */
export function lowerBound(rows: readonly { sort: string }[], sort: string): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((rows[middle] as { sort: string }).sort < sort) low = middle + 1;
    else high = middle;
  }
  return low;
}
