import type { AlertEvent, AlertGroup } from './alert-group.ts';
import { isoTime, whenTold } from './group-window.ts';
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
  /** When it was told of last. */
  toldAt?: string;
  /** How often it came back soon after it was told to be over. */
  flaps: number;
  isOver?: true;
  /** It began in a storm: what is told of it goes through the storm's notice. */
  inStorm?: true;
}

/** A group that came back so often flaps. */
const FLAPPING = 2;
/** It must be quiet for up to 16 times as long. */
const MOST_FLAPS = 5;
/** It came back soon: within so many of its quiet times. */
const SOON = 4;

/** When the episode is over, in milliseconds since 1970; infinite when it never is. */
export function overAt({ quiet, overAt: until, lastAt }: Episode): number {
  if (quiet === 0) return Number.POSITIVE_INFINITY;
  return until === undefined ? Date.parse(lastAt) + quiet * 1_000 : Date.parse(until);
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

export function episodeAt(before: AlertGroup | undefined, alert: AlertEvent, time: string): Opened {
  const last = before?.episode;
  if (before === undefined || last === undefined) {
    const quiet = alert.way.route.resolveTimeout[alert.event.level];
    const episode = withEnd({ since: time, count: 1, lastAt: time, quiet, flaps: 0 }, alert.way.route);
    return { episode, kind: before === undefined ? 'first' : 'repeat', heldUntil: 0 };
  }
  return last.isOver ? comeBack(last, alert, time) : openAgain(last, alert, time);
}

function comeBack(last: Episode, { way: { route }, event }: AlertEvent, time: string): Opened {
  const flaps = flapsOf(last, time);
  const quiet = route.resolveTimeout[event.level] * 2 ** Math.max(0, flaps - 1);
  const episode = withEnd({ since: time, count: 1, lastAt: time, quiet, flaps, toldAt: last.toldAt }, route);
  if (flaps < FLAPPING) return { episode, kind: 'first', heldUntil: 0 };
  return { episode, kind: 'repeat', heldUntil: nextRepeat(episode, quiet) };
}

function openAgain(last: Episode, alert: AlertEvent, time: string): Opened {
  const episode = goOn(last, alert, time);
  const between = Math.max(alert.way.route.repeatInterval, episode.flaps < FLAPPING ? 0 : episode.quiet);
  return { episode, kind: 'repeat', heldUntil: nextRepeat(episode, between) };
}

function nextRepeat({ toldAt }: Episode, seconds: number): number {
  return toldAt === undefined || seconds === 0 ? 0 : Date.parse(toldAt) + seconds * 1_000;
}

/** Only what was told to be over can flap: a single event is over without a word. */
function flapsOf(last: Episode, time: string): number {
  const isSoon = Date.parse(time) < overAt(last) + SOON * last.quiet * 1_000;
  return last.count > 1 && isSoon ? Math.min(last.flaps + 1, MOST_FLAPS) : 0;
}
