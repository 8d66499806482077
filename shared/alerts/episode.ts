import type { AlertEvent, AlertGroup } from './alert-group.ts';
import { isoTime, whenTold } from './group-window.ts';
import { tellsOfMoments } from './known-incidents.ts';
import type { Route } from './routing-tree.ts';

/**
 * What Alertmanager calls an alert that fires: from the first event of a group until it was quiet for `resolve_timeout`.
 * Times are ISO 8601, UTC.
 */
export interface Episode {
  since: string;
  count: number;
  /** Its latest event. */
  lastAt: string;
  /** Seconds of quiet after which it is over; 0: it never is. */
  quiet: number;
  /** When it is over, on a route that is muted at times. */
  overAt?: string;
  /** When the group was told of last, be it in an episode before this one. */
  toldAt?: string;
  /** It was told of itself. */
  isTold?: true;
  /** One of its events that a silence or an inhibition hid: while none after it is heard, nobody knows whether it is over. */
  hiddenAt?: string;
  /** How often it came back soon after it was told to be over. */
  flaps: number;
  isOver?: true;
  /** Nobody is told that it is over: its events tell of moments. */
  endsUntold?: true;
  /** It began in a storm: what is told of it goes through the storm's notice. */
  inStorm?: true;
}

/** A group that came back so often flaps. */
const FLAPPING = 2;
/** It must be quiet for up to 16 times as long. */
const MOST_FLAPS = 5;
/** It came back soon: within so many of its quiet times. */
const SOON = 4;

/** When the episode is over, in milliseconds since 1970; infinite when it never is, or goes on in hiding. */
export function overAt({ quiet, overAt: until, lastAt, hiddenAt = '' }: Episode): number {
  if (quiet === 0 || hiddenAt > lastAt) return Number.POSITIVE_INFINITY;
  return until === undefined ? Date.parse(lastAt) + quiet * 1_000 : Date.parse(until);
}

/**
 * When the sweep holds it over, in milliseconds since 1970: not before it was as quiet since its latest event arrived. Else the
 * end of an incident whose events are behind by more than that would be told while it goes on, each time one of them arrives.
 */
export function overAtSweep(episode: Episode, arrivedAt = 0): number {
  return Math.max(overAt(episode), arrivedAt + episode.quiet * 1_000);
}

/**
 * The episode after an event that a silence or an inhibition hid. The very same when that says nothing new: so it is written
 * once while it goes on in hiding, not with each event.
 */
export function inHiding(episode: Episode, time: string): Episode {
  const { quiet, isOver, lastAt, hiddenAt = '' } = episode;
  return quiet === 0 || isOver || hiddenAt > lastAt || time <= lastAt ? episode : { ...episode, hiddenAt: time };
}

/** The episode after one more event. */
export function goOn(episode: Episode, { way }: AlertEvent, time: string): Episode {
  const lastAt = time > episode.lastAt ? time : episode.lastAt;
  return withEnd({ ...episode, count: episode.count + 1, lastAt }, way.route);
}

function withEnd(episode: Episode, route: Route): Episode {
  if (route.times === undefined || episode.quiet === 0) return episode;
  return { ...episode, overAt: isoTime(whenTold(route, Date.parse(episode.lastAt) + episode.quiet * 1_000)) };
}

/** An episode in which a window opens. */
interface Opened {
  episode: Episode;
  /** How the window is told of, */
  kind: 'first' | 'repeat';
  /** and until when that is held back, in milliseconds since 1970. */
  heldUntil: number;
}

interface Opening {
  time: string;
  /** Whether the event is of an incident, or at a level, that the group has not held yet. */
  isNew: boolean;
}

/**
 * The episode with an event that opens a window. A group is told again once in its repeat interval; what is new in it, and
 * what comes back after people heard that it was over, is not held back by that.
 */
export function episodeAt(before: AlertGroup | undefined, alert: AlertEvent, opening: Opening): Opened {
  const last = before?.episode;
  const { time } = opening;
  if (before === undefined || last === undefined) {
    const quiet = alert.way.route.resolveTimeout[alert.event.level];
    const episode = withEnd({ ...begin(alert, time), quiet, flaps: 0 }, alert.way.route);
    return { episode, kind: before === undefined ? 'first' : 'repeat', heldUntil: 0 };
  }
  return last.isOver ? comeBack(last, alert, opening) : openAgain(last, alert, opening);
}

function begin({ event: { source } }: AlertEvent, time: string) {
  return { since: time, count: 1, lastAt: time, ...(tellsOfMoments(source) ? { endsUntold: true as const } : {}) };
}

/** Whether people hear, or heard, that it is over: who was told of more than one event is. */
export function isEndTold({ count, toldAt, endsUntold, inStorm }: Episode): boolean {
  return count > 1 && toldAt !== undefined && !endsUntold && !inStorm;
}

function comeBack(last: Episode, alert: AlertEvent, { time, isNew }: Opening): Opened {
  const { way, event } = alert;
  const { route } = way;
  const flaps = flapsOf(last, time);
  const quiet = route.resolveTimeout[event.level] * 2 ** Math.max(0, flaps - 1);
  const episode = withEnd({ ...begin(alert, time), quiet, flaps, toldAt: last.toldAt }, route);
  const flapping = isFlapping(episode);
  const between = isEndTold(last) && !flapping ? 0 : repeatOf(alert, isNew);
  return {
    episode,
    kind: flapping ? 'repeat' : 'first',
    heldUntil: nextRepeat(episode, flapping && !isNew ? Math.max(between, quiet) : between),
  };
}

function openAgain(last: Episode, alert: AlertEvent, { time, isNew }: Opening): Opened {
  const episode = goOn(last, alert, time);
  const repeat = repeatOf(alert, isNew);
  const between = isFlapping(episode) && !isNew ? Math.max(repeat, episode.quiet) : repeat;
  return { episode, kind: 'repeat', heldUntil: nextRepeat(episode, between) };
}

/** Seconds from one notice to the next: what is new comes with the next window, as in Alertmanager. */
export function repeatOf({ way: { route }, event }: AlertEvent, isNew: boolean): number {
  const repeat = tellsOfMoments(event.source) ? route.ownRepeatInterval : route.repeatInterval;
  return isNew ? Math.min(route.groupInterval[event.level], repeat[event.level]) : repeat[event.level];
}

export function isFlapping({ flaps }: Episode): boolean {
  return flaps >= FLAPPING;
}

function nextRepeat({ toldAt }: Episode, seconds: number): number {
  return toldAt === undefined || seconds === 0 ? 0 : Date.parse(toldAt) + seconds * 1_000;
}

/** Only what was told to be over can flap: a single event is over without a word. */
function flapsOf(last: Episode, time: string): number {
  const isSoon = Date.parse(time) < overAt(last) + SOON * last.quiet * 1_000;
  return isEndTold(last) && isSoon ? Math.min(last.flaps + 1, MOST_FLAPS) : 0;
}
