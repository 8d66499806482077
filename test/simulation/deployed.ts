import type { Plan } from './plan.ts';

export const CONSUMERS = ['project-incidents', 'route-alerts', 'archive-events'] as const;
export type ConsumerName = (typeof CONSUMERS)[number];

/** A configuration that brings every consumer, and has every other setting as it is by default. */
export const EVERYTHING = 'rules: {slow: {match: source=shop, moreThan: 5, within: 10m}}';

/** The consumer of a mapping: a second version of it is of the same one. */
export function serviceOf(mapping: string): string {
  return mapping.replace(/ \(\d+\)$/, '');
}

type Setup = Pick<Plan, 'hasArchive'>;

/** The consumers of a run, as `archive.enabled` deploys them. */
export function deployedConsumers({ hasArchive }: Setup): readonly ConsumerName[] {
  return CONSUMERS.filter((name) => hasArchive || name !== 'archive-events');
}

/** Who keeps what cannot be understood, and so waits for the quarantine's bucket. */
export function keeperOfPoison({ hasArchive }: Setup): ConsumerName {
  return hasArchive ? 'archive-events' : 'project-incidents';
}
