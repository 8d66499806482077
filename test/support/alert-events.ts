import type { AlertEvent } from '../../shared/alerts/alert-group.ts';
import { compileInhibition } from '../../shared/alerts/inhibition.ts';
import {
  compileTree,
  decideRoutes,
  type LevelSeconds,
  type RouteSettings,
  type RoutingTree,
  type TreeDefaults,
} from '../../shared/alerts/routing-tree.ts';
import type { LogEvent } from '../../shared/events/event.ts';
import { fingerprintEvent } from '../../shared/events/fingerprint.ts';
import type { AlertPolicy } from '../../shared/runtime/alert-policy.ts';
import { logEvent } from './stream-records.ts';

export const WINDOWS: LevelSeconds = { critical: 60, error: 300, warning: 900, info: 3_600, debug: 3_600 };
/** Nothing is ever told to be over, or held back because it was told a while ago. */
export const NEVER: LevelSeconds = { critical: 0, error: 0, warning: 0, info: 0, debug: 0 };

/** Who hears of what, for a tree: nothing is inhibited, and there are no storms unless told otherwise. */
export function alertPolicy(routing: RoutingTree = routingTree(), part: Partial<AlertPolicy> = {}): AlertPolicy {
  return { routing, inhibition: compileInhibition([]), storm: { incidents: 0, window: 300 }, ...part };
}

/** A tree of the defaults, but for what a test is about. */
export function routingTree(root: RouteSettings = {}, defaults: Partial<TreeDefaults> = {}): RoutingTree {
  const all = {
    groupInterval: WINDOWS,
    repeatInterval: NEVER,
    resolveTimeout: NEVER,
    timeIntervals: [],
    addresses: new Map(),
  };
  return compileTree(root, { ...all, ...defaults });
}

const DEFAULT_TREE = routingTree();

/** An event on the first way that it takes. It arrived as it happened unless told otherwise. */
export function alertEvent(part: Partial<LogEvent> = {}, tree = DEFAULT_TREE, arrivedAt?: number): AlertEvent {
  const event = logEvent(part);
  const printed = { event, ...fingerprintEvent(event), arrivedAt: arrivedAt ?? Date.parse(event.time) };
  const [way] = decideRoutes(printed, tree, Math.min(Date.parse(event.time), printed.arrivedAt));
  if (!way) throw new Error('expected a route for every event');
  return { ...printed, way };
}
