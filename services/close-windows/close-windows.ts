import pMap from 'p-map';
import { type AlertGroup, settle } from '../../shared/alerts/alert-group.ts';
import { deliverPending, type Receivers } from '../../shared/alerts/outbox.ts';
import { withoutAbandoned, withoutTaken } from '../../shared/alerts/pending.ts';
import { alertGroupProjection, DUE_BUCKET } from '../../shared/alerts/projection.ts';
import { withRetry } from '../../shared/stream/backoff.ts';
import { describeFault } from '../../shared/stream/fault.ts';
import { updateGroup } from '../../shared/stream/fold-groups.ts';
import type { Clock, Item, Table } from '../../shared/stream/ports.ts';
import { readItems } from '../../shared/stream/table-calls.ts';

export interface CloseWindowsPorts {
  alertGroups: Table;
  receivers: Receivers;
  clock: Clock;
}

export interface ClosedWindows {
  /** Groups that were due. */
  due: number;
  notices: number;
  /** Notices that still wait, by the address that did not take them. */
  refused: Record<string, number>;
  /** Notices that an address will never get: it took none for too long, or is no longer configured. */
  givenUp: number;
  /** Why notices wait or groups could not be written, each once. */
  reasons: string[];
}

/** Groups in one query. */
const PAGE = 100;
/** Groups in one run: what is left is due a minute later. */
const MAX_GROUPS = 5_000;
/** Groups written at a time: a write of some milliseconds each. */
const CONCURRENCY = 16;

/** Once a minute: closes the windows that are over, and sends what is pending. */
export async function closeWindows(ports: CloseWindowsPorts, deadline: number): Promise<ClosedWindows> {
  const total: ClosedWindows = { due: 0, notices: 0, refused: {}, givenUp: 0, reasons: [] };
  const now = new Date(ports.clock.now()).toISOString();
  let from: string | undefined;
  while (total.due < MAX_GROUPS && ports.clock.now() < deadline) {
    const query = { index: 'byDue', partition: DUE_BUCKET, from, to: now, limit: PAGE };
    const due = await withRetry(() => ports.alertGroups.query(query), ports.clock);
    const keys = due.map(({ group }) => ({ group: group as string }));
    const items = await readItems(ports.alertGroups, keys, ports.clock);
    const settled = await settleDue(items, now, ports);
    total.due += due.length;
    total.notices += settled.notices;
    total.givenUp += settled.givenUp;
    for (const { address } of settled.refused) total.refused[address] = (total.refused[address] ?? 0) + 1;
    total.reasons = [...new Set([...total.reasons, ...settled.reasons])];
    const last = due.at(-1)?.due_at as string | undefined;
    // What was refused is still due: the next page starts after it, so that one dead topic holds up no other.
    if (due.length < PAGE || last === undefined) break;
    from = `${last}\u0000`;
  }
  return total;
}

async function settleDue(items: readonly Item[], now: string, ports: CloseWindowsPorts) {
  const { clock, alertGroups: table } = ports;
  const projection = alertGroupProjection;
  const reasons: string[] = [];
  const update = async (item: Item, change: (group: AlertGroup) => AlertGroup) => {
    try {
      return await updateGroup(projection, item.group as string, { item, change }, { table, clock });
    } catch (fault) {
      // It is due again in a minute. One group that cannot be written holds up no other.
      reasons.push(describeFault(fault));
      return undefined;
    }
  };
  const closed = await pMap(items, (item) => update(item, (group) => sweep(group, now)), { concurrency: CONCURRENCY });
  const settled = closed.filter((group) => group !== undefined);
  const { taken, refused, unknown } = await deliverPending(
    settled.map(({ state }) => state),
    ports.receivers,
  );
  const clear = ({ givenUp: _, ...group }: AlertGroup) => withoutTaken(group, taken);
  const isDone = ({ state }: { state: AlertGroup }) => state.givenUp || state.pending.some(({ id }) => taken.has(id));
  await pMap(settled.filter(isDone), ({ item }) => update(item, clear), { concurrency: CONCURRENCY });
  return {
    notices: taken.size,
    refused,
    givenUp: unknown.length + settled.reduce((sum, { state }) => sum + (state.givenUp ?? 0), 0),
    reasons: [...refused.map(({ address, reason }) => `${address}: ${reason}`), ...reasons],
  };
}

function sweep(group: AlertGroup, now: string): AlertGroup {
  return withoutAbandoned(settle(group, now), Date.parse(now));
}
