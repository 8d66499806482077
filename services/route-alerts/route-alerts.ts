import pMap from 'p-map';
import type { AlertGroup } from '../../shared/alerts/alert-group.ts';
import { deliverPending, type Receivers } from '../../shared/alerts/outbox.ts';
import { withoutTaken } from '../../shared/alerts/pending.ts';
import { alertGroupProjection } from '../../shared/alerts/projection.ts';
import { decideRoutes, type RoutingTree } from '../../shared/alerts/routing-tree.ts';
import { fingerprintEvent } from '../../shared/events/fingerprint.ts';
import type { Consumer, Handled } from '../../shared/stream/consume.ts';
import { type Folded, foldGroups, groupEvents, settleGroups, updateGroup } from '../../shared/stream/fold-groups.ts';
import type { Clock, Table } from '../../shared/stream/ports.ts';
import type { ArrivedEvent, ReadBatch } from '../../shared/stream/read-batch.ts';
import type { SeenLimits } from '../../shared/stream/seen.ts';
import { SeenPages } from '../../shared/stream/seen-pages.ts';
import { type RoutedEvent, tellUngrouped } from './tell-ungrouped.ts';

export interface RouteAlertsPorts {
  alertGroups: Table;
  ledger: Table;
  receivers: Receivers;
  routing: RoutingTree;
  clock: Clock;
  seenLimits?: SeenLimits;
}

type FoldedAlerts = Folded<AlertGroup, RoutedEvent>;

/** Groups cleared at a time: a write of some milliseconds each. */
const CONCURRENCY = 16;

/**
 * Decides notices by folding, saves them as pending with the state that decided them, sends them, clears them. What
 * could not be sent waits in the state, and `close-windows` sends it. While the tables do not answer, critical and
 * error events are told without it, once a group and batch: a grouped notice can wait, a page cannot.
 */
export function routeAlerts(ports: RouteAlertsPorts): Consumer {
  const { clock } = ports;
  const pages = new SeenPages(ports.ledger, clock);
  const projection = alertGroupProjection;

  const sendPending = async (folded: readonly FoldedAlerts[]) => {
    const waiting = folded.flatMap((group) => (group.status === 'folded' && group.state?.pending.length ? group : []));
    const outboxes = waiting.flatMap(({ state }) => state ?? []);
    const { taken } = await deliverPending(outboxes, ports.receivers);
    const clear = async ({ group, item }: (typeof waiting)[number]) => {
      const step = { item, change: (state: AlertGroup) => withoutTaken(state, taken) };
      // A notice that stays pending is sent again with the same id, so a failure to clear it is no reason to fail.
      await updateGroup(projection, group, step, { table: ports.alertGroups, clock }).catch(() => undefined);
    };
    await pMap(waiting, clear, { concurrency: CONCURRENCY });
  };

  const handle = async ({ events }: ReadBatch, deadline: number): Promise<Handled> => {
    const routed: RoutedEvent[] = [];
    const filtered = new Set<number>();
    for (const arrived of events) {
      const ways = waysOf(arrived, ports.routing);
      routed.push(...ways);
      if (ways.length === 0) filtered.add(arrived.index);
    }
    const foldPorts = { table: ports.alertGroups, pages, clock, deadline, limits: ports.seenLimits };
    const folded = await foldGroups(projection, groupEvents(routed, groupOf), foldPorts);
    await sendPending(folded);
    const { duplicates } = settleGroups(folded);
    const { failed, untold } = await tellUngrouped(
      folded.filter((group) => group.status === 'failed'),
      ports.receivers,
    );
    for (const index of untold) if (!duplicates.has(index)) filtered.add(index);
    // Also where nothing is new, a producer's retry, and where a write failed, which may stand all the same: ids are
    // forgotten one day, and a replay would count them.
    const needsReceipt = folded.length > 0;
    return { failed, duplicates, filtered, needsReceipt };
  };
  return { name: 'route-alerts', withoutLedger: 'proceed', handle };
}

/** The event once for each way that it takes to somebody. */
function waysOf(arrived: ArrivedEvent, routing: RoutingTree): RoutedEvent[] {
  if (arrived.event.type !== 'log') return [];
  const printed = { ...arrived, ...fingerprintEvent(arrived.event) };
  const ways = decideRoutes(printed, routing, Math.min(Date.parse(arrived.event.time), arrived.arrivedAt));
  return ways.filter(({ route }) => route.to.length > 0).map((way) => ({ ...printed, way }));
}

function groupOf({ way }: RoutedEvent): string {
  return way.group;
}
