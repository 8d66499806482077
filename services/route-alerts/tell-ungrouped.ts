import { type AlertEvent, ungroupedNotice } from '../../shared/alerts/alert-group.ts';
import { deliverPending, type Receivers } from '../../shared/alerts/outbox.ts';
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

/**
 * Tells critical and error events of groups whose table does not answer, one notice a group with its count in this
 * batch. Events of other levels are told to nobody. What failed for another reason must come again.
 */
export async function tellUngrouped(groups: readonly FailedGroup[], receivers: Receivers): Promise<Ungrouped> {
  const failed = new Map<number, string>();
  const isDown = ({ fault }: FailedGroup) => isTableFault(fault);
  for (const group of groups.filter((one) => !isDown(one))) failRecords(failed, group.events, group.fault);
  for (const group of groups.filter(isDown)) {
    const [first, ...others] = group.events.filter(isUrgent);
    if (first === undefined) continue;
    const pending = [ungroupedNotice(first, others)];
    const { refused, taken } = await deliverPending([{ pending, to: first.way.route.to }], receivers);
    const reasons = refused.map(({ reason }) => reason).join('; ');
    // Whoever else got it shall not get it again and again because one receiver is out of reach.
    if (refused.length > 0 && taken.size === 0) {
      failRecords(failed, group.events.filter(isUrgent), new Fault('unavailable', reasons));
    }
  }
  const told = groups.filter((one) => !isDown(one)).flatMap(({ events }) => events);
  const elsewhere = new Set(
    [...told, ...groups.flatMap(({ events }) => events.filter(isUrgent))].map(({ index }) => index),
  );
  const untold = groups.filter(isDown).flatMap(({ events }) => events);
  return { failed, untold: untold.map(({ index }) => index).filter((index) => !elsewhere.has(index)) };
}

function isUrgent({ event }: RoutedEvent): boolean {
  return categoryOf(event.level) === 'error';
}

/** The table does not answer, as against a group that could not be folded this time. */
function isTableFault(fault: unknown): boolean {
  return fault instanceof Fault && ['unavailable', 'throttled', 'denied', 'missing', 'resting'].includes(fault.code);
}
