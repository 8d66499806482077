import { decodeEvent } from '../../shared/events/decode.ts';
import type { LogEvent } from '../../shared/events/event.ts';
import { fingerprintEvent } from '../../shared/events/fingerprint.ts';
import { categoryOf } from '../../shared/events/levels.ts';
import { DAY_START, type DayOptions, type DaySecond, STORMS, stormCount } from './day.ts';
import { readSets } from './real-logs.ts';

const DAY_SECONDS = 86_400;
const DAY_MILLISECONDS = DAY_SECONDS * 1_000;
/** By the size that a storm of the made-up day has: few kinds of what fails are many where a program has no more. */
const MOST_KINDS = 300;

export interface RecordedDay {
  /** By second, in order, as often as it is asked for. */
  seconds: () => Iterable<DaySecond>;
  sets: string[];
  /** Lines that say when they were written: the others are spread over the day, in order. */
  timed: number;
  lines: number;
  /** How often each line comes. */
  copies: number;
}

/**
 * A day of what real programs wrote: every line of every set as the decoder understands it, level and all, at the time of day
 * that it has itself and as often again at even distances from it as makes up `calm` events, with storms of their own error
 * lines over and over. Undefined where there are no sets.
 */
export function recordedDay(directory: string, { calm: wanted, stormEvents }: DayOptions): RecordedDay | undefined {
  const sets = readSets(directory);
  if (sets.length === 0) return undefined;
  const decoded = sets.map(({ name, lines }) => decodeSet(name, lines));
  const calm = decoded.flatMap(({ events }) => events);
  const errors = errorSources(calm);
  if (errors.length === 0) throw new Error(`expected error lines in the sets of ${directory}, got none`);
  const bySecond = new Map(Map.groupBy(calm, ({ time }) => Math.floor((Date.parse(time) - DAY_START) / 1_000)));
  const copies = Math.max(1, Math.floor(wanted / calm.length));
  function* seconds(): Generator<DaySecond> {
    for (let second = 0; second < DAY_SECONDS; second++) {
      const stormy = STORMS.flatMap((_storm, index) =>
        stormEventsOf(index, { second, stormEvents, lines: errors[index % errors.length] ?? [] }),
      );
      yield { at: DAY_START + second * 1_000, events: [...copiesIn(second, bySecond, copies), ...stormy] };
    }
  }
  const timed = decoded.reduce((sum, one) => sum + one.timed, 0);
  return { seconds, sets: sets.map(({ name }) => name), timed, lines: calm.length, copies };
}

/** What comes in a second of the day when each event comes so often, at even distances over the day. */
function copiesIn(second: number, bySecond: ReadonlyMap<number, LogEvent[]>, copies: number): LogEvent[] {
  return Array.from({ length: copies }, (_, copy) => {
    const later = Math.floor((copy * DAY_SECONDS) / copies);
    const own = (second - later + DAY_SECONDS) % DAY_SECONDS;
    return (bySecond.get(own) ?? []).map((event) => ({
      ...event,
      id: `${event.id}-${copy}`,
      time: new Date(Date.parse(event.time) + (second - own) * 1_000).toISOString(),
    }));
  }).flat();
}

function decodeSet(name: string, lines: readonly string[]): { events: LogEvent[]; timed: number } {
  let timed = 0;
  const arrivedAt = DAY_START + DAY_MILLISECONDS;
  const events = lines.map((text, place) => {
    const event = decodeEvent({ text }, { id: `${name}-${place}`, arrivedAt, source: name.toLowerCase() });
    const own = timeOfDay(text);
    if (own !== undefined) timed += 1;
    const ofDay = own ?? Math.floor((place * DAY_MILLISECONDS) / lines.length);
    return { ...event, time: new Date(DAY_START + ofDay).toISOString() };
  });
  return { events, timed };
}

/** `04:47:44` or `15.42.50`, `081109 203615`, seconds since 1970: the first of them that a line has. */
const CLOCK = /(?<![\d.])(\d{1,2})[:.](\d{1,2})[:.](\d{1,2})(?!\d)|(?<!\d)\d{6} (\d{2})(\d{2})(\d{2}) /;
const EPOCH = /(?<!\d)(1\d{9})(?!\d)/;

/** Milliseconds of the day at which a line says that it was written. The decoder goes by arrival where no zone is named. */
function timeOfDay(line: string): number | undefined {
  const clock = CLOCK.exec(line.slice(0, 120))
    ?.slice(1)
    .filter((part) => part !== undefined);
  if (clock === undefined) {
    const epoch = EPOCH.exec(line)?.[1];
    return epoch === undefined ? undefined : (Number(epoch) * 1_000) % DAY_MILLISECONDS;
  }
  const [hours = 0, minutes = 0, seconds = 0] = clock.map(Number);
  return hours < 24 && minutes < 60 && seconds < 60 ? (hours * 3_600 + minutes * 60 + seconds) * 1_000 : undefined;
}

/** The error lines of each source, a kind once, of the source with the most kinds first. */
function errorSources(events: readonly LogEvent[]): LogEvent[][] {
  const kinds = new Map<string, LogEvent>();
  for (const event of events) {
    if (categoryOf(event.level) === 'error') kinds.set(fingerprintEvent(event).fingerprint, event);
  }
  const sources = Map.groupBy(kinds.values(), ({ source }) => source);
  return [...sources.values()].sort((a, b) => b.length - a.length);
}

interface Moment {
  second: number;
  stormEvents: number;
  /** Of one source, a kind each. */
  lines: readonly LogEvent[];
}

function stormEventsOf(index: number, { second, stormEvents, lines }: Moment): LogEvent[] {
  const storm = STORMS[index];
  if (storm === undefined) return [];
  const count = stormCount(storm, second, stormEvents);
  const kinds = Math.min(storm.kinds, MOST_KINDS, lines.length);
  return Array.from({ length: count }, (_, place) => {
    const time = new Date(DAY_START + second * 1_000 + Math.floor((place * 1_000) / count)).toISOString();
    const line = lines[(second + place) % kinds] as LogEvent;
    return { ...line, id: `storm-${index}-${second}-${place}`, time };
  });
}
