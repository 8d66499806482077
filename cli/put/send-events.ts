import type { LogEvent } from '../../shared/events/event.ts';
import { packEvents } from '../../shared/stream/pack.ts';
import type { Clock, SendChunk } from '../../shared/stream/ports.ts';
import { putRecords, type StreamEntry } from '../../shared/stream/put-records.ts';

export interface SendOptions {
  send: SendChunk<StreamEntry>;
  clock: Clock;
}

export interface SentEvents {
  sent: number;
  failed: number;
  /** Why, each reason once. */
  reasons: string[];
}

/** Puts events onto the stream, many in a record, the source as the partition key so that its order holds. */
export async function sendEvents(events: readonly LogEvent[], { send, clock }: SendOptions): Promise<SentEvents> {
  const entries = [...Map.groupBy(events, (event) => event.source)].flatMap(([source, group]) =>
    packEvents(group).map((data) => ({ data, partitionKey: source, events: countLines(data) })),
  );
  const { unsent } = await putRecords(entries, { send, clock });
  const failed = unsent.reduce((sum, { index }) => sum + (entries[index]?.events ?? 0), 0);
  return { sent: events.length - failed, failed, reasons: [...new Set(unsent.map(({ reason }) => reason))] };
}

/** An event is one line of a record: its own line feeds are escaped. */
function countLines(data: Uint8Array): number {
  let lines = 0;
  for (const byte of data) if (byte === 0x0a) lines++;
  return lines;
}
