import { compileInhibition, type Inhibition } from '../alerts/inhibition.ts';
import { compileTree, type LevelSeconds, type RoutingTree } from '../alerts/routing-tree.ts';
import type { StormSettings } from '../alerts/storm.ts';
import type { Configuration } from './configuration.ts';

/** What the configuration says about who hears of what, and what of it is hidden. */
export interface AlertPolicy {
  routing: RoutingTree;
  inhibition: Inhibition;
  storm: StormSettings;
}

type Settings = Omit<Configuration['alerts'], 'emails' | 'repeatSeconds'> &
  Partial<Pick<Configuration['alerts'], 'repeatSeconds'>>;

/** What a deployment of before there were repeat intervals does: it tells a group again as often as it comes back. */
const NO_REPEATS: LevelSeconds = { critical: 0, error: 0, warning: 0, info: 0, debug: 0 };

export function alertPolicyOf(alerts: Settings): AlertPolicy {
  const addresses = alerts.receivers.map(
    ({ name, receivers }) => [name, receivers.map(({ address }) => address)] as const,
  );
  const routing = compileTree(alerts.route, {
    groupInterval: alerts.windowSeconds,
    repeatInterval: alerts.repeatSeconds ?? NO_REPEATS,
    resolveTimeout: alerts.resolveSeconds,
    timeIntervals: alerts.timeIntervals,
    addresses: new Map(addresses),
  });
  return { routing, inhibition: compileInhibition(alerts.inhibitRules), storm: alerts.storm };
}
