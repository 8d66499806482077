import { describeFault, Fault } from './fault.ts';
import type { Clock, StreamRecord, Table } from './ports.ts';
import { type ReadBatch, readBatch } from './read-batch.ts';
import { type BatchCounts, findDone, type Receipt, writeReceipt } from './receipts.ts';
import { SEEN_LIMITS } from './seen.ts';
import { compareSequenceNumbers, type SequenceNumber } from './sequence-number.ts';

/** What a function answers to a Kinesis mapping with ReportBatchItemFailures. */
export interface BatchResponse {
  batchItemFailures: { itemIdentifier: string }[];
}

/** What a consumer made of a batch. A record that is not failed is done with, for ever. */
export interface Handled {
  /** Indices of records that must come again, and why. */
  failed: Map<number, string>;
  /** Indices of events that had their effect before. */
  duplicates: ReadonlySet<number>;
  /** Indices of events that this consumer keeps nothing of. */
  filtered: ReadonlySet<number>;
  /** Whether effects stand that only a receipt keeps from repeating when the batch comes again long after. */
  needsReceipt?: boolean;
}

export interface Consumer {
  name: string;
  handle(batch: ReadBatch, deadline: number): Promise<Handled>;
  /**
   * When the ledger does not answer: `fail` gives the batch back, `proceed` goes on without it, for consumers whose
   * effects may repeat but must not wait. A batch that may be a replay waits for a ledger that is only busy.
   */
  withoutLedger: 'fail' | 'proceed';
}

export interface ConsumePorts {
  ledger: Table;
  clock: Clock;
  /** How long the stream keeps a record: a receipt lasts a day longer. */
  retentionHours: number;
  /** Milliseconds since 1970 by which the answer must be given. */
  deadline: number;
  /** Where the outcome of the batch is told: metrics and one log line. */
  report?: (outcome: BatchOutcome) => void;
}

export interface BatchOutcome {
  consumer: string;
  records: number;
  /** Records that receipts said were done before. */
  repeated: number;
  /** Records that carried no event, such as control messages. */
  empty: number;
  counts: BatchCounts;
  /** Reasons of failed records, each once, without payload. */
  failures: string[];
  /** Why it was done with although no receipt says so: a replay, when its ids are forgotten, counts it again. */
  withoutReceipt?: string | undefined;
}

/**
 * Runs one batch through a consumer: skips what is done, reads the rest, lets the consumer work, writes a receipt for
 * exactly what is done now, and answers with the lowest failed record. The mapping brings that one and all after it
 * again; the receipt makes those that were done pass by.
 */
export async function consumeBatch(
  records: readonly StreamRecord[],
  consumer: Consumer,
  ports: ConsumePorts,
): Promise<BatchResponse> {
  const { ledger, clock } = ports;
  let done = new Set<number>();
  let ledgerAnswers = true;
  try {
    done = await findDone(ledger, { consumer: consumer.name, records, clock });
  } catch (fault) {
    if (consumer.withoutLedger === 'fail' || isWorthWaiting(fault, records[0], clock))
      return giveBack(records, consumer, ports, describeFault(fault));
    ledgerAnswers = false;
  }
  const batch = readBatch(records, (index) => done.has(index));
  const handled = await consumer.handle(batch, ports.deadline);
  const counts = countBatch(batch, handled);
  const finished = records.filter((_, index) => !handled.failed.has(index));
  let withoutReceipt: string | undefined;
  if (finished.length > done.size) {
    withoutReceipt = await leaveReceipt({ consumer: consumer.name, records: finished, counts }, ports);
    // The groups' own memory knows the batch for a while, not for as long as a mapping may bring it again: only a
    // receipt does. So the batch comes again at once, changes nothing, and leaves its receipt then. Who goes on without
    // the ledger does so only while it cannot be read either: else a replay counts twice (simulation, seed 7590).
    const waits = consumer.withoutLedger === 'fail' || (handled.needsReceipt && ledgerAnswers);
    if (withoutReceipt !== undefined && waits) return giveBack(records, consumer, ports, withoutReceipt);
  }
  const failures = [...new Set(handled.failed.values())];
  ports.report?.({
    consumer: consumer.name,
    records: records.length,
    repeated: done.size,
    empty: batch.empty,
    counts,
    failures,
    withoutReceipt,
  });
  return batchResponse([...handled.failed.keys()].map((index) => records[index] as StreamRecord));
}

/** Answers why it could not be written. */
async function leaveReceipt(
  receipt: Receipt,
  { ledger, clock, retentionHours }: ConsumePorts,
): Promise<string | undefined> {
  try {
    await writeReceipt(ledger, receipt, { clock, retentionHours });
    return undefined;
  } catch (fault) {
    return describeFault(fault);
  }
}

/**
 * Whether who would go on without receipts waits for them: of an old batch only they can tell what is done, for the groups'
 * own ids are forgotten after ten minutes, and a replay would count again what it brings (simulation, seed 7070). What has
 * just arrived does not wait, and nothing waits for a ledger that is down.
 */
function isWorthWaiting(fault: unknown, oldest: StreamRecord | undefined, clock: Clock): boolean {
  const isBusy = fault instanceof Fault && fault.code === 'throttled';
  return isBusy && oldest !== undefined && clock.now() - oldest.arrivedAt > SEEN_LIMITS.milliseconds;
}

/** Names the lowest failed sequence number, and only that: Lambda takes the lowest as the checkpoint anyway. */
export function batchResponse(failed: readonly { sequenceNumber: SequenceNumber }[]): BatchResponse {
  const lowest = failed
    .map((record) => record.sequenceNumber)
    .reduce<SequenceNumber | undefined>(
      (a, b) => (a !== undefined && compareSequenceNumbers(a, b) <= 0 ? a : b),
      undefined,
    );
  return { batchItemFailures: lowest === undefined ? [] : [{ itemIdentifier: lowest }] };
}

function giveBack(
  records: readonly StreamRecord[],
  consumer: Consumer,
  ports: ConsumePorts,
  reason: string,
): BatchResponse {
  const counts = { received: 0, projected: 0, duplicates: 0, filtered: 0, quarantined: 0 };
  ports.report?.({
    consumer: consumer.name,
    records: records.length,
    repeated: 0,
    empty: 0,
    counts,
    failures: [reason],
  });
  return batchResponse(records);
}

/**
 * Counts what is done with; what failed is counted when it comes again. An event that a consumer calls both a duplicate and
 * filtered counts as both, so that the sum is unequal and shows the fault.
 */
function countBatch({ events, rejected }: ReadBatch, { failed, duplicates, filtered }: Handled): BatchCounts {
  const done = events.filter(({ record }) => !failed.has(record));
  const counts = {
    duplicates: done.filter(({ index }) => duplicates.has(index)).length,
    filtered: done.filter(({ index }) => filtered.has(index)).length,
    quarantined: rejected.filter(({ record }) => !failed.has(record)).length,
  };
  const isMixed = counts.duplicates > 0 && counts.filtered > 0;
  const both = isMixed ? done.filter(({ index }) => duplicates.has(index) && filtered.has(index)).length : 0;
  const projected = done.length - counts.duplicates - counts.filtered + both;
  return { received: done.length + counts.quarantined, projected, ...counts };
}
