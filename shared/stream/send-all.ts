import { backoffMilliseconds, DEFAULT_ATTEMPTS } from './backoff.ts';
import { describeFault, Fault, remedyOf } from './fault.ts';
import type { Clock, SendChunk, SendFailure } from './ports.ts';

export interface SendLimits {
  /** Entries in one call. */
  count: number;
  /** Bytes in one call. */
  bytes: number;
}

export interface SendAllOptions<T> {
  send: SendChunk<T>;
  limits: SendLimits;
  sizeOf: (item: T) => number;
  clock: Clock;
  /** Tries of an entry, the first included. Default 6. */
  attempts?: number;
  /** Milliseconds after which no entry is tried again. Default: no limit. */
  patience?: number;
}

export interface SendAllResult {
  sent: number;
  /** Entries that the service refused to the end, by their index in `items`, in order. */
  unsent: SendFailure[];
  /** Calls made. */
  calls: number;
}

/**
 * Sends everything in as few calls as the limits allow, and sends again only what a call refused. PutRecords,
 * PutRecordBatch, PublishBatch and BatchWriteItem all answer so: success for the call, failure for some indices.
 */
export async function sendAll<T>(items: readonly T[], options: SendAllOptions<T>): Promise<SendAllResult> {
  const unsent: SendFailure[] = [];
  let calls = 0;
  for (const chunk of chunked(items, options)) {
    const outcome = await sendChunk(items, chunk, options);
    unsent.push(...outcome.unsent);
    calls += outcome.calls;
  }
  return { sent: items.length - unsent.length, unsent, calls };
}

/** Splits the indices of `items` into runs that fit one call. An entry that is too large alone gets a call of its own. */
function* chunked<T>(items: readonly T[], { limits, sizeOf }: SendAllOptions<T>): Generator<number[]> {
  let chunk: number[] = [];
  let bytes = 0;
  for (const [index, item] of items.entries()) {
    const size = sizeOf(item);
    if (chunk.length > 0 && (chunk.length >= limits.count || bytes + size > limits.bytes)) {
      yield chunk;
      chunk = [];
      bytes = 0;
    }
    chunk.push(index);
    bytes += size;
  }
  if (chunk.length > 0) yield chunk;
}

type ChunkOutcome = Omit<SendAllResult, 'sent'>;

async function sendChunk<T>(items: readonly T[], chunk: number[], options: SendAllOptions<T>): Promise<ChunkOutcome> {
  const attempts = options.attempts ?? DEFAULT_ATTEMPTS;
  const { patience = Number.POSITIVE_INFINITY, clock } = options;
  const start = clock.now();
  let waiting = chunk;
  for (let attempt = 0; ; attempt++) {
    const { failures, fault } = await trySend(items, waiting, options.send);
    const calls = attempt + 1;
    const isOver = calls >= attempts || clock.now() - start >= patience;
    if (fault === 'invalid' && waiting.length > 1) return sendApart(items, { waiting, calls }, options);
    if (failures.length === 0 || fault === 'final' || isOver || fault === 'invalid') return { unsent: failures, calls };
    waiting = failures.map((failure) => failure.index);
    await clock.sleep(backoffMilliseconds(attempt, clock));
  }
}

/** The service took the call as a whole for invalid. By halves it is found which entry is: that one holds up no other. */
async function sendApart<T>(
  items: readonly T[],
  { waiting, calls }: { waiting: number[]; calls: number },
  options: SendAllOptions<T>,
): Promise<ChunkOutcome> {
  const middle = waiting.length >> 1;
  const first = await sendChunk(items, waiting.slice(0, middle), options);
  const second = await sendChunk(items, waiting.slice(middle), options);
  return { unsent: [...first.unsent, ...second.unsent], calls: calls + first.calls + second.calls };
}

async function trySend<T>(items: readonly T[], waiting: number[], send: SendChunk<T>) {
  try {
    const failures = await send(waiting.map((index) => items[index] as T));
    const named = failures.map(({ index, reason }) => ({ index: waiting[index] as number, reason }));
    return { failures: named.sort((a, b) => a.index - b.index), fault: 'none' as const };
  } catch (error) {
    return { failures: waiting.map((index) => ({ index, reason: describeFault(error) })), fault: kindOf(error) };
  }
}

/** The call as a whole failed: denied or invalid stays so, everything else may pass. */
function kindOf(error: unknown): 'invalid' | 'final' | 'passing' {
  if (!(error instanceof Fault) || remedyOf(error.code) !== 'retry-later') return 'passing';
  return error.code === 'invalid' ? 'invalid' : 'final';
}
