import type { Table } from './ports.ts';
import { type BatchCounts, receiptScope } from './receipts.ts';

const PAGE = 100;

export const NO_COUNTS: BatchCounts = { received: 0, projected: 0, duplicates: 0, filtered: 0, quarantined: 0 };

/** What a consumer has done with, over the shards: the sum of its receipts, which live a day longer than the records. */
export async function sumReceipts(ledger: Table, consumer: string, shardIds: readonly string[]): Promise<BatchCounts> {
  const sum = { ...NO_COUNTS };
  for (const shardId of shardIds) {
    let from: string | undefined;
    for (;;) {
      const receipts = await ledger.query({ partition: receiptScope(consumer, shardId), from, limit: PAGE });
      for (const receipt of receipts) {
        for (const name of Object.keys(sum) as (keyof BatchCounts)[]) sum[name] += Number(receipt[name] ?? 0);
      }
      const last = receipts.at(-1);
      if (receipts.length < PAGE || !last) break;
      from = `${last.entry as string}\u0000`;
    }
  }
  return sum;
}
