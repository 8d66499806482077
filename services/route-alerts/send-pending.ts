import pMap from 'p-map';
import type { AlertGroup } from '../../shared/alerts/alert-group.ts';
import { deliverPending, type Receivers } from '../../shared/alerts/outbox.ts';
import { type Taken, withoutTaken } from '../../shared/alerts/pending.ts';
import { alertGroupProjection } from '../../shared/alerts/projection.ts';
import { intoStorm, outOfStorm, type Storm, stormProjection } from '../../shared/alerts/storm.ts';
import { updateGroup } from '../../shared/stream/fold-groups.ts';
import type { Clock, Table } from '../../shared/stream/ports.ts';
import type { FoldedGroup, Storms } from './find-storms.ts';

export interface SendPorts {
  table: Table;
  clock: Clock;
  receivers: Receivers;
}

/** Groups cleared at a time: a write of some milliseconds each. */
const CONCURRENCY = 16;

/** Sends what the groups and storms of a batch have to tell, and clears what arrived. */
export async function sendPending(groups: readonly FoldedGroup[], { storms, inStorm, out }: Storms, ports: SendPorts) {
  const { table, clock } = ports;
  const changeOf = (group: string) => (state: AlertGroup) => {
    const storm = inStorm.get(group);
    if (storm !== undefined) return intoStorm(state, storm);
    return out.has(group) ? outOfStorm(state) : state;
  };
  const outboxes = groups.flatMap(({ group, state }) => (state ? changeOf(group)(state) : []));
  const { taken } = await deliverPending([...outboxes, ...storms.flatMap(({ state }) => state ?? [])], ports.receivers);

  const clearGroup = async ({ group, item }: FoldedGroup) => {
    const step = { item, change: (state: AlertGroup) => withoutTaken(changeOf(group)(state), taken) };
    // A notice that stays pending is sent again with the same id, so a failure to clear it is no reason to fail.
    await updateGroup(alertGroupProjection, group, step, { table, clock }).catch(() => undefined);
  };
  const clearStorm = async ({ group, item }: Storms['storms'][number]) => {
    const step = { item, change: (state: Storm) => withoutTaken(state, taken) };
    await updateGroup(stormProjection, group, step, { table, clock }).catch(() => undefined);
  };
  const isTouched = ({ group, state }: FoldedGroup) => isTaken(state, taken) || inStorm.has(group) || out.has(group);
  await pMap(groups.filter(isTouched), clearGroup, { concurrency: CONCURRENCY });
  await pMap(
    storms.filter(({ state }) => isTaken(state, taken)),
    clearStorm,
    { concurrency: CONCURRENCY },
  );
}

function isTaken(state: { pending: readonly { id: string }[] } | undefined, taken: Taken): boolean {
  return state?.pending.some(({ id }) => taken.has(id)) ?? false;
}
