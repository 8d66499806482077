import pMap from 'p-map';
import { failRecords } from './fail-records.ts';
import { Fault } from './fault.ts';
import type { Clock } from './ports.ts';
import type { RejectedRecord } from './read-batch.ts';

/** Keeps what could not be understood, under a name made of its record: keeping it again changes nothing. */
export type KeepQuarantined = (record: RejectedRecord) => Promise<void>;

export interface QuarantinePorts {
  quarantine: KeepQuarantined;
  clock: Clock;
  /** Milliseconds since 1970 after which none is begun. */
  deadline: number;
}

/** Records quarantined at a time: an object of some 20 ms each. */
const CONCURRENCY = 16;

/** Keeps the records of a batch that were not understood. Answers those that must come again, with the reason. */
export async function keepRejected(
  rejected: readonly RejectedRecord[],
  { quarantine, clock, deadline }: QuarantinePorts,
): Promise<Map<number, string>> {
  const failed = new Map<number, string>();
  // What no time is left for comes again: else a batch of nothing but poison would run out of it each time.
  const keepInTime = async (record: RejectedRecord) => {
    if (clock.now() >= deadline) throw new Fault('out-of-time', 'the invocation is about to end');
    await quarantine(record);
  };
  const keep = (record: RejectedRecord) =>
    keepInTime(record).catch((fault: unknown) => failRecords(failed, [record], fault));
  await pMap(rejected, keep, { concurrency: CONCURRENCY });
  return failed;
}
