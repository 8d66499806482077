import type { Rule } from './rule.ts';
import { dueAt, evolve, type RuleEvent, type RuleState } from './rule-state.ts';

/** States that somebody must look at stand under this in the index `byDue`, apart from those of alert groups. */
export const RULES_DUE = 'rules-due';

/** A combination that was quiet so long, beyond what its rule looks back, is forgotten. */
const FORGET_AFTER_SECONDS = 2 * 86_400;

export type RulesByName = ReadonlyMap<string, Rule>;

/** Whoever was told of an absence is told of its end, however long it was. Only a group that is gone for good is forgotten. */
const REMEMBER_ABSENCE_SECONDS = 10 * 365 * 86_400;

/** The states of rules as items of the alert-groups table: one for each rule and combination of its `by`. */
export function ruleProjection(rules: RulesByName) {
  return {
    name: 'rules',
    keyOf: (group: string) => ({ group }),
    evolve: (state: RuleState | undefined, event: RuleEvent) => evolve(state, event),
    toItem: (state: RuleState) => ruleToItem(state, rules.get(state.rule)),
    fromItem: ruleFromItem,
  };
}

function ruleFromItem(item: Record<string, unknown>, now: number): RuleState | undefined {
  const { expiry, restart, ...rest } = item as unknown as RuleState & { expiry: number };
  if (expiry * 1000 < now) return undefined;
  const { rule, values, total, times, lastSeen, quietUntil, isAbsent, pending } = rest;
  const state = { rule, values, total, times, lastSeen, quietUntil, isAbsent, pending };
  return restart === undefined ? state : { ...state, restart };
}

function ruleToItem(state: RuleState, rule: Rule | undefined): Record<string, unknown> {
  const due = rule && dueAt(state, rule);
  const kept = state.isAbsent ? REMEMBER_ABSENCE_SECONDS : FORGET_AFTER_SECONDS;
  const expiry = Math.floor(state.lastSeen / 1000) + (rule ? windowSeconds(rule) : 0) + kept;
  if (due === undefined) return { ...state, expiry };
  // With the values, so that no two are alike and a query can go on after any of them.
  const due_at = `${new Date(due).toISOString()}#${state.rule}#${JSON.stringify(state.values)}`;
  return { ...state, expiry, due_bucket: RULES_DUE, due_at };
}

function windowSeconds({ condition }: Rule): number {
  return condition.kind === 'count' ? condition.withinSeconds : condition.seconds;
}
