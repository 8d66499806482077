import { type AlertGroup, clearSent, closeWindow, type WindowSeconds } from '../../shared/alerts/alert-group.ts';
import { type PublishNotices, publishByLevel } from '../../shared/alerts/outbox.ts';
import { alertGroupProjection, DUE_BUCKET } from '../../shared/alerts/projection.ts';
import { updateGroup } from '../../shared/stream/fold-groups.ts';
import type { Clock, Item, Table } from '../../shared/stream/ports.ts';
import { readItems } from '../../shared/stream/table-calls.ts';

export interface CloseWindowsPorts {
  alertGroups: Table;
  publish: PublishNotices;
  clock: Clock;
  windows: WindowSeconds;
}

export interface ClosedWindows {
  /** Groups that were due. */
  due: number;
  notices: number;
  /** Notices that still wait, and why. */
  refused: number;
  reasons: string[];
}

/** Groups in one query. */
const PAGE = 100;
/** Groups in one run: what is left is due a minute later. */
const MAX_GROUPS = 5_000;

/** Once a minute: closes the windows that are over, and sends what is pending. */
export async function closeWindows(ports: CloseWindowsPorts, deadline: number): Promise<ClosedWindows> {
  const total: ClosedWindows = { due: 0, notices: 0, refused: 0, reasons: [] };
  const now = new Date(ports.clock.now()).toISOString();
  let from: string | undefined;
  while (total.due < MAX_GROUPS && ports.clock.now() < deadline) {
    const query = { index: 'byDue', partition: DUE_BUCKET, from, to: now, limit: PAGE };
    const due = await ports.alertGroups.query(query);
    const keys = due.map(({ group }) => ({ group: group as string }));
    const items = await readItems(ports.alertGroups, keys, ports.clock);
    const { notices, refused, reasons } = await settleDue(items, now, ports);
    total.due += due.length;
    total.notices += notices;
    total.refused += refused;
    total.reasons = [...new Set([...total.reasons, ...reasons])];
    const last = due.at(-1)?.due_at as string | undefined;
    // What was refused is still due: the next page starts after it, so that one dead topic holds up no other.
    if (due.length < PAGE || last === undefined) break;
    from = `${last}\u0000`;
  }
  return total;
}

async function settleDue(items: readonly Item[], now: string, ports: CloseWindowsPorts) {
  const { clock, alertGroups: table } = ports;
  const projection = alertGroupProjection(ports.windows);
  const close = (group: AlertGroup) => (group.window.closesAt <= now ? closeWindow(group) : group);
  const settled: { item: Item; state: AlertGroup }[] = [];
  for (const item of items) {
    const closed = await updateGroup(projection, item.group as string, { item, change: close }, { table, clock });
    if (closed) settled.push(closed);
  }
  const pending = settled.flatMap(({ state }) => state.pending);
  const { sent, refused } = await publishByLevel(pending, ports.publish);
  const change = (group: AlertGroup) => clearSent(group, sent);
  for (const { item } of settled) {
    await updateGroup(projection, item.group as string, { item, change }, { table, clock }).catch(() => undefined);
  }
  return { notices: sent.size, refused: refused.size, reasons: [...refused.values()] };
}
