import { type AlertGroup, evolve, settleAtSweep } from '../../shared/alerts/alert-group.ts';
import type { Notice } from '../../shared/alerts/notice.ts';
import type { RouteSettings, TreeDefaults } from '../../shared/alerts/routing-tree.ts';
import type { LogEvent } from '../../shared/events/event.ts';
import { alertEvent, routingTree } from './alert-events.ts';

export const NOON = Date.parse('2026-11-20T12:00:00.000Z');
/** So many minutes after noon. */
export const at = (minutes: number) => new Date(NOON + minutes * 60_000).toISOString();

/** Events at these minutes, the clock looking at the group at each of `looks`; all that was decided, in order. */
export function story(root: RouteSettings, minutes: readonly number[], options: Story = {}) {
  const tree = routingTree(root, options.defaults);
  const steps = [
    ...minutes.map((minute) => ({ minute, isEvent: true })),
    ...(options.looks ?? []).map((minute) => ({ minute, isEvent: false })),
  ];
  const told: Notice[] = [];
  let group: AlertGroup | undefined;
  for (const [n, { minute, isEvent }] of steps.sort((a, b) => a.minute - b.minute).entries()) {
    const event = { id: `at-${minute}`, time: at(minute), ...options.event?.(n) };
    group = isEvent ? evolve(group, alertEvent(event, tree)) : group && settleAtSweep(group, at(minute));
    told.push(...(group?.pending ?? []));
    group = group && { ...group, pending: [] };
  }
  if (!group) throw new Error('expected an event');
  return { group, notices: told, told: told.map(textOf) };
}

const textOf = ({ id, kind, count }: Notice) => `${id.slice(0, id.indexOf('/'))} ${kind} ${count}`;

interface Story {
  looks?: readonly number[];
  event?: (n: number) => Partial<LogEvent>;
  defaults?: Partial<TreeDefaults>;
}
