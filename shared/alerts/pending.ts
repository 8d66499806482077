import { type Episode, overAtSweep } from './episode.ts';
import type { GroupWindow, NamedIncident } from './group-window.ts';
import type { Notice } from './notice.ts';
import { LEVEL_TOPIC } from './routing-tree.ts';

/** A notice that is decided and not yet known to be sent. */
export interface PendingNotice extends Notice {
  /** Addresses that have not taken it yet. Missing: all of its group's. */
  to?: readonly string[];
}

/** What of a group the outbox is about. */
export interface Outbox {
  pending: PendingNotice[];
  /** Addresses of the group's receiver; missing for the level's topic alone. */
  to?: readonly string[];
  /** Notices that were not kept for an address that takes none, until they are reported. */
  givenUp?: number;
}

/**
 * Notices that may wait for one address. While so many wait for every address of a group, its receivers are out of
 * reach: a window stays open and counts on, so that the item keeps its size, and its summary tells later what was not
 * told one by one. When only some are out of reach, they get no more, which is counted, and the others go on.
 */
const MAX_PENDING = 20;
/** Fewer when they name much: a storm's has up to 90 KB of names, and an item of DynamoDB 400 KB. */
const MAX_NAMES_BYTES = 150_000;
/** Of a name, besides its title: the fingerprint, and what stands between. */
const NAME_BYTES = 64;

const DEFAULT: readonly string[] = [LEVEL_TOPIC];

export function addressesOf({ to }: Pick<Outbox, 'to'>, notice?: PendingNotice): readonly string[] {
  return notice?.to ?? to ?? DEFAULT;
}

export function isFull(outbox: Outbox): boolean {
  return outbox.pending.length > 0 && reachable(outbox).length === 0;
}

function reachable(outbox: Outbox): readonly string[] {
  return addressesOf(outbox).filter((address) => {
    const waiting = outbox.pending.filter((notice) => addressesOf(outbox, notice).includes(address));
    const bytes = waiting.reduce((sum, { incidents = [] }) => sum + bytesOf(incidents), 0);
    return waiting.length < MAX_PENDING && bytes < MAX_NAMES_BYTES;
  });
}

function bytesOf(names: readonly NamedIncident[]): number {
  return names.reduce((sum, { title }) => sum + NAME_BYTES + Buffer.byteLength(title), 0);
}

/** The group with one more notice to send. */
export function withNotice<T extends Outbox>(outbox: T, notice: Notice): T {
  const all = addressesOf(outbox);
  const open = reachable(outbox);
  if (open.length === all.length || open.length === 0) return { ...outbox, pending: [...outbox.pending, notice] };
  const givenUp = (outbox.givenUp ?? 0) + all.length - open.length;
  return { ...outbox, pending: [...outbox.pending, { ...notice, to: open }], givenUp };
}

/** What waited for so long is of no use to anybody. */
const ABANDON_MILLISECONDS = 7 * 86_400_000;

interface Decided {
  arrivedAt?: number;
  episode?: Episode;
  window?: Pick<GroupWindow, 'lag'>;
}

/**
 * The latest at which a notice of a group can have been decided, in milliseconds since 1970: one that was held back for a week
 * or more is not old for that. Infinite where it is not known.
 */
export function decidedAt({ arrivedAt, episode, window }: Decided): number {
  if (arrivedAt === undefined) return Number.POSITIVE_INFINITY;
  const toldAt = episode?.toldAt === undefined ? 0 : Date.parse(episode.toldAt) + (window?.lag ?? 0);
  return Math.max(arrivedAt, toldAt, episode?.isOver ? overAtSweep(episode, arrivedAt) : 0);
}

/**
 * What it is given without notices that nobody took for a week, which are counted; the very same when there are none.
 * `decided`: when the last of them can have been decided; this and `now` in milliseconds since 1970.
 */
export function withoutAbandoned<T extends Outbox>(outbox: T, decided: number, now: number): T {
  const { pending } = outbox;
  if (pending.length === 0 || now - decided < ABANDON_MILLISECONDS) return outbox;
  const waiting = pending.reduce((sum, notice) => sum + addressesOf(outbox, notice).length, 0);
  return { ...outbox, pending: [], givenUp: (outbox.givenUp ?? 0) + waiting };
}

/** Which addresses have taken a notice, or will get it no more, by its id. */
export type Taken = ReadonlyMap<string, ReadonlySet<string>>;

/** The group without what was taken; the very same when none of it was. */
export function withoutTaken<T extends Outbox>(outbox: T, taken: Taken): T {
  // Also of a notice that waits for others still: two sweeps at a time clear the same, and the second would write it as it is.
  const isChanged = (notice: PendingNotice) => {
    const by = taken.get(notice.id);
    return by !== undefined && addressesOf(outbox, notice).some((address) => by.has(address));
  };
  if (!outbox.pending.some(isChanged)) return outbox;
  const pending = outbox.pending.flatMap((notice): PendingNotice[] => {
    const by = taken.get(notice.id);
    if (by === undefined) return [notice];
    const to = addressesOf(outbox, notice).filter((address) => !by.has(address));
    return to.length === 0 ? [] : [{ ...notice, to }];
  });
  return { ...outbox, pending };
}
