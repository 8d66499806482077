import { type AlertEvent, type AlertGroup, dueAt, evolve } from './alert-group.ts';
import { packGroup, unpackGroup } from './group-item.ts';
import { isOwnSource } from './known-incidents.ts';
import type { Outbox } from './pending.ts';

/** Groups of which something is due at a time stand under this in the index `byDue`. */
export const DUE_BUCKET = 'due';
/** Those with notices that wait to be taken, apart: however many wait for a dead receiver, what is due is found. */
export const WAITING_BUCKET = 'waiting';

/** A group that was quiet so long is forgotten; its next event is a first one again. */
const FORGET_AFTER_SECONDS = 30 * 86_400;

/** The alert-groups table: one item a route and group. */
export const alertGroupProjection = {
  name: 'alert-groups',
  keyOf: (group: string) => ({ group }),
  evolve: (group: AlertGroup | undefined, event: AlertEvent) => evolve(group, event),
  toItem: alertGroupToItem,
  fromItem: (item: Record<string, unknown>, now: number): AlertGroup | undefined => {
    const { due_bucket: _, due_at: __, version: ___, seen: ____, group: _____, expiry, ...group } = item;
    return (expiry as number) * 1000 < now ? undefined : unpackGroup(group);
  },
};

export function alertGroupToItem(group: AlertGroup): Record<string, unknown> {
  const due = dueAt(group);
  // An event may be far older than its arrival, and be told long after it: its group is not forgotten while it waits.
  const seen = Math.max(
    Date.parse(group.window.lastSeen),
    group.arrivedAt ?? 0,
    due === undefined ? 0 : Date.parse(due),
  );
  return {
    ...packGroup(group),
    expiry: Math.floor(seen / 1000) + FORGET_AFTER_SECONDS,
    // With the group, so that no two are alike and a query can go on after any of them.
    ...(due === undefined ? {} : { due_bucket: bucketOf(group), due_at: dueKey(due, group) }),
  };
}

/** Where a group or storm stands that somebody must look at. */
export function bucketOf({ pending, givenUp }: Outbox): string {
  return pending.length > 0 || givenUp ? WAITING_BUCKET : DUE_BUCKET;
}

function dueKey(due: string, { fingerprint, level, route, source, window }: AlertGroup): string {
  const isAlone = route === undefined && !isOwnSource(source);
  return `${due}#${fingerprint}#${level}${isAlone ? '' : `#${route ?? ''}#${window.openedBy}`}`;
}
