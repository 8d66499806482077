import type { LogEvent } from '../../shared/events/event.ts';
import { packBySource } from '../../shared/stream/pack-by-source.ts';
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
  const entries = packBySource(events);
  const { unsent } = await putRecords(entries, { send, clock });
  const failed = unsent.reduce((sum, { index }) => sum + (entries[index]?.events.length ?? 0), 0);
  return { sent: events.length - failed, failed, reasons: [...new Set(unsent.map(({ reason }) => reason))] };
}
