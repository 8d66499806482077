import type { Clock, Item, Table } from './ports.ts';
import { type BatchCounts, receiptScope } from './receipts.ts';
import { queryItems } from './table-calls.ts';

const PAGE = 100;

const NO_COUNTS: BatchCounts = { received: 0, projected: 0, duplicates: 0, filtered: 0, quarantined: 0 };

/** What a consumer has done with, over the shards: the sum of its receipts, which live a day longer than the records. */
export async function sumReceipts(
  { ledger, clock }: { ledger: Table; clock: Clock },
  consumer: string,
  shardIds: readonly string[],
): Promise<BatchCounts> {
  const sum = { ...NO_COUNTS };
  for (const shardId of shardIds) {
    const query = { partition: receiptScope(consumer, shardId), sortKey: 'entry', page: PAGE };
    for await (const receipt of queryItems(ledger, query, clock)) addCounts(sum, receipt);
  }
  return sum;
}

function addCounts(sum: BatchCounts, receipt: Item): void {
  for (const name of Object.keys(sum) as (keyof BatchCounts)[]) sum[name] += Number(receipt[name] ?? 0);
}
