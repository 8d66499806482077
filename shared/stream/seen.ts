/**
 * The memory that makes a fold idempotent: hashes of the ids that a group has folded already.
 *
 * It holds the last 1,024 events or the last 10 minutes, whichever is more. The newest ids stand in the group's own
 * item; when there are 64 of them they are sealed into a page of the ledger, which is never changed afterwards. So the
 * item stays small (a DynamoDB write is billed by the item's size, a read of a page is twenty times cheaper a byte),
 * and a page that was read once can be kept in memory. Eight pages of like size are merged into one of the next size:
 * the item names every page, so in a storm it would near its size limit otherwise (4,500 names are 400 KB).
 */
export interface Seen {
  open: OpenIds;
  /** Oldest first. */
  pages: PageReference[];
}

interface OpenIds {
  hashes: number[];
  /** Of any event of the group so far, milliseconds since 1970. */
  newestArrival: number;
  shards: Arrivals;
}

/**
 * The shards that events came from, each with the newest arrival that the group had of it by then. It runs on: what comes
 * again belongs to no earlier time than what came before it.
 */
export type Arrivals = Readonly<Record<string, number>>;

export interface PageReference {
  id: string;
  count: number;
  /** Of any event of the group by then, milliseconds since 1970. */
  newestArrival: number;
  shards: Arrivals;
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
  /** Ids in a page: 7 bytes each, an item takes 400 KB. Default 32,000. */
  page: number;
  /** Longest that a record can wait to come again: the newest pages of each shard are kept so long. Default 24 h. */
  redelivery: number;
}

export const SEEN_LIMITS: SeenLimits = {
  events: 1_024,
  milliseconds: 10 * 60_000,
  open: 64,
  page: 32_000,
  redelivery: 24 * 3_600_000,
};

export const NOTHING_SEEN: Seen = { open: { hashes: [], newestArrival: 0, shards: {} }, pages: [] };

/** Pages of like size that make one of the next size: an id is written once, and again for each size, of which there are three. */
const MERGED_PAGES = 8;

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

/** The hashes of pages, by page id. */
export type PageContents = ReadonlyMap<string, readonly number[]>;

export interface RememberOptions {
  contents: PageContents;
  /** Ids of the pages that know some of the batch: it may come again, and must find them again. */
  needed?: ReadonlySet<string>;
  limits?: SeenLimits;
}

const NONE: ReadonlySet<string> = new Set();

/**
 * Takes in the ids of a batch, seals what is too much for the item, forgets what is beyond the promise, merges pages.
 * `contents` holds the pages that `seen` names; one that is not there, such as one of long ago, merges as empty.
 */
export function remember(
  seen: Seen,
  added: NewlySeen,
  { contents, needed = NONE, limits = SEEN_LIMITS }: RememberOptions,
): Remembered {
  const open: OpenIds = {
    hashes: [...seen.open.hashes, ...added.hashes],
    newestArrival: Math.max(seen.open.newestArrival, added.newestArrival),
    shards: {
      ...seen.open.shards,
      [added.shardId]: Math.max(newestArrivals(seen)[added.shardId] ?? 0, added.newestArrival),
    },
  };
  if (open.hashes.length < limits.open)
    return { ...forget({ open, pages: seen.pages }, { limits, needed }), sealed: [] };
  const sealed = seal(open.hashes, added.version, limits.page);
  const emptied = { ...NOTHING_SEEN.open, newestArrival: open.newestArrival };
  const pages = [...seen.pages, ...referencesTo(sealed, open)];
  return mergePages(
    { ...forget({ open: emptied, pages }, { limits, needed }), sealed },
    { contents, version: added.version, limits },
  );
}

function referencesTo(pages: readonly Page[], { newestArrival, shards }: Omit<OpenIds, 'hashes'>): PageReference[] {
  return pages.map(({ id, hashes }) => ({ id, count: hashes.length, newestArrival, shards }));
}

function mergePages(
  remembered: Remembered,
  { contents, version, limits }: { contents: PageContents; version: number; limits: SeenLimits },
): Remembered {
  const { seen, sealed, forgotten } = remembered;
  const run = pagesToMerge(seen.pages, limits);
  if (run.length === 0) return remembered;
  const merged = new Set(run.map(({ id }) => id));
  const justSealed = new Map(sealed.map(({ id, hashes }) => [id, hashes]));
  const pages = seal(
    run.flatMap(({ id }) => justSealed.get(id) ?? contents.get(id) ?? []),
    version,
    limits.page,
  );
  const newestArrival = run.reduce((newest, page) => Math.max(newest, page.newestArrival), 0);
  const references = referencesTo(pages, { newestArrival, shards: newestOf(run) });
  return {
    seen: { open: seen.open, pages: [...seen.pages.filter(({ id }) => !merged.has(id)), ...references] },
    sealed: [...sealed.filter(({ id }) => !merged.has(id)), ...pages],
    forgotten: [...forgotten, ...run.filter(({ id }) => !justSealed.has(id))],
  };
}

/** The newest pages, when eight of them are of like size: from one step of eight to the next, the last step being a full page. */
function pagesToMerge(pages: readonly PageReference[], limits: SeenLimits): PageReference[] {
  for (let least = 0, most = limits.open; least < limits.page; least = most) {
    most = Math.min(most * MERGED_PAGES, limits.page);
    const run = pages.slice(pages.findLastIndex(({ count }) => count >= most) + 1);
    if (run.filter(({ count }) => count >= least).length >= MERGED_PAGES) return run;
  }
  return [];
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

/**
 * A batch may come again until a later one of its shard was folded: the newest pages of a shard are kept for it. What came
 * of one batch has one arrival, however many pages it fills, and so has a part of it that comes again with something new:
 * neither makes the others look old (simulation, seeds 118 and 6839). A replay brings what is old: what else its batch brings
 * must not push that out before the batch is done.
 */
function forget(
  seen: Seen,
  { limits, needed }: { limits: SeenLimits; needed: ReadonlySet<string> },
): { seen: Seen; forgotten: PageReference[] } {
  const now = seen.pages.reduce((newest, page) => Math.max(newest, page.newestArrival), seen.open.newestArrival);
  const newest = newestArrivals(seen);
  const kept: PageReference[] = [];
  const forgotten: PageReference[] = [];
  let newer = seen.open.hashes.length;
  const isNewest = ({ shards }: PageReference) =>
    Object.entries(shards).some(([shard, arrival]) => arrival === newest[shard]);
  for (const page of [...seen.pages].reverse()) {
    const age = now - page.newestArrival;
    const mayComeAgain = needed.has(page.id) || (age <= limits.redelivery && isNewest(page));
    const beyond = newer >= limits.events && age > limits.milliseconds && !mayComeAgain;
    (beyond ? forgotten : kept).push(page);
    newer += page.count;
  }
  return { seen: { open: seen.open, pages: kept.reverse() }, forgotten };
}

function newestArrivals({ open, pages }: Seen): Arrivals {
  return newestOf([...pages, open]);
}

function newestOf(all: readonly { shards: Arrivals }[]): Arrivals {
  const newest: Record<string, number> = {};
  for (const { shards } of all) {
    for (const [shard, arrival] of Object.entries(shards)) newest[shard] = Math.max(newest[shard] ?? 0, arrival);
  }
  return newest;
}
