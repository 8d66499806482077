import { type Arrival, decodeEvent } from '../shared/events/decode.ts';
import type { LogEvent } from '../shared/events/event.ts';
import type { SendChunk } from '../shared/stream/ports.ts';
import type { StreamEntry } from '../shared/stream/put-records.ts';
import { unpackRecord } from '../shared/stream/unpack.ts';

/** A stream in memory, and the events that consumers make of what it took. */
export function collectedEvents(): { send: SendChunk<StreamEntry>; events: () => LogEvent[] } {
  const records: Uint8Array[] = [];
  const send: SendChunk<StreamEntry> = async (entries) => {
    records.push(...entries.map(({ data }) => data));
    return [];
  };
  const arrival: Arrival = { id: 'no-id', arrivedAt: Date.now(), source: 'no-source' };
  const eventsOf = (record: Uint8Array) => {
    const unpacked = unpackRecord(record);
    if (!unpacked.ok) throw new Error(unpacked.reason);
    return unpacked.payloads.map((payload) => decodeEvent(payload, arrival));
  };
  return { send, events: () => records.flatMap(eventsOf) };
}
