import type { LogEvent } from '../../shared/events/event.ts';
import { type LineEventOptions, lineEvent } from './line-event.ts';
import type { Line } from './read-lines.ts';
import { type SendOptions, sendEvents } from './send-events.ts';

/** What became of the lines: `read` = `put` + `skipped` + `failed`, when nothing is repeated. */
export interface PutSummary {
  /** Lines read. */
  read: number;
  /** Events on the stream. */
  put: number;
  /** Events sent a second time on purpose, not counted in `put`. */
  repeated: number;
  /** Lines of blanks. */
  skipped: number;
  /** Events, repeats included, that could not be sent. */
  failed: number;
  /** Why they could not be sent, each reason once. */
  reasons: string[];
}

export interface PutLinesOptions extends LineEventOptions, SendOptions {
  /** Every n-th event is sent twice with the same id. Missing: none. */
  repeatEvery?: number;
  onProgress(summary: Readonly<PutSummary>): void;
}

const BATCH_EVENTS = 2_000;

/**
 * Puts each line as one event, in order, holding no more than a batch of them. A repeat goes out with the batch after
 * its first, so that it comes in another record. Stops at the first batch of which nothing could be sent.
 */
export async function putLines(lines: AsyncIterable<Line>, options: PutLinesOptions): Promise<PutSummary> {
  const summary: PutSummary = { read: 0, put: 0, repeated: 0, skipped: 0, failed: 0, reasons: [] };
  let batch: LogEvent[] = [];
  let repeats: LogEvent[] = [];
  let events = 0;
  const flush = async (): Promise<boolean> => {
    const [sending, again] = [batch, repeats];
    batch = [];
    repeats = everyNth(sending, events, options.repeatEvery);
    events += sending.length;
    const sent = await send(sending, options, summary);
    summary.put += sent;
    summary.repeated += await send(again, options, summary);
    options.onProgress(summary);
    return sent > 0 || sending.length === 0;
  };
  for await (const line of lines) {
    summary.read++;
    const event = lineEvent(line, options);
    if (event) batch.push(event);
    else summary.skipped++;
    if (batch.length >= BATCH_EVENTS && !(await flush())) return summary;
  }
  if ((await flush()) && repeats.length > 0) await flush();
  return summary;
}

async function send(events: LogEvent[], options: SendOptions, summary: PutSummary): Promise<number> {
  if (events.length === 0) return 0;
  const { sent, failed, reasons } = await sendEvents(events, options);
  summary.failed += failed;
  summary.reasons = [...new Set([...summary.reasons, ...reasons])];
  return sent;
}

/** Those of the batch whose number in the whole file, from 1, is a multiple of n. */
function everyNth(batch: LogEvent[], before: number, n: number | undefined): LogEvent[] {
  return n === undefined ? [] : batch.filter((_, index) => (before + index + 1) % n === 0);
}
