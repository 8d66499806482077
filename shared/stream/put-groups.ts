import type { LogEvent } from '../events/event.ts';
import { packEvents } from './pack.ts';
import type { Clock, SendChunk, SendFailure } from './ports.ts';
import { putRecords, type StreamEntry } from './put-records.ts';

/**
 * Puts events on the stream, each group of them as one record: all of a group arrive, or none. Answers the groups that
 * could not be put, by index. `keyOf` names what must stay in order.
 */
export async function putGroups(
  groups: readonly (readonly LogEvent[])[],
  { keyOf, ...ports }: { send: SendChunk<StreamEntry>; clock: Clock; keyOf: (event: LogEvent) => string },
): Promise<SendFailure[]> {
  const entries = groups.map((events) => {
    const [data = new Uint8Array()] = packEvents(events, { maxBytes: Number.POSITIVE_INFINITY });
    return { data, partitionKey: events[0] ? keyOf(events[0]) : 'none' };
  });
  return (await putRecords(entries, ports)).unsent;
}
