import { compileInhibition, type Inhibition } from '../alerts/inhibition.ts';
import { compileTree, type RoutingTree } from '../alerts/routing-tree.ts';
import type { StormSettings } from '../alerts/storm.ts';
import type { Configuration } from './configuration.ts';

/** What the configuration says about who hears of what, and what of it is hidden. */
export interface AlertPolicy {
  routing: RoutingTree;
  inhibition: Inhibition;
  storm: StormSettings;
}

export function alertPolicyOf(alerts: Omit<Configuration['alerts'], 'emails'>): AlertPolicy {
  const addresses = alerts.receivers.map(
    ({ name, receivers }) => [name, receivers.map(({ address }) => address)] as const,
  );
  const routing = compileTree(alerts.route, {
    groupInterval: alerts.windowSeconds,
    resolveTimeout: alerts.resolveSeconds,
    timeIntervals: alerts.timeIntervals,
    addresses: new Map(addresses),
  });
  return { routing, inhibition: compileInhibition(alerts.inhibitRules), storm: alerts.storm };
}
