import type { LogEvent } from '../events/event.ts';
import { eventIdHash } from '../events/event-id.ts';
import { cutText } from '../events/limits.ts';
import { REQUEST_SECONDS } from '../remediation/decide.ts';
import type { Rule, RuleMatch } from './rule.ts';

/** What a rule does when it fires. Ids are stable: what is done twice has the same one. */
export interface Firing {
  id: string;
  kind: 'fired' | 'over';
  /** ISO 8601, UTC: the event's own time, or when an absence was due. */
  at: string;
  /**
   * When it was decided: see `decidedTime`, or the look that found the absence. ISO 8601, UTC.
   * Missing where it asks for nothing, and in what was stored before.
   */
  decidedAt?: string;
  /** Events that it stands for; 0 for an absence. */
  count: number;
  values: [name: string, value: string][];
  restart?: string;
  /** The message that came last, cut short. */
  sample?: string;
}

export interface OutgoingFiring {
  firing: Firing;
  /** `held`: for the remediation, once the consumer has read what came before the firing; see `releaseRestart`. */
  to: ('stream' | 'remediation' | 'held')[];
}

/** What one rule knows of one combination of its `by`. */
export interface RuleState {
  rule: string;
  values: [name: string, value: string][];
  /** Events counted, ever. */
  total: number;
  /** Of the newest events since it fired last, at most one more than the rule allows. Milliseconds since 1970, ascending. */
  times: number[];
  /** When the newest event came, and until when the rule does not fire again. */
  lastSeen: number;
  quietUntil: number;
  /** For an absence: whether it was told and not yet over. */
  isAbsent: boolean;
  restart?: string;
  pending: OutgoingFiring[];
}

export interface RuleEvent {
  event: LogEvent;
  arrivedAt: number;
  match: RuleMatch;
  rule: Rule;
}

const SAMPLE_BYTES = 1_024;
/** While so many wait, their receivers are out of reach: the rule fires again when they have gone out. */
const MAX_PENDING = 20;

export function evolve(state: RuleState | undefined, ruleEvent: RuleEvent): RuleState {
  const before = state ?? emptyState(ruleEvent.rule, ruleEvent.match);
  const counted = { ...before, total: before.total + 1 };
  const { condition } = ruleEvent.rule;
  return condition.kind === 'count' ? countIn(counted, ruleEvent, condition) : seen(counted, ruleEvent);
}

function emptyState({ name }: Rule, { values, restart }: Pick<RuleMatch, 'values' | 'restart'>): RuleState {
  const start = { total: 0, times: [], lastSeen: 0, quietUntil: 0, isAbsent: false, pending: [] };
  return { rule: name, values, ...start, ...(restart === undefined ? {} : { restart }) };
}

/** When the event happened, as far as windows go: not after it arrived. */
function timeOf({ event, arrivedAt }: RuleEvent): number {
  return Math.min(Date.parse(event.time), arrivedAt);
}

/** No clock is so slow: local time taken for UTC is 14 hours off at most. */
const SLOWEST_CLOCK = 86_400_000;

/**
 * A firing is decided when its event arrives: a producer's clock may be slow. What is older than any slow clock makes it was
 * kept, such as last month's file that is put into the bucket, and nothing is to be restarted for it now.
 */
function decidedTime({ time, arrivedAt }: { time: number; arrivedAt: number }): number {
  return arrivedAt - time < SLOWEST_CLOCK ? arrivedAt : time;
}

/**
 * The newest events, by their own time, decide: the rule fires when one more than it allows lie within its window. Then it
 * is quiet for one window's length, so that what goes on for hours fires once a window.
 */
function countIn(
  state: RuleState,
  ruleEvent: RuleEvent,
  condition: Extract<Rule['condition'], { kind: 'count' }>,
): RuleState {
  const time = timeOf(ruleEvent);
  const lastSeen = Math.max(state.lastSeen, time);
  if (time < state.quietUntil) return { ...state, lastSeen };
  const times = [...state.times, time].sort((a, b) => a - b).slice(-(condition.moreThan + 1));
  const [oldest = time] = times;
  const newest = times.at(-1) ?? time;
  const length = condition.withinSeconds * 1000;
  if (times.length <= condition.moreThan || newest - oldest >= length || isFull(state)) {
    return { ...state, lastSeen, times };
  }
  const { match, event, rule, arrivedAt } = ruleEvent;
  const firing: Firing = {
    id: `${firingId(rule, match.group)}:${eventIdHash(event.id).toString(36)}`,
    kind: 'fired',
    at: new Date(newest).toISOString(),
    decidedAt: new Date(decidedTime({ time: newest, arrivedAt })).toISOString(),
    count: times.length,
    values: match.values,
    sample: cutText(event.message, SAMPLE_BYTES).text,
    ...(match.restart === undefined ? {} : { restart: match.restart }),
  };
  return { ...state, lastSeen, times: [], quietUntil: newest + length, pending: withFiring(state.pending, firing) };
}

/**
 * An absence is of arrivals: whose clock is slow is not absent, and what had arrived before the absence began does not end
 * it, however late its shard is read.
 */
function seen(state: RuleState, { event, arrivedAt, match, rule }: RuleEvent): RuleState {
  const lastSeen = Math.max(state.lastSeen, arrivedAt);
  const next = { ...state, lastSeen, ...(match.restart === undefined ? {} : { restart: match.restart }) };
  if (!state.isAbsent || arrivedAt <= state.lastSeen || isFull(state)) return next;
  const firing: Firing = {
    id: `${firingId(rule, match.group)}:${eventIdHash(event.id).toString(36)}`,
    kind: 'over',
    at: new Date(lastSeen).toISOString(),
    count: 1,
    values: match.values,
    sample: cutText(event.message, SAMPLE_BYTES).text,
  };
  return { ...next, isAbsent: false, pending: withFiring(withoutHeld(state.pending), firing) };
}

/** The state of an absence that nobody has ever ended: it is counted from when it is first looked at. */
export function awaitFirst(rule: Rule, now: number): RuleState {
  return { ...emptyState(rule, { values: [] }), lastSeen: now };
}

/** Tells an absence that is due. Answers the same state when there is none. */
export function noticeAbsence(state: RuleState, group: string, { rule, now }: { rule: Rule; now: number }): RuleState {
  const due = absentAt(state, rule);
  if (due === undefined || due > now || isFull(state)) return state;
  const firing: Firing = {
    id: `${firingId(rule, group)}:${state.lastSeen.toString(36)}`,
    kind: 'fired',
    at: new Date(due).toISOString(),
    decidedAt: new Date(now).toISOString(),
    count: 0,
    values: state.values,
    ...restartOf(state, rule),
  };
  const to: OutgoingFiring['to'] = firing.restart === undefined ? ['stream'] : ['stream', 'held'];
  return { ...state, isAbsent: true, pending: [...state.pending, { firing, to }] };
}

/**
 * An absence is noticed by the clock, also while the consumer is switched off and its events wait on the stream. So its
 * restart is held until the consumer reads the firing's own event: it has then read what came before it on that shard, and
 * an event of the group has ended the absence and dropped the restart. Answers the same state when there is none.
 */
export function releaseRestart(state: RuleState, isReleased: (firing: Firing) => boolean): RuleState {
  const isHeld = ({ firing, to }: OutgoingFiring) => to.includes('held') && isReleased(firing);
  if (!state.pending.some(isHeld)) return state;
  const release = (outgoing: OutgoingFiring): OutgoingFiring =>
    isHeld(outgoing)
      ? { ...outgoing, to: outgoing.to.map((receiver) => (receiver === 'held' ? 'remediation' : receiver)) }
      : outgoing;
  return { ...state, pending: state.pending.map(release) };
}

/** Twice as long as a request may wait, so that no clock that is minutes off takes it for young. */
const HELD_MILLISECONDS = 2 * REQUEST_SECONDS * 1_000;

/** A restart that was held too long is asked for, to be refused as too old: people are called, and nothing is restarted. */
export function releaseOverdue(state: RuleState, now: number): RuleState {
  return releaseRestart(state, ({ at, decidedAt }) => now - Date.parse(decidedAt ?? at) >= HELD_MILLISECONDS);
}

function withoutHeld(pending: readonly OutgoingFiring[]): OutgoingFiring[] {
  return pending.flatMap(({ firing, to }) => {
    const others = to.filter((receiver) => receiver !== 'held');
    return others.length > 0 ? [{ firing, to: others }] : [];
  });
}

/** A group that nothing came of yet has only what the rule itself names. */
function restartOf({ restart }: RuleState, rule: Rule): { restart?: string } {
  const target = restart ?? (rule.restart?.startsWith('{') ? undefined : rule.restart);
  return target === undefined ? {} : { restart: target };
}

function absentAt({ isAbsent, lastSeen }: RuleState, { condition }: Rule): number | undefined {
  return condition.kind === 'absence' && !isAbsent ? lastSeen + condition.seconds * 1000 : undefined;
}

/** When somebody must look at the state again although no event comes; undefined when never. */
export function dueAt(state: RuleState, rule: Rule): number | undefined {
  return state.pending.length > 0 ? state.lastSeen : absentAt(state, rule);
}

function isFull({ pending }: RuleState): boolean {
  return pending.length >= MAX_PENDING;
}

function firingId({ name }: Rule, group: string): string {
  return `rule:${name}:${group.slice(group.lastIndexOf('#') + 1)}`;
}

/** The group of a firing's id; undefined for what is none. */
export function groupOfFiring(id: string): string | undefined {
  const [kind, name, key, end, ...more] = id.split(':');
  return kind === 'rule' && end !== undefined && more.length === 0 ? `rule#${name}#${key}` : undefined;
}

function withFiring(pending: readonly OutgoingFiring[], firing: Firing): OutgoingFiring[] {
  const to: OutgoingFiring['to'] = firing.restart === undefined ? ['stream'] : ['stream', 'remediation'];
  return [...pending, { firing, to }];
}

export type FiringReceiver = Exclude<OutgoingFiring['to'][number], 'held'>;

/** Takes out what a receiver has got. */
export function clearSent(state: RuleState, sent: ReadonlyMap<FiringReceiver, ReadonlySet<string>>): RuleState {
  let isChanged = false;
  const pending = state.pending.flatMap(({ firing, to }) => {
    const waiting = to.filter((receiver) => receiver === 'held' || !sent.get(receiver)?.has(firing.id));
    isChanged ||= waiting.length < to.length;
    return waiting.length > 0 ? [{ firing, to: waiting }] : [];
  });
  return isChanged ? { ...state, pending } : state;
}
