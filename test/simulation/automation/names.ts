import type { LogEvent } from '../../../shared/events/event.ts';
import { factId, type RemediationFact } from '../../../shared/remediation/fact.ts';

/** What their records are called in a violation, and found by. */
export const RULES_KIND = 'rules';
export const REMEDIATION_KIND = 'remediation';

/** A fact's id is unique among those of its instance. */
export function factName(fact: RemediationFact): string {
  return `${fact.instance} ${factId(fact)}`;
}

/** The name of the fact that an event says. */
export function eventName({ id, attributes }: LogEvent): string {
  return `${attributes?.instance} ${id}`;
}
