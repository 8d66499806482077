import { decodeEvent } from '../../shared/events/decode.ts';
import type { LogEvent } from '../../shared/events/event.ts';
import { packBySource } from '../../shared/stream/pack-by-source.ts';
import type { Clock, SendChunk } from '../../shared/stream/ports.ts';
import { putRecords, type StreamEntry } from '../../shared/stream/put-records.ts';

export interface IngestHttpPorts {
  send: SendChunk<StreamEntry>;
  clock: Clock;
  /** The id of an event that brings none, from milliseconds since 1970. */
  newId(now: number): string;
}

/** What became of the events of a request, each in the order of the body. */
export type Ingested =
  | { status: 'accepted'; ids: string[] }
  | { status: 'refused'; events: { id: string; accepted: boolean }[]; reasons: string[] };

/**
 * No record of a call is tried again so long after its first try. A request is two calls at most, whose last tries take
 * five seconds, and API Gateway waits 29 s for the answer.
 */
const PATIENCE_MILLISECONDS = 6_000;

/**
 * Puts the events of a request onto the stream. They have been checked: each is what `httpEvent` takes. Their ids, given
 * or made, are answered, so that a request of which something was refused can be sent again without a second effect.
 */
export async function ingestHttp(
  bodies: readonly unknown[],
  { send, clock, newId }: IngestHttpPorts,
): Promise<Ingested> {
  const arrivedAt = clock.now();
  const events = bodies.map((json): LogEvent => {
    const arrival = { id: newId(arrivedAt), arrivedAt, source: 'http' };
    return decodeEvent({ json, text: JSON.stringify(json) }, arrival);
  });
  const entries = packBySource(events);
  const { unsent } = await putRecords(entries, { send, clock, patience: PATIENCE_MILLISECONDS });
  if (unsent.length === 0) return { status: 'accepted', ids: events.map(({ id }) => id) };
  const refused = new Set(unsent.flatMap(({ index }) => entries[index]?.events ?? []));
  return {
    status: 'refused',
    events: events.map((event) => ({ id: event.id, accepted: !refused.has(event) })),
    reasons: [...new Set(unsent.map(({ reason }) => reason))],
  };
}
