import { eventIdHash } from '../events/event-id.ts';
import { hashesFromDoubles, sortedFromBytes, sortedToBytes } from './hash-bytes.ts';
import type { Clock, Item, StreamRecord, Table } from './ports.ts';
import {
  compareSequenceNumbers,
  parseSequenceNumber,
  type SequenceNumber,
  sortableSequenceNumber,
} from './sequence-number.ts';
import { putItems, queryItems } from './table-calls.ts';

/**
 * A receipt says exactly which records of a batch a consumer has done with. A record that comes again, however late,
 * is known by it: nothing is inferred from the order of sequence numbers, so a second mapping, a parallelization
 * factor or a gap can never make an unseen record look done.
 */
export interface Receipt {
  consumer: string;
  /** The records that are done, of one shard, in order. */
  records: readonly StreamRecord[];
  counts: BatchCounts;
}

/** What became of the events of a batch: received = projected + duplicates + filtered + quarantined. */
export interface BatchCounts {
  received: number;
  projected: number;
  duplicates: number;
  filtered: number;
  quarantined: number;
}

/** A receipt outlives its records: Kinesis keeps them at most 365 days, by default one. */
const DAY_SECONDS = 86_400;

const PAGE = 25;
/** Batches of one shard that may overlap: ten by parallelization factor, two mappings, and room. */
const OVERLAP = 40;

export function receiptScope(consumer: string, shardId: string): string {
  return `receipt#${consumer}#${shardId}`;
}

export async function writeReceipt(
  ledger: Table,
  receipt: Receipt,
  { clock, retentionHours }: { clock: Clock; retentionHours: number },
): Promise<void> {
  const first = receipt.records[0];
  const last = receipt.records.at(-1);
  if (!first || !last) return;
  const hashes = receipt.records.map((record) => eventIdHash(record.sequenceNumber));
  const item: Item = {
    scope: receiptScope(receipt.consumer, first.shardId),
    // By the last record, so that one query finds what may overlap a batch; unique by what it covers.
    entry: `${sortableSequenceNumber(last.sequenceNumber)}#${first.sequenceNumber}#${eventIdHash(hashes.join()).toString(36)}`,
    from: first.sequenceNumber,
    sorted: sortedToBytes(hashes),
    ...receipt.counts,
    at: new Date(clock.now()).toISOString(),
    expiry: Math.floor(clock.now() / 1000) + retentionHours * 3_600 + DAY_SECONDS,
  };
  await putItems(ledger, [item], clock);
}

/** The indices of the records that receipts say are done. In the ordinary course one query that finds nothing. */
export async function findDone(
  ledger: Table,
  { consumer, records, clock }: { consumer: string; records: readonly StreamRecord[]; clock: Clock },
): Promise<Set<number>> {
  const first = records[0];
  const last = records.at(-1);
  if (!first || !last) return new Set();
  const done = new Set<number>();
  const partition = receiptScope(consumer, first.shardId);
  const query = { partition, from: sortableSequenceNumber(first.sequenceNumber), sortKey: 'entry', page: PAGE };
  let beyond = 0;
  for await (const item of queryItems(ledger, query, clock)) {
    if (!startsAfter(item, last.sequenceNumber)) addHashes(done, item);
    else if (++beyond >= OVERLAP) break;
  }
  const isDone = (record: StreamRecord) => done.has(eventIdHash(record.sequenceNumber));
  return new Set(records.flatMap((record, index) => (isDone(record) ? [index] : [])));
}

/** Receipts of the first deployments hold doubles. */
function addHashes(done: Set<number>, { sorted, records }: Item): void {
  const isOld = sorted === undefined;
  const hashes = isOld ? hashesFromDoubles(records as Uint8Array) : sortedFromBytes(sorted as Uint8Array);
  for (const hash of hashes) done.add(hash);
}

function startsAfter(item: Item, sequenceNumber: SequenceNumber): boolean {
  const from = parseSequenceNumber(item.from as string);
  return from !== undefined && compareSequenceNumbers(from, sequenceNumber) > 0;
}
