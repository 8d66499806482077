import type { AlertGroup } from '../../../shared/alerts/alert-group.ts';
import { unpackGroup } from '../../../shared/alerts/group-item.ts';
import type { Item } from '../../../shared/stream/ports.ts';
import type { Span } from '../chaos.ts';
import type { World } from '../world.ts';

/** As many notices wait at most: shared/alerts/pending.ts. */
export const FULL_OUTBOX = 20;
/**
 * Of what is due: the schedule looks again after five minutes where nothing was, a host's clock may be five late, and where
 * runs crash some sweeps in a row may.
 */
const LATEST = 25 * 60_000;
/** A group that came back so often must be quiet for longer each time, and is told again no sooner. */
const FLAPPING = 2;

/** What is to be done next in a group, and since when its item says so. Milliseconds since 1970. */
export interface Due {
  openedBy: string;
  /** When its window is told of or summed up; undefined while there is nothing to tell, or no room for it. */
  at: number | undefined;
  since: number;
}

/**
 * At every write of a group of the default route, whose events are all of one level: its window closes its level's interval
 * after it was opened, or when it is told of if that is later. Only what was told a while ago, or flaps, holds it back. And
 * what is due is done soon.
 */
export function checkWindowWrite(world: World, name: string, after: Item): void {
  const group = unpackGroup(after);
  checkTimes(world, name, group);
  const before = world.due.get(name);
  const due = dueIn(group, world.scheduler.now);
  const isSame = before?.openedBy === due.openedBy && before.at === due.at;
  if (before && !isSame) checkInTime(world, name, before);
  world.due.set(name, isSame ? before : due);
}

function checkTimes(world: World, name: string, { window, episode, level }: AlertGroup): void {
  const { plan, scheduler } = world;
  // A storm's notice tells of it, and it may close with that.
  if (window.status === 'closed' || window.inStorm || episode === undefined) return;
  const openedAt = Date.parse(window.openedAt);
  const lastTold = episode.toldAt === undefined ? undefined : Date.parse(episode.toldAt);
  if (openedAt > scheduler.now)
    world.violate(`${name}: its window opens at ${window.openedAt}, after its event arrived`);
  const tellAt = window.tellAt === undefined ? lastTold : Date.parse(window.tellAt);
  const closesAt = Math.max(openedAt + plan.windows[level] * 1_000, tellAt ?? 0);
  if (Date.parse(window.closesAt) !== closesAt) {
    const times = `opened at ${window.openedAt}, told at ${window.tellAt ?? episode.toldAt}`;
    world.violate(`${name}: a window of ${level} ${times} closes at ${window.closesAt}`);
  }
  const { flaps } = episode;
  const quiet = flaps < FLAPPING ? 0 : plan.resolve[level] * 2 ** (flaps - 1);
  const latest = lastTold === undefined ? 0 : lastTold + Math.max(plan.repeat[level], quiet) * 1_000;
  if (window.tellAt !== undefined && Date.parse(window.tellAt) > Math.max(openedAt, latest)) {
    world.violate(`${name}: opened at ${window.openedAt}, told at ${episode.toldAt}, and held until ${window.tellAt}`);
  }
}

function dueIn({ window, pending }: AlertGroup, now: number): Due {
  const { status, openedBy, tellAt, closesAt, count, told, inStorm, lag } = window;
  const isLeft = status === 'open' && count > told && !inStorm;
  const time = tellAt ?? (isLeft ? closesAt : undefined);
  const isFull = pending.length >= FULL_OUTBOX;
  // What arrives late is told as late by the sweep.
  return { openedBy, at: time === undefined || isFull ? undefined : Date.parse(time) + (lag ?? 0), since: now };
}

function checkInTime(world: World, name: string, { at, since }: Due): void {
  if (at !== undefined) checkDone(world, { what: `${name}: was due`, at: Math.max(at, since) });
}

/**
 * Called when what was due at a time is done. While the tables are down or slow nobody could do it, nor while what else it
 * needs is down.
 */
export function checkDone(
  world: World,
  { what, at, down = [] }: { what: string; at: number; down?: readonly Span[] },
): void {
  const { plan, scheduler } = world;
  const spans = [...plan.tablesDown, ...plan.slow, ...down].sort((a, b) => a.from - b.from);
  const possible = spans.reduce((from, span) => (span.from < scheduler.now && span.to > from ? span.to : from), at);
  const late = scheduler.now - possible;
  if (late > LATEST)
    world.violate(`${what} at ${new Date(at).toISOString()} and done ${Math.round(late / 1_000)} s late`);
}
