import { type AlertEvent, ungroupedNotice } from '../../shared/alerts/alert-group.ts';
import { moreSevere } from '../../shared/alerts/group-window.ts';
import { type Notice, titleOf } from '../../shared/alerts/notice.ts';
import { deliverPending, type Receivers } from '../../shared/alerts/outbox.ts';
import { LEVEL_TOPIC } from '../../shared/alerts/routing-tree.ts';
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
  for (const { events, reason } of await tellSomebody(noticesFor(urgent, storm), receivers)) {
    failRecords(failed, events, new Fault('unavailable', reason));
  }
  const elsewhere = new Set([...others.flatMap(({ events }) => events), ...urgent.flat()].map(({ index }) => index));
  const untold = down.flatMap(({ events }) => events).map(({ index }) => index);
  return { failed, untold: untold.filter((index) => !elsewhere.has(index)) };
}

interface Unheard extends Told {
  reason: string;
}

/**
 * Answers what nobody took. Without the table there is no outbox: a notice whose own receiver is out of reach, and whose
 * events nobody else heard of, goes to the topic of its level, so that one dead receiver does not hold up the others.
 */
async function tellSomebody(told: readonly Told[], receivers: Receivers): Promise<Unheard[]> {
  const unheard = await tell(told, receivers);
  const missed = new Set(unheard.map(({ notice }) => notice.id));
  const heard = new Set(
    told.filter(({ notice }) => !missed.has(notice.id)).flatMap(({ events }) => events.map(({ index }) => index)),
  );
  const alone = unheard
    .map((one) => ({ ...one, events: one.events.filter(({ index }) => !heard.has(index)) }))
    .filter(({ events }) => events.length > 0);
  const elsewhere = alone.filter(({ to }) => !to.includes(LEVEL_TOPIC)).map((one) => ({ ...one, to: [LEVEL_TOPIC] }));
  return [...alone.filter(({ to }) => to.includes(LEVEL_TOPIC)), ...(await tell(elsewhere, receivers))];
}

/** Whoever else got a notice shall not get it again and again because one receiver is out of reach: one is enough. */
async function tell(told: readonly Told[], receivers: Receivers): Promise<Unheard[]> {
  const { refused, taken } = await deliverPending(
    told.map(({ notice, to }) => ({ pending: [notice], to })),
    receivers,
  );
  return told.flatMap((one) => {
    const reasons = refused.filter(({ id }) => id === one.notice.id).map(({ reason }) => reason);
    return taken.has(one.notice.id) || reasons.length === 0 ? [] : [{ ...one, reason: reasons.join('; ') }];
  });
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
