import type { LogEvent } from '../events/event.ts';
import { packEvents } from './pack.ts';
import type { StreamEntry } from './put-records.ts';

/** A record for the stream, and the events that it holds, in their order. */
export interface PackedEntry extends StreamEntry {
  events: readonly LogEvent[];
}

const NEWLINE = 0x0a;

/**
 * Packs events into as few records as payload units allow. The source is the partition key, so that the events of a
 * source stay in order and on one shard, where a repeat is found.
 */
export function packBySource(events: readonly LogEvent[]): PackedEntry[] {
  return [...Map.groupBy(events, (event) => event.source)].flatMap(([source, group]) => {
    let start = 0;
    return packEvents(group).map((data) => {
      const packed = group.slice(start, start + countLines(data));
      start += packed.length;
      return { data, partitionKey: source, events: packed };
    });
  });
}

/** An event is one line of a record: its own line feeds are escaped. */
function countLines(data: Uint8Array): number {
  let lines = 0;
  for (const byte of data) if (byte === NEWLINE) lines++;
  return lines;
}
