import { compileTree, type RoutingTree } from '../alerts/routing-tree.ts';
import type { Configuration } from './configuration.ts';

/** The tree that the configuration says. */
export function routingOf({ windowSeconds, resolveSeconds }: Configuration['alerts']): RoutingTree {
  const defaults = { groupInterval: windowSeconds, resolveTimeout: resolveSeconds };
  return compileTree({}, { ...defaults, timeIntervals: [], addresses: new Map() });
}
