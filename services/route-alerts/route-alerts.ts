import {
  type AlertEvent,
  type AlertGroup,
  clearSent,
  groupKey,
  ungroupedNotice,
  type WindowSeconds,
} from '../../shared/alerts/alert-group.ts';
import { type PublishNotices, publishByLevel } from '../../shared/alerts/outbox.ts';
import { alertGroupProjection } from '../../shared/alerts/projection.ts';
import { fingerprintEvent } from '../../shared/events/fingerprint.ts';
import { categoryOf } from '../../shared/events/levels.ts';
import type { Consumer, Handled } from '../../shared/stream/consume.ts';
import { failRecords } from '../../shared/stream/fail-records.ts';
import { Fault } from '../../shared/stream/fault.ts';
import { type Folded, foldGroups, groupEvents, settleGroups, updateGroup } from '../../shared/stream/fold-groups.ts';
import type { Clock, Table } from '../../shared/stream/ports.ts';
import type { ArrivedEvent, ReadBatch } from '../../shared/stream/read-batch.ts';
import type { SeenLimits } from '../../shared/stream/seen.ts';
import { SeenPages } from '../../shared/stream/seen-pages.ts';

export interface RouteAlertsPorts {
  alertGroups: Table;
  ledger: Table;
  publish: PublishNotices;
  clock: Clock;
  windows: WindowSeconds;
  seenLimits?: SeenLimits;
}

type RoutedEvent = ArrivedEvent & AlertEvent;
type FoldedAlerts = Folded<AlertGroup, RoutedEvent>;
type FailedAlerts = Extract<FoldedAlerts, { status: 'failed' }>;

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
    const waiting = folded.filter((group) => group.status === 'folded' && (group.state?.pending.length ?? 0) > 0);
    const notices = waiting.flatMap((group) => (group.status === 'folded' ? (group.state?.pending ?? []) : []));
    const { sent } = await publishByLevel(notices, ports.publish);
    for (const group of waiting) {
      if (group.status !== 'folded' || !group.item) continue;
      const change = (state: AlertGroup) => clearSent(state, sent);
      // A notice that stays pending is sent again with the same id, so a failure to clear it is no reason to fail.
      const step = { item: group.item, change };
      await updateGroup(projection, group.group, step, { table: ports.alertGroups, clock }).catch(() => undefined);
    }
  };

  /** Answers the records whose notices could not even be sent so, and the events that are told to nobody. */
  const sendUngrouped = async (groups: readonly FailedAlerts[]) => {
    const failed = new Map<number, string>();
    const untold: number[] = [];
    for (const group of groups) {
      if (!isTableFault(group.fault)) failRecords(failed, group.events, group.fault);
      else if (isUrgent(group)) {
        const [first, ...others] = group.events as [RoutedEvent, ...RoutedEvent[]];
        const { refused } = await publishByLevel([ungroupedNotice(first, others)], ports.publish);
        if (refused.size > 0)
          failRecords(failed, group.events, new Fault('unavailable', [...refused.values()].join('; ')));
      } else untold.push(...group.events.map(({ index }) => index));
    }
    return { failed, untold };
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
    const { failed, untold } = await sendUngrouped(folded.filter((group) => group.status === 'failed'));
    for (const index of untold) filtered.add(index);
    return { failed, duplicates, filtered };
  };
  return { name: 'route-alerts', withoutLedger: 'proceed', handle };
}

/** A group's events are of one level. */
function isUrgent({ events: [first] }: FailedAlerts): boolean {
  return first !== undefined && categoryOf(first.event.level) === 'error';
}

/** The table does not answer, as against a group that could not be folded this time. */
function isTableFault(fault: unknown): boolean {
  return (
    fault instanceof Fault && (fault.code === 'unavailable' || fault.code === 'throttled' || fault.code === 'denied')
  );
}
