import { hashesFromBytes, hashesFromDoubles, hashesToBytes } from './hash-bytes.ts';
import type { Item } from './ports.ts';
import { type Arrivals, NOTHING_SEEN, type PageReference, type Seen } from './seen.ts';

/**
 * The memory of a group as it stands in the group's item, which is written with every batch and billed by its size: hashes
 * in 7 bytes each, shards named once, and a page in some 20 characters: `<id> <count> <age> <shard>…`, parted by spaces.
 * An age is in milliseconds before the newest arrival of what it stands in, numbers are to the base 36, and a shard is its
 * place in `shards`, with a colon and its age when that is not 0.
 */
interface SeenItem {
  hashes: Uint8Array;
  /** The newest arrival, milliseconds since 1970. */
  at: number;
  /** `<shard> <age>`; the name alone where only pages know the shard. */
  shards: string[];
  pages: string[];
}

export function seenToItem({ open, pages }: Seen): Item {
  const names = [...new Set([open, ...pages].flatMap(({ shards }) => Object.keys(shards)))];
  const item: SeenItem = {
    hashes: hashesToBytes(open.hashes),
    at: open.newestArrival,
    shards: names.map((name) => {
      const arrival = open.shards[name];
      return arrival === undefined ? name : `${name} ${ageText(open.newestArrival, arrival)}`;
    }),
    pages: pages.map((page) => pageText(page, { names, at: open.newestArrival })),
  };
  return { ...item };
}

export function seenFromItem(item: unknown): Seen {
  if (typeof item !== 'object' || item === null) return NOTHING_SEEN;
  if (!('at' in item)) return seenFromFirstItem(item as FirstSeenItem);
  const { hashes, at, shards, pages } = item as SeenItem;
  const named = shards.map((text) => text.split(' ') as [string, string?]);
  const open = named.flatMap(([name, age]): [string, number][] => (age === undefined ? [] : [[name, at - parse(age)]]));
  const names = named.map(([name]) => name);
  return {
    open: { hashes: hashesFromBytes(hashes), newestArrival: at, shards: Object.fromEntries(open) },
    pages: pages.map((text) => pageFromText(text, { names, at })),
  };
}

interface Among {
  /** Names of shards. */
  names: readonly string[];
  /** The newest arrival of the group. */
  at: number;
}

/** Digits of the version in a page's name, which its text is without the zeros of. */
const VERSION_DIGITS = 12;

function pageText({ id, count, newestArrival, shards }: PageReference, { names, at }: Among): string {
  const arrivals = Object.entries(shards).map(([name, arrival]) => {
    const age = arrival === newestArrival ? '' : `:${ageText(newestArrival, arrival)}`;
    return `${names.indexOf(name).toString(36)}${age}`;
  });
  return [id.replace(/^0+(?=\d)/, ''), count.toString(36), ageText(at, newestArrival), ...arrivals].join(' ');
}

function pageFromText(text: string, { names, at }: Among): PageReference {
  const [id = '', count = '', age = '', ...arrivals] = text.split(' ');
  const newestArrival = at - parse(age);
  const shards = arrivals.map((one) => {
    const [place = '', before = '0'] = one.split(':');
    return [names[parse(place)] as string, newestArrival - parse(before)];
  });
  const version = id.slice(0, id.indexOf('-'));
  return {
    id: version.padStart(VERSION_DIGITS, '0') + id.slice(version.length),
    count: parse(count),
    newestArrival,
    shards: Object.fromEntries(shards),
  };
}

function ageText(newest: number, arrival: number): string {
  return (newest - arrival).toString(36);
}

function parse(text: string): number {
  return Number.parseInt(text, 36);
}

/** As the first deployments wrote it: doubles, pages as maps; the very first name shards alone, without their arrivals. */
interface FirstSeenItem {
  ids: Uint8Array;
  newestArrival: number;
  shards: Arrivals | string[];
  pages: (Omit<PageReference, 'shards'> & { shards: Arrivals | string[] })[];
}

function seenFromFirstItem({ ids, newestArrival, shards, pages }: FirstSeenItem): Seen {
  return {
    open: {
      hashes: hashesFromDoubles(ids),
      newestArrival,
      shards: arrivalsOf({ shards, newestArrival }),
    },
    pages: pages.map(({ id, count, ...page }) => {
      return { id, count, newestArrival: page.newestArrival, shards: arrivalsOf(page) };
    }),
  };
}

function arrivalsOf({ shards, newestArrival }: Pick<FirstSeenItem, 'shards' | 'newestArrival'>): Arrivals {
  return Array.isArray(shards) ? Object.fromEntries(shards.map((shard) => [shard, newestArrival])) : shards;
}
