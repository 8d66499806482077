import type { LogEvent } from '../events/event.ts';
import { eventIdHash } from '../events/event-id.ts';
import type { AlertEvent } from './alert-group.ts';
import type { Route } from './routing-tree.ts';

/** Hashes that a group remembers: the oldest of more is forgotten, and told of as new when it comes again. */
const MOST_KNOWN = 100;

/** Whether all of a group are of one incident at one level: then nothing in it is new but its first event. */
function isOfOneKind({ groupBy }: Route): boolean {
  return groupBy.includes('...') || (groupBy.includes('fingerprint') && groupBy.includes('level'));
}

/** Whether an event is of an incident, or at a level, that its group has not held yet. */
export function isNews(known: readonly number[] = [], alert: AlertEvent): boolean {
  return !isOfOneKind(alert.way.route) && !known.includes(kindOf(alert));
}

/** What a group has held, with one more event; undefined for a group of one kind, which needs none of it. */
export function withKnown(known: readonly number[] = [], alert: AlertEvent): readonly number[] | undefined {
  if (isOfOneKind(alert.way.route)) return undefined;
  return isNews(known, alert) ? [...known, kindOf(alert)].slice(-MOST_KNOWN) : known;
}

function kindOf({ event, fingerprint }: AlertEvent): number {
  return eventIdHash(`${fingerprint}#${event.level}#${subjectOf(event) ?? ''}`);
}

/** Sources of Sluice's own events, and which of their attributes say what one is about. */
const SUBJECTS: Readonly<Record<string, (name: string) => boolean>> = {
  'sluice.remediation': (name) => name === 'instance',
  // The name of the rule, and the values that it counts by.
  'sluice.rules': (name) => name !== 'count',
  'sluice-email': (name) => name === 'recipient',
};

/**
 * Sources whose events each tell of a moment and come seldom: after a rule's own window, a restart's cooldown. None of them is
 * over because it was quiet for a while, and none is held back unless a route says so.
 */
const OF_MOMENTS: ReadonlySet<string> = new Set(['sluice.rules', 'sluice.remediation']);

export function tellsOfMoments(source: string): boolean {
  return OF_MOMENTS.has(source);
}

/** Whether several groups may have a fingerprint of this source. */
export function isOwnSource(source: string): boolean {
  return Object.hasOwn(SUBJECTS, source);
}

/**
 * What one of Sluice's own events is about: an instance, what a rule counts by, an address. Their messages are alike but for
 * it, so they have one fingerprint, and yet what happens to one says nothing of another. Undefined for all other events.
 */
export function subjectOf({ source, attributes = {} }: Pick<LogEvent, 'source' | 'attributes'>): string | undefined {
  const isSubject = Object.hasOwn(SUBJECTS, source) ? SUBJECTS[source] : undefined;
  if (isSubject === undefined) return undefined;
  const named = Object.entries(attributes).filter(([name]) => isSubject(name));
  return named.length === 0 ? undefined : JSON.stringify(named.sort(([a], [b]) => (a < b ? -1 : 1)));
}
