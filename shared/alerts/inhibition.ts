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

/** A source went on from its first event until some time after its last. ISO 8601, UTC. */
interface Spell {
  since: string;
  lastAt: string;
}

/** The newest spell of a source, and how long each lasts after its latest event. */
export interface Inhibitor extends Spell {
  seconds: number;
  /** Spells before it, oldest first: an event is judged by the spell of its own time, in whatever batch it comes. */
  earlier: readonly Spell[];
}

/**
 * Spells that are remembered: with `lasts: 5m` those of four hours at least, and 4 KB of an item at most. What happened
 * before them is told: rather a notice too many.
 */
const MOST_SPELLS = 50;

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
  const own: Spell = { since: timeOf(alert), lastAt: timeOf(alert) };
  if (state === undefined) return { ...own, seconds, earlier: [] };
  // Most go on with the newest spell.
  if (own.since >= state.since && own.since < endOf(state.lastAt, seconds)) {
    return { ...state, lastAt: own.lastAt > state.lastAt ? own.lastAt : state.lastAt, seconds };
  }
  const isNear = (spell: Spell) =>
    own.since <= endOf(spell.lastAt, seconds) && spell.since <= endOf(own.lastAt, seconds);
  const spells = spellsOf(state);
  const joined = spells.filter(isNear).reduce<Spell>(
    ({ since, lastAt }, spell) => ({
      since: spell.since < since ? spell.since : since,
      lastAt: spell.lastAt > lastAt ? spell.lastAt : lastAt,
    }),
    own,
  );
  const ordered = [...spells.filter((spell) => !isNear(spell)), joined].sort((a, b) => (a.since < b.since ? -1 : 1));
  return { ...(ordered.at(-1) ?? joined), seconds, earlier: ordered.slice(-MOST_SPELLS, -1) };
}

function spellsOf({ since, lastAt, earlier }: Inhibitor): Spell[] {
  return [...earlier, { since, lastAt }];
}

function endOf(lastAt: string, seconds: number): string {
  return isoTime(Date.parse(lastAt) + seconds * 1_000);
}

/** Whether the source goes on at the event's own time. */
export function inhibits(state: Inhibitor, alert: { event: LogEvent; arrivedAt: number }): boolean {
  const time = timeOf(alert);
  return spellsOf(state).some(({ since, lastAt }) => time >= since && time < endOf(lastAt, state.seconds));
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
    expiry: Math.floor(Date.parse(endOf(state.lastAt, state.seconds)) / 1_000) + FORGET_AFTER_SECONDS,
  }),
  fromItem: (item: Record<string, unknown>): Inhibitor => {
    // Stored before spells were kept, it has the newest alone.
    const { since, lastAt, seconds, earlier = [] } = item as unknown as Partial<Inhibitor> & Omit<Inhibitor, 'earlier'>;
    return { since, lastAt, seconds, earlier };
  },
};
