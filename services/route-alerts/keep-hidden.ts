import pMap from 'p-map';
import { type AlertGroup, hide } from '../../shared/alerts/alert-group.ts';
import { alertGroupProjection } from '../../shared/alerts/projection.ts';
import { updateGroup } from '../../shared/stream/fold-groups.ts';
import type { Clock, Item, Table } from '../../shared/stream/ports.ts';
import { readItems } from '../../shared/stream/table-calls.ts';
import type { RoutedEvent } from './tell-ungrouped.ts';

/** Groups written at a time: a write of some milliseconds each. */
const CONCURRENCY = 16;
const KEYS_PER_READ = 100;

interface KeepPorts {
  table: Table;
  clock: Clock;
  deadline: number;
}

/**
 * Tells groups that they go on although a silence or an inhibition hides their events, so that nobody hears that they are over.
 * A group that does not exist is not made. Costs a read for a group and batch, and one write when it begins to be hidden; nothing
 * for those of which no end is ever told. While the table does not answer it is left out: no notice waits for it, and the next
 * hidden event says it again.
 */
export async function keepHidden(hidden: readonly RoutedEvent[], { table, clock, deadline }: KeepPorts): Promise<void> {
  const events = Map.groupBy(hidden.filter(mayBeOver), ({ way }) => way.group);
  const keys = [...events.keys()].map(alertGroupProjection.keyOf);
  const keep = async (item: Item) => {
    const change = (state: AlertGroup) => (events.get(item.group as string) ?? []).reduce(hide, state);
    const step = { item, change };
    await updateGroup(alertGroupProjection, item.group as string, step, { table, clock }).catch(() => undefined);
  };
  for (let start = 0; start < keys.length && clock.now() < deadline; start += KEYS_PER_READ) {
    const items = await readItems(table, keys.slice(start, start + KEYS_PER_READ), clock).catch(() => undefined);
    if (items === undefined) return;
    await pMap(items, keep, { concurrency: CONCURRENCY });
  }
}

/** Whether its group can be over: the others go on for good. */
function mayBeOver({ event, way: { route } }: RoutedEvent): boolean {
  const isOfOneLevel = route.groupBy.includes('level') || route.groupBy.includes('...');
  return isOfOneLevel ? route.resolveTimeout[event.level] > 0 : Object.values(route.resolveTimeout).some(isSome);
}

function isSome(seconds: number): boolean {
  return seconds > 0;
}
