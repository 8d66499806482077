import type { LogEvent } from '../events/event.ts';
import { fingerprintEvent } from '../events/fingerprint.ts';
import type { Level } from '../events/levels.ts';
import { firingEvents, isOwnEvent } from './firing.ts';
import { type CompiledRule, groupKey, type Rule } from './rule.ts';
import { awaitFirst, evolve, type Firing, noticeAbsence, type RuleState } from './rule-state.ts';

/** What a rule did in a rehearsal. */
export interface Rehearsed {
  rule: string;
  /** Milliseconds since 1970. */
  at: number;
  level: Level;
  values: Record<string, string>;
  restart?: string;
  message: string;
}

const MINUTE = 60_000;

/**
 * Runs events through rules as the deployment would, each arriving when it happened, from `start` to `until`; absences are
 * looked for each minute. `events` are in order of time.
 */
export function rehearse(
  events: readonly LogEvent[],
  compiled: readonly CompiledRule[],
  { start, until }: { start: number; until: number },
): Rehearsed[] {
  const rehearsal = new Rehearsal(compiled, start);
  for (const event of events) rehearsal.take(event);
  rehearsal.passTo(until);
  return rehearsal.rehearsed;
}

class Rehearsal {
  readonly rehearsed: Rehearsed[] = [];
  readonly #compiled: readonly CompiledRule[];
  readonly #states = new Map<string, { rule: Rule; state: RuleState }>();
  #now: number;

  constructor(compiled: readonly CompiledRule[], start: number) {
    this.#compiled = compiled;
    this.#now = start;
    for (const { rule } of compiled) {
      if (rule.condition.kind !== 'absence' || rule.by.length > 0) continue;
      this.#states.set(groupKey(rule.name, []), { rule, state: awaitFirst(rule, start) });
    }
  }

  take(event: LogEvent): void {
    const arrivedAt = Date.parse(event.time);
    this.passTo(arrivedAt);
    if (isOwnEvent(event)) return;
    for (const { rule, match: matchRule } of this.#compiled) {
      const match = matchRule(event, () => fingerprintEvent(event).fingerprint);
      if (match === undefined) continue;
      const before = this.#states.get(match.group)?.state;
      this.#keep(match.group, rule, evolve(before, { event, arrivedAt, match, rule }));
    }
  }

  /** Lets the minutes pass, with the look at absences that each brings. */
  passTo(time: number): void {
    while (this.#now + MINUTE <= time) {
      this.#now += MINUTE;
      for (const [group, { rule, state }] of this.#states) {
        this.#keep(group, rule, noticeAbsence(state, group, { rule, now: this.#now }));
      }
    }
  }

  #keep(group: string, rule: Rule, state: RuleState): void {
    this.rehearsed.push(...state.pending.flatMap(({ firing }) => told(rule, firing)));
    this.#states.set(group, { rule, state: { ...state, pending: [] } });
  }
}

function told(rule: Rule, firing: Firing): Rehearsed[] {
  const [event] = firingEvents(rule, firing);
  if (!event) return [];
  const { restart, values, at } = firing;
  const base = { rule: rule.name, at: Date.parse(at), level: event.level, values: Object.fromEntries(values) };
  return [{ ...base, message: event.message, ...(restart === undefined ? {} : { restart }) }];
}
