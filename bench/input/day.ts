import type { LogEvent } from '../../shared/events/event.ts';
import type { Level } from '../../shared/events/levels.ts';
import { seededRandom } from './random.ts';
import { letters } from './trace.ts';

export const DAY_START = Date.parse('2026-11-20T00:00:00.000Z');
const DAY_SECONDS = 86_400;

export interface DayOptions {
  /** Events outside of storms. */
  calm: number;
  /** Events of each storm. */
  stormEvents: number;
  seed?: number;
}

/** Events of one second. */
export interface DaySecond {
  /** Its beginning, in milliseconds since 1970. */
  at: number;
  events: LogEvent[];
}

interface Storm {
  fromHour: number;
  minutes: number;
  level: Level;
  source: string;
  /** Kinds of errors that its events fall into. */
  kinds: number;
}

/** What goes wrong on this day: one thing very often, or everything of one application at once. */
export const STORMS: readonly Storm[] = [
  { fromHour: 3, minutes: 20, level: 'error', source: 'billing', kinds: 1 },
  { fromHour: 7.5, minutes: 10, level: 'error', source: 'checkout', kinds: 300 },
  { fromHour: 11, minutes: 45, level: 'critical', source: 'edge', kinds: 1 },
  { fromHour: 15.2, minutes: 15, level: 'error', source: 'search', kinds: 300 },
  { fromHour: 20, minutes: 5, level: 'error', source: 'shop', kinds: 5 },
];

const SOURCES = ['shop', 'checkout', 'search', 'billing', 'edge'];
/** Outside of storms: the share of a level, and its kinds, of which few are frequent. */
const CALM: readonly { level: Level; share: number; kinds: number }[] = [
  { level: 'critical', share: 0.0001, kinds: 5 },
  { level: 'error', share: 0.002, kinds: 60 },
  { level: 'warning', share: 0.005, kinds: 20 },
  { level: 'debug', share: 0.1, kinds: 10 },
  { level: 'info', share: 1, kinds: 40 },
];

/** The same day at every run, second by second: quiet at night, busy in the afternoon, with five storms. */
export function* daySeconds({ calm, stormEvents, seed = 11 }: DayOptions): Generator<DaySecond> {
  const random = seededRandom(seed);
  let owed = 0;
  for (let second = 0; second < DAY_SECONDS; second++) {
    const at = DAY_START + second * 1_000;
    const kinds: [Level, string, string][] = [];
    owed += (calm / DAY_SECONDS) * (1 - 0.7 * Math.cos((2 * Math.PI * (second - 7_200)) / DAY_SECONDS));
    for (; owed >= 1; owed--) kinds.push(calmKind(random));
    for (const [index, storm] of STORMS.entries())
      kinds.push(...stormKinds(storm, index, { second, stormEvents, random }));
    yield {
      at,
      events: kinds.map((kind, place) => eventOf(at + Math.floor((place * 1_000) / kinds.length), kind, random)),
    };
  }
}

function calmKind(random: () => number): [Level, string, string] {
  let chance = random();
  for (const { level, share, kinds } of CALM) {
    if (chance < share) {
      const kind = Math.floor(kinds * random() ** 2);
      return [level, SOURCES[kind % SOURCES.length] as string, `${level} ${letters(kind)}`];
    }
    chance -= share;
  }
  return calmKind(random);
}

interface Moment {
  second: number;
  stormEvents: number;
  random: () => number;
}

/** How many of a storm's events come in a second of the day: as many in each. */
export function stormCount({ fromHour, minutes }: Storm, second: number, stormEvents: number): number {
  const [from, length] = [fromHour * 3_600, minutes * 60];
  if (second < from || second >= from + length) return 0;
  return (
    Math.floor(((second - from + 1) * stormEvents) / length) - Math.floor(((second - from) * stormEvents) / length)
  );
}

function stormKinds(storm: Storm, index: number, { second, stormEvents, random }: Moment): [Level, string, string][] {
  const { level, source, kinds } = storm;
  return Array.from({ length: stormCount(storm, second, stormEvents) }, () => [
    level,
    source,
    `storm ${letters(index)} ${letters(Math.floor(random() * kinds))}`,
  ]);
}

function eventOf(milliseconds: number, [level, source, kind]: [Level, string, string], random: () => number): LogEvent {
  const number = Math.floor(random() * 1e6);
  return {
    v: 1,
    id: `${milliseconds.toString(36)}-${Math.floor(random() * 2 ** 32).toString(36)}-${Math.floor(random() * 2 ** 32).toString(36)}`,
    type: 'log',
    time: new Date(milliseconds).toISOString(),
    level,
    source,
    message: `handler ${kind} finished order ${number} for customer ${number % 9_973} in ${number % 811} ms at 10.1.${number % 250}.7`,
  };
}
