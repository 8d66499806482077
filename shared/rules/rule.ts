import { compileMatchers, isLabel, labelOf, type Matched, type Matcher } from '../alerts/matcher.ts';
import type { LogEvent } from '../events/event.ts';
import { eventIdHash } from '../events/event-id.ts';
import type { Fingerprint } from '../events/fingerprint.ts';
import type { Level } from '../events/levels.ts';
import { compileMessagePattern, RuleFault, type Values } from './message-pattern.ts';
import { fulfils, type Threshold } from './threshold.ts';

/** When a rule fires: more than so many events within a length of event time, or none for a length of time. */
export type Condition =
  | { kind: 'count'; moreThan: number; withinSeconds: number }
  | { kind: 'absence'; seconds: number };

/** A rule as it is deployed: plain values. */
export interface Rule {
  name: string;
  match: readonly Matcher[];
  /** A pattern that the message must have; its names are values. */
  extract?: string;
  where: readonly Threshold[];
  condition: Condition;
  /** Names of values, or labels: each combination is counted by itself. */
  by: readonly string[];
  /** The level of the notice. */
  level: Level;
  /** The instance to restart: its id, or `{name}` of a value or label that holds it. */
  restart?: string;
}

/** An event that a rule counts. */
export interface RuleMatch {
  /** Key of the state that counts it. */
  group: string;
  /** What `by` names, in order, each cut short. */
  values: [name: string, value: string][];
  /** What `restart` stands for. */
  restart?: string;
}

export interface CompiledRule {
  rule: Rule;
  /** Nothing when the event does not concern the rule. */
  match(event: LogEvent, fingerprint: () => Fingerprint): RuleMatch | undefined;
}

const LONGEST_SHOWN = 200;
const REFERENCE = /^\{(.+)\}$/;

/** Compiles a rule. Throws a `RuleFault` or a `MatcherFault` for one that cannot work. */
export function compileRule(rule: Rule): CompiledRule {
  const matches = compileMatchers(rule.match);
  const pattern = rule.extract === undefined ? undefined : compileMessagePattern(rule.extract);
  const names = pattern?.names ?? [];
  for (const name of namesUsed(rule)) checkName(name, names);
  const match: CompiledRule['match'] = (event, fingerprint) => {
    const values = pattern ? pattern.extract(event.message) : NO_VALUES;
    if (values === undefined) return undefined;
    const matched = lazily(event, fingerprint);
    if (!matches(matched)) return undefined;
    const ask = (name: string) => values.get(name) ?? labelOf(matched, name);
    return rule.where.every((threshold) => fulfils(threshold, ask(threshold.name))) ? matchOf(rule, ask) : undefined;
  };
  return { rule, match };
}

const NO_VALUES: Values = new Map();

function matchOf({ name, by, restart }: Rule, ask: (name: string) => string): RuleMatch {
  const values = by.map((each): [string, string] => [each, ask(each)]);
  const shown = values.map(([each, value]): [string, string] => [each, value.slice(0, LONGEST_SHOWN)]);
  const match = { group: groupKey(name, values), values: shown };
  if (restart === undefined) return match;
  const reference = referenceIn(restart);
  return { ...match, restart: reference === undefined ? restart : ask(reference) };
}

/** The fingerprint is made only where a rule asks for it: it costs more than all else. */
function lazily(event: LogEvent, fingerprint: () => Fingerprint): Matched {
  return {
    event,
    get fingerprint() {
      return fingerprint();
    },
  };
}

function namesUsed({ where, by, restart }: Rule): string[] {
  const reference = referenceIn(restart);
  return [...where.map(({ name }) => name), ...by, ...(reference === undefined ? [] : [reference])];
}

/** The name in `{name}`. */
export function referenceIn(restart: string | undefined): string | undefined {
  return REFERENCE.exec(restart ?? '')?.[1];
}

/** Whether a rule whose pattern has these names can ask an event for this one. */
export function isName(name: string, extracted: readonly string[]): boolean {
  return extracted.includes(name) || isLabel(name);
}

function checkName(name: string, extracted: readonly string[]): void {
  if (isName(name, extracted)) return;
  const known = [...extracted, 'level', 'source', 'fingerprint', 'attributes.<name>'];
  throw new RuleFault(`one of ${known.join(', ')}, got ${name}`);
}

/** Of a length that a key may have, whatever the values. */
export function groupKey(rule: string, values: readonly (readonly [string, string])[]): string {
  return `rule#${rule}#${values.length === 0 ? 'all' : eventIdHash(JSON.stringify(values)).toString(36)}`;
}
