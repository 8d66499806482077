import { backoffMilliseconds, DEFAULT_ATTEMPTS, PATIENCE_MILLISECONDS, withRetry } from './backoff.ts';
import { Fault } from './fault.ts';
import type { Clock, Item, ItemKey, Table } from './ports.ts';
import { sendAll } from './send-all.ts';

/** BatchGetItem takes 100 keys, BatchWriteItem 25 items and 16 MB. Source: DynamoDB API reference. */
const KEYS_PER_READ = 100;
const ITEMS_PER_WRITE = { count: 25, bytes: 16 * 1024 * 1024 };

/**
 * Reads all items that exist, each once. What was throttled is asked for again; rejects when some stay unread. A key may be
 * named twice, as by two queries between which an item moved: DynamoDB refuses a call that does. Source: BatchGetItem.
 */
export async function readItems(table: Table, named: readonly ItemKey[], clock: Clock): Promise<Item[]> {
  const keys = [...new Map(named.map((key) => [JSON.stringify(key), key])).values()];
  const items: Item[] = [];
  for (let start = 0; start < keys.length; start += KEYS_PER_READ) {
    items.push(...(await readChunk(table, keys.slice(start, start + KEYS_PER_READ), clock)));
  }
  return items;
}

async function readChunk(table: Table, keys: ItemKey[], clock: Clock): Promise<Item[]> {
  const items: Item[] = [];
  let waiting = keys;
  for (let attempt = 0; attempt < DEFAULT_ATTEMPTS; attempt++) {
    const answer = await withRetry(() => table.getMany(waiting), clock);
    items.push(...answer.items);
    if (answer.unread.length === 0) return items;
    waiting = answer.unread;
    await clock.sleep(backoffMilliseconds(attempt, clock));
  }
  throw new Fault('throttled', `${waiting.length} items stayed unread after ${DEFAULT_ATTEMPTS} tries`);
}

/** Items of one partition in the order of their sort key, page by page: who stops early reads no more. */
export async function* queryItems(
  table: Table,
  { partition, from, sortKey, page }: { partition: string; from?: string; sortKey: string; page: number },
  clock: Clock,
): AsyncGenerator<Item, void, undefined> {
  let start = from;
  for (;;) {
    const items = await withRetry(() => table.query({ partition, from: start, limit: page }), clock);
    yield* items;
    const last = items.at(-1);
    if (items.length < page || !last) return;
    // The least text after the last one.
    start = `${last[sortKey] as string}\u0000`;
  }
}

/** Writes items without conditions. Answers those that could not be written, by index. */
export function writeItems(table: Table, items: readonly Item[], clock: Clock) {
  return sendAll(items, {
    clock,
    patience: PATIENCE_MILLISECONDS,
    limits: ITEMS_PER_WRITE,
    sizeOf: itemSize,
    send: async (chunk) => {
      const { unwritten } = await table.putMany([...chunk]);
      return unwritten.map((item) => ({ index: chunk.indexOf(item), reason: 'throttled: unprocessed' }));
    },
  });
}

/** Writes items without conditions. Rejects when some could not be written. */
export async function putItems(table: Table, items: readonly Item[], clock: Clock): Promise<void> {
  const { unsent } = await writeItems(table, items, clock);
  const first = unsent[0];
  if (first) throw new Fault('throttled', `${unsent.length} of ${items.length} items not written: ${first.reason}`);
}

/** Deletes keys, one try: for what may also stay. */
export async function deleteItems(table: Table, keys: readonly ItemKey[]): Promise<void> {
  for (let start = 0; start < keys.length; start += ITEMS_PER_WRITE.count) {
    await table.deleteMany(keys.slice(start, start + ITEMS_PER_WRITE.count));
  }
}

/** Roughly what DynamoDB counts: names and values. Only for filling calls, never for billing. */
function itemSize(item: Item): number {
  let bytes = 0;
  for (const [name, value] of Object.entries(item)) {
    bytes += name.length + (value instanceof Uint8Array ? value.byteLength : (JSON.stringify(value)?.length ?? 0) * 3);
  }
  return bytes;
}
