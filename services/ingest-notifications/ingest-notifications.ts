import { emailFeedback } from '../../shared/alerts/email-feedback.ts';
import type { LogEvent } from '../../shared/events/event.ts';
import { alarmChange, keptFailures } from '../../shared/health/aws-message.ts';
import { Fault } from '../../shared/stream/fault.ts';
import { packEvents } from '../../shared/stream/pack.ts';
import type { Clock, SendChunk } from '../../shared/stream/ports.ts';
import { putRecords, type StreamEntry } from '../../shared/stream/put-records.ts';

export interface IngestNotificationsPorts {
  send: SendChunk<StreamEntry>;
  clock: Clock;
  /** Hears what the messages tell before it is put: what is lost must be counted most of all when the stream refuses. */
  count?: (told: IngestedNotifications) => void;
}

export interface IngestedNotifications {
  alarms: number;
  /** Batches that were given up. */
  failures: number;
  /** Emails that somebody did not get. */
  emails: number;
  /** Messages that nobody here knows: nothing was put. */
  unknown: number;
}

/**
 * Puts on the stream what AWS tells on the alarms' topic. The ids are made of what is told, so that a message that comes
 * twice counts once. Throws a `Fault` when one record could not be put: SNS then calls again.
 */
export async function ingestNotifications(
  messages: readonly string[],
  { send, clock, count }: IngestNotificationsPorts,
): Promise<IngestedNotifications> {
  const counts = { alarms: 0, failures: 0, emails: 0, unknown: 0 };
  const events = messages.flatMap((message) => {
    const { kind, events: found } = eventsOf(message, clock.now());
    counts[kind] += kind === 'unknown' ? 1 : found.length;
    return found;
  });
  count?.(counts);
  const entries = packEvents(events).map((data) => ({ data, partitionKey: 'notifications' }));
  const { unsent } = await putRecords(entries, { send, clock });
  const [first] = unsent;
  if (first === undefined) return counts;
  throw new Fault('unavailable', `${unsent.length} of ${entries.length} records could not be put: ${first.reason}`);
}

function eventsOf(message: string, now: number): { kind: keyof IngestedNotifications; events: LogEvent[] } {
  const told = parsed(message);
  const alarms = alarmChange(told, now);
  if (alarms !== undefined) return { kind: 'alarms', events: alarms };
  const failures = keptFailures(told, now);
  if (failures !== undefined) return { kind: 'failures', events: failures };
  const emails = emailFeedback(told, now);
  if (emails !== undefined) return { kind: 'emails', events: emails };
  return { kind: 'unknown', events: [] };
}

function parsed(message: string): unknown {
  try {
    return JSON.parse(message);
  } catch {
    return undefined;
  }
}
