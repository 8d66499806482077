import type { LogEvent } from '../events/event.ts';
import { eventIdHash } from '../events/event-id.ts';
import { isoTime, timeOf } from './group-window.ts';
import { compileMatchers, labelOf, type Matched, type Matcher, matcherText } from './matcher.ts';

/**
 * While something that `source` matches is going on, what `target` matches is told to nobody, where the labels of `equal`
 * have the same values. Alertmanager knows when a source is over; here it is `seconds` after its latest event.
 */
export interface InhibitRule {
  source: readonly Matcher[];
  target: readonly Matcher[];
  equal: readonly string[];
  seconds: number;
}

/** A source that goes on. Times are ISO 8601, UTC. */
export interface Inhibitor {
  since: string;
  lastAt: string;
  seconds: number;
}

export interface InhibitorEvent {
  event: LogEvent;
  arrivedAt: number;
  /** Key of its inhibitor, and how long that lasts. */
  inhibitor: string;
  seconds: number;
}

export interface Inhibition {
  /** There are no rules. */
  isNone: boolean;
  /** The inhibitors that an event keeps going. */
  sourcesOf(matched: Matched): { inhibitor: string; seconds: number }[];
  /** The inhibitors that hide it while they go on. */
  targetsOf(matched: Matched): string[];
}

export function compileInhibition(rules: readonly InhibitRule[]): Inhibition {
  const compiled = rules.map((rule) => ({
    ...rule,
    isSource: compileMatchers(rule.source),
    isTarget: compileMatchers(rule.target),
    name: eventIdHash(
      JSON.stringify([rule.source.map(matcherText), rule.target.map(matcherText), rule.equal]),
    ).toString(36),
  }));
  type Rule = (typeof compiled)[number];
  const keyOf = ({ name, equal }: Rule, matched: Matched) =>
    `${INHIBITOR_KEY}${name}#${eventIdHash(JSON.stringify(equal.map((label) => labelOf(matched, label)))).toString(36)}`;
  /** Of the sources that are no targets: the others stand under the key that had all of them once. */
  const ofSourceAlone = (rule: Rule, matched: Matched) => `${keyOf(rule, matched)}#source`;
  return {
    isNone: rules.length === 0,
    sourcesOf: (matched) =>
      compiled
        .filter(({ isSource }) => isSource(matched))
        .map((rule) => ({
          inhibitor: rule.isTarget(matched) ? keyOf(rule, matched) : ofSourceAlone(rule, matched),
          seconds: rule.seconds,
        })),
    // What matches both sides is hidden by what is a source alone: neither by itself nor by its like. As in Alertmanager.
    targetsOf: (matched) =>
      compiled
        .filter(({ isTarget }) => isTarget(matched))
        .flatMap((rule) => [ofSourceAlone(rule, matched), ...(rule.isSource(matched) ? [] : [keyOf(rule, matched)])]),
  };
}

export function evolveInhibitor(state: Inhibitor | undefined, alert: InhibitorEvent): Inhibitor {
  const { seconds } = alert;
  const time = timeOf(alert);
  if (state === undefined || time >= endOf(state)) return { since: time, lastAt: time, seconds };
  const isJustBefore = isoTime(Date.parse(time) + seconds * 1_000) >= state.since;
  return {
    since: time < state.since && isJustBefore ? time : state.since,
    lastAt: time > state.lastAt ? time : state.lastAt,
    seconds,
  };
}

function endOf({ lastAt, seconds }: Inhibitor): string {
  return isoTime(Date.parse(lastAt) + seconds * 1_000);
}

/** Whether the source goes on at the event's own time. */
export function inhibits(state: Inhibitor, alert: { event: LogEvent; arrivedAt: number }): boolean {
  const time = timeOf(alert);
  return time >= state.since && time < endOf(state);
}

export const INHIBITOR_KEY = 'inhibitor#';
const FORGET_AFTER_SECONDS = 86_400;

/** Inhibitors stand in the alert-groups table. */
export const inhibitorProjection = {
  name: 'inhibitors',
  keyOf: (group: string) => ({ group }),
  evolve: evolveInhibitor,
  toItem: (state: Inhibitor): Record<string, unknown> => ({
    ...state,
    expiry: Math.floor(Date.parse(endOf(state)) / 1_000) + FORGET_AFTER_SECONDS,
  }),
  fromItem: (item: Record<string, unknown>): Inhibitor => {
    const { since, lastAt, seconds } = item as unknown as Inhibitor;
    return { since, lastAt, seconds };
  },
};
