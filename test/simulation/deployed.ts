import type { Plan } from './plan.ts';

export const CONSUMERS = ['project-incidents', 'route-alerts', 'archive-events'] as const;
export type ConsumerName = (typeof CONSUMERS)[number];

type Setup = Pick<Plan, 'hasArchive'>;

/** The consumers of a run, as `archive.enabled` deploys them. */
export function deployedConsumers({ hasArchive }: Setup): readonly ConsumerName[] {
  return CONSUMERS.filter((name) => hasArchive || name !== 'archive-events');
}

/** Who keeps what cannot be understood, and so waits for the quarantine's bucket. */
export function keeperOfPoison({ hasArchive }: Setup): ConsumerName {
  return hasArchive ? 'archive-events' : 'project-incidents';
}
