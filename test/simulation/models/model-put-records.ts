import { Fault } from '../../../shared/stream/fault.ts';
import type { SendChunk, SendFailure, StreamRecord } from '../../../shared/stream/ports.ts';
import type { StreamEntry } from '../../../shared/stream/put-records.ts';
import type { Random } from '../random.ts';
import type { Scheduler } from '../scheduler.ts';
import { ModelStream } from './model-stream.ts';

/** Asked entry by entry, in order: the reason for which the stream does not take this one. */
export type Refuse = (index: number) => string | undefined;

/** An entry that is on the stream. */
export interface Taken<E> {
  record: StreamRecord;
  entry: E;
}

export interface TakeOptions<E extends StreamEntry> {
  stream: ModelStream;
  onTaken: (taken: Taken<E>) => void;
  /** Asked once for each call that is within the limits. */
  refusing: () => Refuse;
}

/** What the stream does with one call: refuses it as a whole, or takes it entry by entry and names what it did not take. */
export function takeCall<E extends StreamEntry>(entries: readonly E[], options: TakeOptions<E>): SendFailure[] {
  const { stream, onTaken, refusing } = options;
  ModelStream.checkCall(entries);
  const refuse = refusing();
  const failures: SendFailure[] = [];
  for (const [index, entry] of entries.entries()) {
    const reason = refuse(index);
    if (reason === undefined) onTaken({ record: stream.put(entry), entry });
    else failures.push({ index, reason });
  }
  return failures;
}

export interface ModelPutRecordsOptions<E extends StreamEntry> extends TakeOptions<E> {
  scheduler: Scheduler;
  random: Random;
  /** What a trace calls it. */
  label: string;
  /** What the call as a whole meets, before it has any effect. */
  refusal?: () => Fault | undefined;
  /** Asked of calls that were taken whole: whether their sender hears of it only as a time-out. */
  losesAnswer: () => boolean;
}

/** Virtual milliseconds. */
const LATENCY = { from: 5, to: 60 };
/** Of the SDK's clients. Source: `shared/aws/clients.ts`. */
const CLIENT_TIMEOUT = 5_000;

/** `PutRecords` as a process calls it that does not die: with the way there and back. Source: FACTS.md, "Kinesis". */
export function modelPutRecords<E extends StreamEntry>(options: ModelPutRecordsOptions<E>): SendChunk<E> {
  const { scheduler, random, label, refusal, losesAnswer } = options;
  return async (entries) => {
    await scheduler.sleep(random.between(LATENCY.from, LATENCY.to), label);
    const fault = refusal?.();
    if (fault) throw fault;
    const failures = takeCall(entries, options);
    if (failures.length > 0 || !losesAnswer()) return failures;
    await scheduler.sleep(CLIENT_TIMEOUT, `${label} times out`);
    throw new Fault('unavailable', 'PutRecords did not answer in time');
  };
}

/** Refuses the first entry, so that a call that is struck shows it, and others by chance. */
export function refusePart(random: Random, onRefused: () => void): Refuse {
  return (index) => {
    if (index > 0 && !random.chance(0.3)) return undefined;
    onRefused();
    return 'ProvisionedThroughputExceededException';
  };
}

export const refuseNone: Refuse = () => undefined;
