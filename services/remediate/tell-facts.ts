import type { LogEvent } from '../../shared/events/event.ts';
import { eventOf, eventsOf, REMEDIATION_SOURCE } from '../../shared/remediation/report.ts';
import { packEvents } from '../../shared/stream/pack.ts';
import type { Clock, SendChunk, SendFailure } from '../../shared/stream/ports.ts';
import { putRecords, type StreamEntry } from '../../shared/stream/put-records.ts';
import type { TellFacts } from './restart.ts';

/** Puts events on the stream, each group of them as one record: all of a group arrive, or none. */
async function putGroups(
  groups: readonly (readonly LogEvent[])[],
  ports: { send: SendChunk<StreamEntry>; clock: Clock },
): Promise<SendFailure[]> {
  const entries = groups.map((events) => {
    const [data = new Uint8Array()] = packEvents(events, { maxBytes: Number.POSITIVE_INFINITY });
    return { data, partitionKey: events[0]?.attributes?.instance ?? REMEDIATION_SOURCE };
  });
  return (await putRecords(entries, ports)).unsent;
}

/** Tells facts to the stream: what an instance went through stays in order. */
export function tellStream(ports: { send: SendChunk<StreamEntry>; clock: Clock }): TellFacts {
  return (facts) => putGroups(facts.map(eventsOf), ports);
}

/** Puts the events of something that is no fact of an instance, together. */
export function putTogether(ports: { send: SendChunk<StreamEntry>; clock: Clock }) {
  return (events: readonly LogEvent[]) => putGroups([events], ports);
}

export function tellTopic(publish: (events: readonly LogEvent[]) => Promise<SendFailure[]>): TellFacts {
  return (facts) => publish(facts.map(eventOf));
}
