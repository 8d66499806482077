import { compileTree, type RoutingTree } from '../alerts/routing-tree.ts';
import type { Configuration } from './configuration.ts';

/** The tree that the configuration says. */
export function routingOf(alerts: Omit<Configuration['alerts'], 'emails'>): RoutingTree {
  return compileTree(alerts.route, {
    groupInterval: alerts.windowSeconds,
    resolveTimeout: alerts.resolveSeconds,
    timeIntervals: alerts.timeIntervals,
    addresses: new Map(alerts.receivers.map(({ name, receivers }) => [name, receivers.map(({ address }) => address)])),
  });
}
