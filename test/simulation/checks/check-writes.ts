import { isDeepStrictEqual } from 'node:util';
import type { Notice } from '../../../shared/alerts/notice.ts';
import type { Item } from '../../../shared/stream/ports.ts';
import { PAGER_ROUTE } from '../routing.ts';
import type { World } from '../world.ts';
import { noteWaiting } from './check-sent-once.ts';
import { checkWindowWrite, FULL_OUTBOX } from './check-windows.ts';
import { groupOfItem } from './group-of-item.ts';

/** A host's clock may be off by so much: an item that expires around then may be taken for either. */
const CLOCK_ERROR = 600_000;
/** By how much the clock of a sweep may be ahead. */
const FIVE_MINUTES = 300_000;

/** At every write: an incident goes forward by one version and by what it counts, and nothing of it goes back. */
export function checkIncidentWrite(world: World, before: Item | undefined, after: Item | undefined): void {
  if (!after) {
    world.violate('an incident was deleted');
    return;
  }
  const name = `incident ${after.fingerprint}`;
  checkVersion(world, name, { before, after });
  if (!before) return;
  if (after.count === before.count) world.violate(`${name}: was written, and counts nothing more`);
  if ((after.count as number) < (before.count as number)) world.violate(`${name}: count went back`);
  if ((after.lastSeen as string) < (before.lastSeen as string)) world.violate(`${name}: lastSeen went back`);
  if ((after.firstSeen as string) > (before.firstSeen as string)) world.violate(`${name}: firstSeen went on`);
}

/** At every write: a group goes forward, a write changes something, and a notice once decided stays as it was decided. */
export function checkGroupWrite(world: World, before: Item | undefined, after: Item | undefined): void {
  noteWaiting(world, before, after);
  if (!after) return;
  const name = `group ${after.group}`;
  checkVersion(world, name, { before, after });
  checkChange(world, name, { before, after });
  if (before && after.window !== undefined) checkTotal(world, name, { before, after });
  if (after.window !== undefined && after.route !== PAGER_ROUTE) checkWindowWrite(world, name, after);
  noteGroup(world, after);
  checkEnd(world, { before, after });
  for (const notice of (after.pending ?? []) as Notice[]) noteDecided(world, notice);
}

function noteDecided(world: World, notice: Notice): void {
  const { pending, scheduler, plan } = world;
  const known = pending.get(notice.id)?.notice;
  if (known?.count === notice.count) return;
  pending.set(notice.id, { notice, at: scheduler.now });
  // An event that a replay brings when its group has forgotten it opens a window again, under its own id (seed 455).
  const isReplayed = scheduler.now >= (plan.replayAt ?? Number.POSITIVE_INFINITY);
  if (known && isReplayed) world.untold.add(`${notice.fingerprint}#${notice.level}`);
  else if (known) world.violate(`notice ${notice.id} was decided twice: ${known.count} and ${notice.count} events`);
}

function checkChange(world: World, name: string, { before, after }: { before: Item | undefined; after: Item }): void {
  if (before && isDeepStrictEqual({ ...after, version: before.version }, before)) {
    world.violate(`${name}: was written, and nothing of it changed`);
  }
}

/** The sweep, which counts nothing, ends only what was as quiet as it must be since its latest event arrived, by a clock that may be off. */
function checkEnd(world: World, { before, after }: { before: Item | undefined; after: Item }): void {
  if (before === undefined || before.total !== after.total) return;
  const { plan, pending, scheduler, chaos } = world;
  const ahead = chaos.active.has(29) ? FIVE_MINUTES : 0;
  const decided = ((after.pending ?? []) as Notice[]).filter(({ id, kind }) => kind === 'resolved' && !pending.has(id));
  const quiet = scheduler.now + ahead - (before.arrivedAt as number);
  const early = decided.find(({ level }) => quiet < plan.resolve[level] * 1_000);
  if (early) world.violate(`notice ${early.id}: over ${quiet} ms after an event of it arrived`);
}

/** What later checks must know of what was written. */
function noteGroup(world: World, after: Item): void {
  if (after.silence !== undefined) world.silenceKnownAt ??= world.scheduler.now;
  if (after.endedBy !== undefined) world.silenceEndKnownAt ??= world.scheduler.now;
  if (((after.pending ?? []) as Notice[]).length >= FULL_OUTBOX) world.full.add(groupOfItem(after));
}

function checkTotal(world: World, name: string, { before, after }: { before: Item; after: Item }): void {
  const { now } = world.scheduler;
  const expiry = (before.expiry as number) * 1000;
  if (expiry < now && world.plan.planned.has(28)) world.chaos.hit(28);
  const notices = after.pending as Notice[];
  if (
    expiry < now - CLOCK_ERROR &&
    notices.some(({ kind }) => kind === 'repeat') &&
    !notices.some(({ kind }) => kind === 'first')
  ) {
    world.violate(`${name}: went on after it had expired`);
  }
  if (expiry > now + CLOCK_ERROR && (after.total as number) < (before.total as number)) {
    world.violate(`${name}: total went back`);
  }
}

function checkVersion(world: World, name: string, { before, after }: { before: Item | undefined; after: Item }): void {
  const version = (before?.version as number | undefined) ?? 0;
  if (after.version !== version + 1) world.violate(`${name}: version ${after.version} follows ${version}`);
}
