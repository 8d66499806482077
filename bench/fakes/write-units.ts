import { unitsOf } from '../../shared/cost/usage.ts';
import type { Item } from '../../shared/stream/ports.ts';
import { itemBytes } from '../../test/simulation/models/table-item.ts';
import type { TableName } from './consumers.ts';

const READ_UNIT = 4_096;
const WRITE_UNIT = 1_024;

/** Write units of one item, its indexes included; `item` is missing when it was deleted. */
export function writeUnits(table: TableName, item: Item | undefined, before: Item | undefined): number {
  const bytes = Math.max(itemBytes(item ?? {}), itemBytes(before ?? {}));
  return unitsOf(bytes, WRITE_UNIT) + indexUnits(table, { item: item ?? {}, before, bytes });
}

/** Read units of items that were asked for by their keys; one that is not there costs as much as a small one. */
export function readUnits(items: readonly Item[], asked: number): number {
  return items.reduce((sum, item) => sum + unitsOf(itemBytes(item), READ_UNIT), asked - items.length);
}

/** Read units of a query: all that it looked at, together. */
export function queryUnits(items: readonly Item[]): number {
  return unitsOf(
    items.reduce((sum, item) => sum + itemBytes(item), 0),
    READ_UNIT,
  );
}

interface Written {
  item: Item;
  before: Item | undefined;
  bytes: number;
}

/**
 * Write units of a table's indexes: one for an entry that comes, two when a key of it changes, for the old entry goes; none
 * when nothing changes that the index holds. Source: DynamoDB Developer Guide, "Provisioned throughput considerations for
 * global secondary indexes".
 */
function indexUnits(table: TableName, { item, before, bytes }: Written): number {
  const whole = unitsOf(bytes, WRITE_UNIT);
  switch (table) {
    case 'incidents':
      // byStatus holds the whole item and is sorted by lastSeen, which every batch moves on.
      return before === undefined ? whole : 2 * whole;
    case 'applicationLogs':
      return 2 * whole;
    case 'alertGroups':
      // byDue holds keys alone: it changes when a window opens or closes.
      return dueChanges(item, before);
    default:
      return 0;
  }
}

function dueChanges(item: Item, before: Item | undefined): number {
  if (item.due_bucket === before?.due_bucket && item.due_at === before?.due_at) return 0;
  return (item.due_bucket === undefined ? 0 : 1) + (before?.due_bucket === undefined ? 0 : 1);
}
