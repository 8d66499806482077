import pMap from 'p-map';
import { type AlertGroup, clearSent, groupKey, type WindowSeconds } from '../../shared/alerts/alert-group.ts';
import { type PublishNotices, publishByLevel } from '../../shared/alerts/outbox.ts';
import { alertGroupProjection } from '../../shared/alerts/projection.ts';
import { fingerprintEvent } from '../../shared/events/fingerprint.ts';
import type { Consumer, Handled } from '../../shared/stream/consume.ts';
import { type Folded, foldGroups, groupEvents, settleGroups, updateGroup } from '../../shared/stream/fold-groups.ts';
import type { Clock, Table } from '../../shared/stream/ports.ts';
import type { ReadBatch } from '../../shared/stream/read-batch.ts';
import type { SeenLimits } from '../../shared/stream/seen.ts';
import { SeenPages } from '../../shared/stream/seen-pages.ts';
import { type RoutedEvent, tellUngrouped } from './tell-ungrouped.ts';

export interface RouteAlertsPorts {
  alertGroups: Table;
  ledger: Table;
  publish: PublishNotices;
  clock: Clock;
  windows: WindowSeconds;
  seenLimits?: SeenLimits;
}

type FoldedAlerts = Folded<AlertGroup, RoutedEvent>;

/** Groups cleared at a time: a write of some milliseconds each. */
const CONCURRENCY = 16;

/**
 * Decides notices by folding, saves them as pending with the state that decided them, sends them, clears them. What
 * could not be sent waits in the state, and `close-windows` sends it. While the tables do not answer, critical and
 * error events are told without it, once a fingerprint and batch: a grouped notice can wait, a page cannot.
 */
export function routeAlerts(ports: RouteAlertsPorts): Consumer {
  const { clock } = ports;
  const pages = new SeenPages(ports.ledger, clock);
  const projection = alertGroupProjection(ports.windows);

  const sendPending = async (folded: readonly FoldedAlerts[]) => {
    const waiting = folded.flatMap((group) => (group.status === 'folded' && group.state?.pending.length ? group : []));
    const notices = waiting.flatMap(({ state }) => state?.pending ?? []);
    const { sent } = await publishByLevel(notices, ports.publish);
    const clear = async ({ group, item }: (typeof waiting)[number]) => {
      const step = { item, change: (state: AlertGroup) => clearSent(state, sent) };
      // A notice that stays pending is sent again with the same id, so a failure to clear it is no reason to fail.
      await updateGroup(projection, group, step, { table: ports.alertGroups, clock }).catch(() => undefined);
    };
    await pMap(waiting, clear, { concurrency: CONCURRENCY });
  };

  const handle = async ({ events }: ReadBatch, deadline: number): Promise<Handled> => {
    const routed: RoutedEvent[] = [];
    const filtered = new Set<number>();
    for (const arrived of events) {
      if (arrived.event.type === 'log') routed.push({ ...arrived, ...fingerprintEvent(arrived.event) });
      else filtered.add(arrived.index);
    }
    const foldPorts = { table: ports.alertGroups, pages, clock, deadline, limits: ports.seenLimits };
    const folded = await foldGroups(projection, groupEvents(routed, groupKey), foldPorts);
    await sendPending(folded);
    const { duplicates } = settleGroups(folded);
    const { failed, untold } = await tellUngrouped(
      folded.filter((group) => group.status === 'failed'),
      ports.publish,
    );
    for (const index of untold) filtered.add(index);
    // A producer's retry too, of which nothing is new: its ids are forgotten one day, and a replay would count it.
    const needsReceipt = folded.some(({ status }) => status === 'folded');
    return { failed, duplicates, filtered, needsReceipt };
  };
  return { name: 'route-alerts', withoutLedger: 'proceed', handle };
}
