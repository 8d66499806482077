import { type AlertEvent, ungroupedNotice } from '../../shared/alerts/alert-group.ts';
import { type PublishNotices, publishByLevel } from '../../shared/alerts/outbox.ts';
import { categoryOf } from '../../shared/events/levels.ts';
import { failRecords } from '../../shared/stream/fail-records.ts';
import { Fault } from '../../shared/stream/fault.ts';
import type { ArrivedEvent } from '../../shared/stream/read-batch.ts';

export type RoutedEvent = ArrivedEvent & AlertEvent;

/** A group that could not be folded. Its events are of one fingerprint and level. */
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
export async function tellUngrouped(groups: readonly FailedGroup[], publish: PublishNotices): Promise<Ungrouped> {
  const failed = new Map<number, string>();
  const isDown = ({ fault }: FailedGroup) => isTableFault(fault);
  for (const group of groups.filter((one) => !isDown(one))) failRecords(failed, group.events, group.fault);
  for (const group of groups.filter((one) => isDown(one) && isUrgent(one))) {
    const [first, ...others] = group.events as [RoutedEvent, ...RoutedEvent[]];
    const { refused } = await publishByLevel([ungroupedNotice(first, others)], publish);
    const reasons = [...refused.values()].join('; ');
    if (refused.size > 0) failRecords(failed, group.events, new Fault('unavailable', reasons));
  }
  const untold = groups.filter((one) => isDown(one) && !isUrgent(one)).flatMap(({ events }) => events);
  return { failed, untold: untold.map(({ index }) => index) };
}

function isUrgent({ events: [first] }: FailedGroup): boolean {
  return first !== undefined && categoryOf(first.event.level) === 'error';
}

/** The table does not answer, as against a group that could not be folded this time. */
function isTableFault(fault: unknown): boolean {
  return fault instanceof Fault && ['unavailable', 'throttled', 'denied', 'missing', 'resting'].includes(fault.code);
}
