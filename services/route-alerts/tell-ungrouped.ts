import { type AlertEvent, ungroupedNotice } from '../../shared/alerts/alert-group.ts';
import { moreSevere } from '../../shared/alerts/group-window.ts';
import { type Notice, titleOf } from '../../shared/alerts/notice.ts';
import { deliverPending, type Receivers } from '../../shared/alerts/outbox.ts';
import { type StormSettings, stormKey } from '../../shared/alerts/storm.ts';
import { categoryOf } from '../../shared/events/levels.ts';
import { failRecords } from '../../shared/stream/fail-records.ts';
import { Fault } from '../../shared/stream/fault.ts';
import type { ArrivedEvent } from '../../shared/stream/read-batch.ts';

export type RoutedEvent = ArrivedEvent & AlertEvent;

/** A group that could not be folded. */
export interface FailedGroup {
  events: RoutedEvent[];
  fault: unknown;
}

export interface Ungrouped {
  /** Records that must come again, and why. */
  failed: Map<number, string>;
  /** Indices of events that are told to nobody. */
  untold: number[];
}

export interface UngroupedPorts {
  receivers: Receivers;
  storm: StormSettings;
}

/**
 * Tells critical and error events of groups whose table does not answer, one notice a group with its count in this
 * batch; a source that opens more of them than a storm has incidents gets one notice that names them. Events of other
 * levels are told to nobody. What failed for another reason must come again.
 */
export async function tellUngrouped(
  groups: readonly FailedGroup[],
  { receivers, storm }: UngroupedPorts,
): Promise<Ungrouped> {
  const failed = new Map<number, string>();
  const down = groups.filter(({ fault }) => isTableFault(fault));
  const others = groups.filter(({ fault }) => !isTableFault(fault));
  for (const group of others) failRecords(failed, group.events, group.fault);
  const urgent = down.map(({ events }) => events.filter(isUrgent)).filter((events) => events.length > 0);
  const told = noticesFor(urgent, storm);
  const { refused, taken } = await deliverPending(
    told.map(({ notice, to }) => ({ pending: [notice], to })),
    receivers,
  );
  for (const { notice, events } of told) {
    const reasons = refused.filter(({ id }) => id === notice.id).map(({ reason }) => reason);
    // Whoever else got it shall not get it again and again because one receiver is out of reach.
    if (taken.has(notice.id) || reasons.length === 0) continue;
    failRecords(failed, events, new Fault('unavailable', reasons.join('; ')));
  }
  const elsewhere = new Set([...others.flatMap(({ events }) => events), ...urgent.flat()].map(({ index }) => index));
  const untold = down.flatMap(({ events }) => events).map(({ index }) => index);
  return { failed, untold: untold.filter((index) => !elsewhere.has(index)) };
}

interface Told {
  notice: Notice;
  to: readonly string[];
  events: readonly RoutedEvent[];
}

/** One notice for each group, or one for all of a source's groups when there are too many. */
function noticesFor(groups: readonly RoutedEvent[][], { incidents: most }: StormSettings): Told[] {
  const bySource = Map.groupBy(groups, ([first]) => (first ? stormKey(first) : ''));
  return [...bySource.values()].flatMap((ofSource) => {
    const told = ofSource.map(toldOf);
    return most > 0 && told.length > most ? [inOne(told)] : told;
  });
}

function toldOf(events: readonly RoutedEvent[]): Told {
  const [first, ...others] = events as [RoutedEvent, ...RoutedEvent[]];
  return { notice: ungroupedNotice(first, others), to: first.way.route.to, events };
}

const MOST_NAMED = 100;

function inOne(all: readonly Told[]): Told {
  const [{ notice: first, to }] = all as [Told];
  const notices = all.map(({ notice }) => notice);
  const notice: Notice = {
    ...first,
    id: `${first.id}#storm`,
    level: notices.reduce((severest, { level }) => moreSevere(level, severest), first.level),
    title: titleOf(first.source, `storm, ${all.length} incidents at the same time`),
    count: notices.reduce((sum, { count }) => sum + count, 0),
    incidents: notices.slice(0, MOST_NAMED).map(({ fingerprint, title }) => ({ fingerprint, title })),
  };
  return { notice, to, events: all.flatMap(({ events }) => events) };
}

function isUrgent({ event }: RoutedEvent): boolean {
  return categoryOf(event.level) === 'error';
}

/** The table does not answer, as against a group that could not be folded this time. */
export function isTableFault(fault: unknown): boolean {
  return fault instanceof Fault && ['unavailable', 'throttled', 'denied', 'missing', 'resting'].includes(fault.code);
}
