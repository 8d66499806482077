import { hashesFromBytes, hashesToBytes } from './hash-bytes.ts';
import type { Item } from './ports.ts';

/**
 * The memory that makes a fold idempotent: hashes of the ids that a group has folded already.
 *
 * It holds the last 1,024 events or the last 10 minutes, whichever is more. The newest ids stand in the group's own
 * item; when there are 64 of them they are sealed into a page of the ledger, which is never changed afterwards. So the
 * item stays small (a DynamoDB write is billed by the item's size, a read of a page is twenty times cheaper a byte),
 * nears no size limit in a storm, and a page that was read once can be kept in memory.
 */
export interface Seen {
  open: OpenIds;
  /** Oldest first. */
  pages: PageReference[];
}

interface OpenIds {
  hashes: number[];
  newestArrival: number;
  shards: string[];
}

export interface PageReference {
  id: string;
  count: number;
  /** Arrival of its newest event, milliseconds since 1970. */
  newestArrival: number;
  /** Shards that its events came from. */
  shards: string[];
}

export interface Page {
  id: string;
  hashes: number[];
}

export interface SeenLimits {
  /** Ids that are always remembered. Default 1,024. */
  events: number;
  /** Age up to which ids are remembered however many they are. Default 10 minutes. */
  milliseconds: number;
  /** Ids in the item before they are sealed. Default 64. */
  open: number;
  /** Ids in a page: 8 bytes each, an item takes 400 KB. Default 32,000. */
  page: number;
  /** Longest that a record can wait to come again: the newest page of each shard is kept so long. Default 24 h. */
  redelivery: number;
}

export const SEEN_LIMITS: SeenLimits = {
  events: 1_024,
  milliseconds: 10 * 60_000,
  open: 64,
  page: 32_000,
  redelivery: 24 * 3_600_000,
};

export const NOTHING_SEEN: Seen = { open: { hashes: [], newestArrival: 0, shards: [] }, pages: [] };

/** What a fold has just taken in from one batch. */
export interface NewlySeen {
  hashes: number[];
  newestArrival: number;
  shardId: string;
  /** Makes the pages' names unique: they are sealed for this version of the group. */
  version: number;
}

export interface Remembered {
  seen: Seen;
  /** To be written before the group's item names them. */
  sealed: Page[];
  /** To be deleted once the group's item no longer names them. */
  forgotten: PageReference[];
}

/** Takes in the ids of a batch, seals what is too much for the item, forgets what is beyond the promise. */
export function remember(seen: Seen, added: NewlySeen, limits: SeenLimits = SEEN_LIMITS): Remembered {
  const open: OpenIds = {
    hashes: [...seen.open.hashes, ...added.hashes],
    newestArrival: Math.max(seen.open.newestArrival, added.newestArrival),
    shards: [...new Set([...seen.open.shards, added.shardId])].sort(),
  };
  if (open.hashes.length < limits.open) return { ...forget({ open, pages: seen.pages }, limits), sealed: [] };
  const sealed = seal(open.hashes, added.version, limits.page);
  const references = sealed.map(({ id, hashes }) => ({
    id,
    count: hashes.length,
    newestArrival: open.newestArrival,
    shards: open.shards,
  }));
  const emptied = { ...NOTHING_SEEN.open, newestArrival: open.newestArrival };
  return { ...forget({ open: emptied, pages: [...seen.pages, ...references] }, limits), sealed };
}

/**
 * A page is named after the version that it is sealed for and its content. Two writers that race for one version with
 * different events make two pages, and the one that loses leaves an orphan, never a wrong page.
 */
function seal(hashes: readonly number[], version: number, size: number): Page[] {
  const pages: Page[] = [];
  for (let start = 0; start < hashes.length; start += size) {
    const part = hashes.slice(start, start + size);
    const sum = part.reduce((total, hash) => (Math.imul(total, 31) + (hash >>> 0)) >>> 0, part.length);
    pages.push({ id: `${String(version).padStart(12, '0')}-${start}-${sum.toString(16)}`, hashes: part });
  }
  return pages;
}

function forget(seen: Seen, limits: SeenLimits): { seen: Seen; forgotten: PageReference[] } {
  const now = Math.max(seen.open.newestArrival, ...seen.pages.map((page) => page.newestArrival));
  const laterShards = new Set(seen.open.shards);
  const kept: PageReference[] = [];
  const forgotten: PageReference[] = [];
  let newer = seen.open.hashes.length;
  for (const page of [...seen.pages].reverse()) {
    const age = now - page.newestArrival;
    // The newest page of a shard may hold a batch that is still being delivered again.
    const mayComeAgain = age <= limits.redelivery && page.shards.some((shard) => !laterShards.has(shard));
    const beyond = newer >= limits.events && age > limits.milliseconds && !mayComeAgain;
    (beyond ? forgotten : kept).push(page);
    newer += page.count;
    for (const shard of page.shards) laterShards.add(shard);
  }
  return { seen: { open: seen.open, pages: kept.reverse() }, forgotten };
}

/** As it stands in a group's item. */
export function seenToItem({ open, pages }: Seen): Item {
  return { ids: hashesToBytes(open.hashes), newestArrival: open.newestArrival, shards: open.shards, pages };
}

export function seenFromItem(item: unknown): Seen {
  if (typeof item !== 'object' || item === null) return NOTHING_SEEN;
  const { ids, newestArrival, shards, pages } = item as {
    ids: Uint8Array;
    newestArrival: number;
    shards: string[];
    pages: PageReference[];
  };
  return { open: { hashes: hashesFromBytes(ids), newestArrival, shards }, pages };
}
