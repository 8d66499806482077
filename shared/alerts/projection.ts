import { type AlertEvent, type AlertGroup, dueAt, evolve, type WindowSeconds } from './alert-group.ts';

/** Groups that somebody must look at stand under one of these in the index `byDue`. */
export const DUE_BUCKET = 'due';

/** A group that was quiet so long is forgotten; its next event is a first one again. */
const FORGET_AFTER_SECONDS = 30 * 86_400;

/** The alert-groups table: one item a fingerprint and level. */
export function alertGroupProjection(windows: WindowSeconds) {
  return {
    name: 'alert-groups',
    keyOf: (group: string) => ({ group }),
    evolve: (group: AlertGroup | undefined, event: AlertEvent) => evolve(group, event, windows),
    toItem: alertGroupToItem,
    fromItem: (item: Record<string, unknown>, now: number): AlertGroup | undefined => {
      const { fingerprint, level, source, total, window, pending, expiry } = item as unknown as AlertGroup & {
        expiry: number;
      };
      return expiry * 1000 < now ? undefined : { fingerprint, level, source, total, window, pending };
    },
  };
}

export function alertGroupToItem(group: AlertGroup): Record<string, unknown> {
  const due = dueAt(group);
  return {
    ...group,
    expiry: Math.floor(Date.parse(group.window.lastSeen) / 1000) + FORGET_AFTER_SECONDS,
    // With the group, so that no two are alike and a query can go on after any of them.
    ...(due === undefined ? {} : { due_bucket: DUE_BUCKET, due_at: `${due}#${group.fingerprint}#${group.level}` }),
  };
}
