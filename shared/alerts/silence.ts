import type { LogEvent } from '../events/event.ts';
import type { Level } from '../events/levels.ts';
import { isoTime, moreSevere, timeOf } from './group-window.ts';
import { compileMatchers, type Matched, type Matcher, matcherText, parseMatcher } from './matcher.ts';
import type { Notice } from './notice.ts';
import { isFull, type Outbox, withNotice } from './pending.ts';
import { cleanLine } from './wording.ts';

/** What hides events from every receiver, from `startsAt` until before `endsAt` (ISO 8601, UTC) of their own time. */
export interface Silence {
  id: string;
  matchers: readonly Matcher[];
  author: string;
  reason: string;
  startsAt: string;
  endsAt: string;
}

/** What an operator did, as it stands in `details.silence` of the events `silence.created` and `silence.ended`. */
export type SilenceChange = { kind: 'created'; silence: Silence } | { kind: 'ended'; id: string; author: string };

export const SILENCE_LIMITS = {
  /** In force at the same time: all are held in memory. */
  count: 200,
  matchers: 20,
  days: 365,
  author: 100,
  reason: 500,
} as const;
const DAY = 86_400_000;
const ID = /^[\w-]{1,64}$/;

/** Why a silence is none. */
export class SilenceFault extends Error {
  constructor(expected: string) {
    super(`expected ${expected}`);
    this.name = 'SilenceFault';
  }
}

/** Checks a silence. Throws a `SilenceFault` or the fault of a matcher, which say what was expected. */
export function checkSilence(silence: Silence): Silence {
  const { id, matchers, author, reason, startsAt, endsAt } = silence;
  if (!ID.test(id)) throw new SilenceFault('an id of up to 64 letters, digits, hyphens and underscores');
  if (matchers.length === 0 || matchers.length > SILENCE_LIMITS.matchers) {
    throw new SilenceFault(`1 to ${SILENCE_LIMITS.matchers} matchers`);
  }
  if (!isNarrow(matchers))
    throw new SilenceFault('a matcher that an empty value does not fulfil: this would hide everything');
  if (author.trim() === '' || author.length > SILENCE_LIMITS.author)
    throw new SilenceFault('who silences, in up to 100 characters');
  if (reason.trim() === '' || reason.length > SILENCE_LIMITS.reason)
    throw new SilenceFault('a reason of up to 500 characters');
  const length = Date.parse(endsAt) - Date.parse(startsAt);
  if (!(length > 0 && length <= SILENCE_LIMITS.days * DAY)) {
    throw new SilenceFault(`an end after the start, at most ${SILENCE_LIMITS.days} days later`);
  }
  return silence;
}

/** As in Alertmanager: a silence of nothing but `source=~".*"` is a slip. */
function isNarrow(matchers: readonly Matcher[]): boolean {
  const nothing = {
    event: { level: '' as Level, source: '', attributes: {} },
    fingerprint: '' as Matched['fingerprint'],
  };
  return matchers.some((matcher) => !compileMatchers([matcher])(nothing));
}

/** The change that an event tells of. Throws a fault that says what was expected when it tells of none. */
export function silenceChange({ type, details, time }: Pick<LogEvent, 'type' | 'details' | 'time'>): SilenceChange {
  const written = Object(Object(details).silence) as Record<string, unknown>;
  const text = (name: string) => (typeof written[name] === 'string' ? (written[name] as string) : '');
  if (type === 'silence.ended') {
    if (!ID.test(text('id'))) throw new SilenceFault('details.silence.id, the id of a silence');
    return { kind: 'ended', id: text('id'), author: text('author') };
  }
  const matchers = Array.isArray(written.matchers) ? written.matchers : [];
  const silence = {
    id: text('id'),
    matchers: matchers.slice(0, SILENCE_LIMITS.matchers + 1).map((matcher) => parseMatcher(String(matcher))),
    author: text('author'),
    reason: text('reason'),
    startsAt: isoOf(text('startsAt')) ?? time,
    endsAt: isoOf(text('endsAt')) ?? '',
  };
  return { kind: 'created', silence: checkSilence(silence) };
}

function isoOf(text: string): string | undefined {
  const milliseconds = Date.parse(text);
  return Number.isNaN(milliseconds) ? undefined : isoTime(milliseconds);
}

/** As the events carry it. */
export function silenceDetails({ matchers, ...silence }: Silence) {
  return { silence: { ...silence, matchers: matchers.map(matcherText) } };
}

/** A silence as it is stored: what was said of it, and what it hid. */
export interface SilenceState extends Outbox {
  id: string;
  /** Missing when its end was heard of first. */
  silence?: Silence;
  /** Id and time of the event that made it as it is. */
  madeBy?: string;
  madeAt?: string;
  /** When an operator ended it before its time. */
  endedAt?: string;
  endedBy?: string;
  hidden: number;
  /** How many of them its announcement told of; missing before there was one. */
  announced?: number;
  level: Level;
  sources: readonly string[];
  firstSeen?: string;
  lastSeen?: string;
  /** Milliseconds since 1970 at which the latest of its events arrived; missing in an item of before it was kept. */
  arrivedAt?: number;
}

/** An event that changes a silence, or one that it hides. */
export interface SilenceEvent {
  event: LogEvent;
  arrivedAt: number;
  change?: SilenceChange;
  /** Whose the event is. */
  silenceId: string;
  /** Addresses that would have heard of it. */
  to?: readonly string[];
}

const MOST_SOURCES = 5;
const MOST_ADDRESSES = 50;

export function evolveSilence(state: SilenceState | undefined, event: SilenceEvent): SilenceState {
  const known = state ?? { id: event.silenceId, hidden: 0, level: 'debug' as const, sources: [], pending: [], to: [] };
  const before = { ...known, arrivedAt: Math.max(state?.arrivedAt ?? 0, event.arrivedAt) };
  if (event.change === undefined) return hide(before, event);
  return change(before, event.change, event.event);
}

/** Whatever order they come in, the latest word holds: a silence that is made anew after it was ended is in force again. */
function change(state: SilenceState, said: SilenceChange, { id, time }: LogEvent): SilenceState {
  if (time < (state.madeAt ?? '')) return state;
  if (said.kind === 'ended') {
    if (state.endedAt !== undefined && state.endedAt >= time) return state;
    return { ...state, endedAt: time, endedBy: said.author };
  }
  const made = { ...state, silence: said.silence, madeBy: id, madeAt: time };
  return state.endedAt !== undefined && state.endedAt >= time
    ? made
    : { ...made, endedAt: undefined, endedBy: undefined };
}

function hide(state: SilenceState, { event, to = [] }: SilenceEvent): SilenceState {
  const { time, level, source } = event;
  const isKnown = state.sources.length >= MOST_SOURCES || state.sources.includes(source);
  const addresses = [...new Set([...(state.to ?? []), ...to])].slice(0, MOST_ADDRESSES);
  return {
    ...state,
    hidden: state.hidden + 1,
    level: state.hidden === 0 ? level : moreSevere(level, state.level),
    sources: isKnown ? state.sources : [...state.sources, source],
    to: addresses.length === (state.to?.length ?? 0) ? state.to : addresses,
    firstSeen: state.firstSeen === undefined || time < state.firstSeen ? time : state.firstSeen,
    lastSeen: state.lastSeen === undefined || time > state.lastSeen ? time : state.lastSeen,
  };
}

/** When it is over (ISO 8601), as far as is known. */
export function endOf({ silence, endedAt }: Pick<SilenceState, 'silence' | 'endedAt'>): string | undefined {
  if (silence === undefined || endedAt === undefined) return silence?.endsAt ?? endedAt;
  return endedAt < silence.endsAt ? endedAt : silence.endsAt;
}

/** Whether it hides this event. Decided on the event's own time. */
export function silences({ silence, endedAt }: Pick<SilenceState, 'silence' | 'endedAt'>) {
  const end = endOf({ silence, endedAt });
  if (silence === undefined || end === undefined) return () => false;
  const matches = compileMatchers(silence.matchers);
  return (matched: Matched & { event: LogEvent; arrivedAt: number }): boolean => {
    const time = timeOf(matched);
    return time >= silence.startsAt && time < end && matches(matched);
  };
}

/** Batches that were under way when it ended have counted theirs by then. */
export const SILENCE_GRACE_MILLISECONDS = 120_000;

/**
 * Announces to whom it kept something from that it is over, with the exact count. The very same state when not due, or while
 * as many notices wait as may.
 */
export function settleSilence(state: SilenceState, now: string): SilenceState {
  const end = endOf(state);
  const isOver = end !== undefined && Date.parse(end) + SILENCE_GRACE_MILLISECONDS <= Date.parse(now);
  if (!isOver || state.announced === state.hidden || isFull(state)) return state;
  const announced = { ...state, announced: state.hidden };
  return state.hidden === 0 || (state.to ?? []).length === 0
    ? announced
    : withNotice(announced, announcement(state, end));
}

function announcement(state: SilenceState, end: string): Notice {
  const { id, silence, endedBy, hidden, level, sources, firstSeen = end, lastSeen = end, madeBy } = state;
  const reason = cleanLine(silence?.reason ?? '', 120);
  const by = cleanLine(endedBy || silence?.author || '', 100);
  const matchers = (silence?.matchers ?? []).map(matcherText).join(', ');
  return {
    id: `${madeBy ?? id}/summary@silence-${hidden}`,
    kind: 'summary',
    level,
    source: sources.length === 1 ? (sources[0] as string) : 'sluice',
    fingerprint: `silence:${id}`,
    title: cleanLine(`silence ended: ${reason} (${endedBy ? 'ended by' : 'by'} ${by})`, 200),
    count: hidden,
    firstSeen,
    lastSeen,
    sample: cleanLine(
      `${hidden} events were hidden where ${matchers}, until ${end}. Sources: ${sources.join(', ')}`,
      1_000,
    ),
  };
}

/** The latest at which its announcement can have been decided, in milliseconds since 1970. */
export function silenceDecidedAt(state: SilenceState): number {
  return Math.max(state.arrivedAt ?? 0, Date.parse(endOf(state) ?? isoTime(0)) + SILENCE_GRACE_MILLISECONDS);
}

export const SILENCE_KEY = 'silence#';
/** Silences stand under this in the index `byDue` by their end: those in force are those from now on. */
export const SILENCE_BUCKET = 'silences';
/** Once it is announced it stands here: a record that comes again hours later finds the silence of its time. */
export const PAST_SILENCE_BUCKET = 'silences-past';
/** So long after its end it is forgotten. */
const FORGET_AFTER_SECONDS = 30 * 86_400;

/** Silences stand in the alert-groups table. */
export const silenceProjection = {
  name: 'silences',
  keyOf: (group: string) => ({ group }),
  evolve: evolveSilence,
  toItem: (state: SilenceState): Record<string, unknown> => {
    const end = endOf(state) ?? isoTime(0);
    const seen = Math.max(Date.parse(end), Date.parse(state.lastSeen ?? end), state.arrivedAt ?? 0);
    const isDue = state.announced !== state.hidden || state.pending.length > 0 || state.givenUp !== undefined;
    return {
      ...state,
      expiry: Math.floor(seen / 1_000) + FORGET_AFTER_SECONDS,
      due_bucket: isDue ? SILENCE_BUCKET : PAST_SILENCE_BUCKET,
      due_at: `${end}#${state.id}`,
    };
  },
  fromItem: (item: Record<string, unknown>, now: number): SilenceState | undefined => {
    const { due_bucket: _, due_at: __, version: ___, seen: ____, group: _____, expiry, ...state } = item;
    return (expiry as number) * 1000 < now ? undefined : (state as unknown as SilenceState);
  },
};
