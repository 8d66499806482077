import type { LevelSeconds } from '../../shared/alerts/routing-tree.ts';
import type { Level } from '../../shared/events/levels.ts';
import type { ApplicationLogRules } from '../../shared/incidents/application-log.ts';
import { SEEN_LIMITS, type SeenLimits } from '../../shared/stream/seen.ts';
import type { Span } from './chaos.ts';
import { FAULTS } from './faults.ts';
import { type AlertPlan, alertPlan } from './plan-alerts.ts';
import { type Has, oneTopicOf, spellsOf } from './plan-outages.ts';
import { Random } from './random.ts';

export interface RunOptions {
  seed: number;
  events: number;
  /** Faults to leave out: for shrinking a failure. */
  without?: readonly number[];
  trace?: boolean;
}

/** What one run is made of: everything follows from its options. */
export interface Plan {
  seed: number;
  events: number;
  /** Must strike. */
  required: ReadonlySet<number>;
  /** What the run is about: its set-up follows from these. */
  planned: ReadonlySet<number>;
  /** May strike: the planned ones and some beside. */
  active: ReadonlySet<number>;
  start: number;
  /** Whether `archive.enabled`: if not, project-incidents keeps what cannot be understood. */
  hasArchive: boolean;
  /** When input comes, and after which nothing strikes any more. */
  input: Span;
  faultsEnd: number;
  shards: number;
  batchSize: number;
  batchWindow: number;
  /** Of the consumers' functions. */
  timeout: number;
  parallelization: number;
  recordAge: number;
  retryCounter: 'restarts' | 'goes on';
  windows: LevelSeconds;
  /** Quiet after which a group is told to be over; 0: never. */
  resolve: LevelSeconds;
  /** A group is told again at most once in so many seconds. */
  repeat: LevelSeconds;
  alerts: AlertPlan;
  rules: ApplicationLogRules;
  seenLimits: SeenLimits;
  /** Groups at info and debug of one source and batch; undefined: as deployed, which no run reaches. */
  mostQuietGroups: number | undefined;
  itemBytes: number | undefined;
  /** Outages and the like. */
  slow: Span[];
  tablesDown: Span[];
  /** Whether a call to what is down hangs until its client gives up, or is refused at once. */
  hangs: boolean;
  topicsDenied: Span[];
  /** Then one topic refuses by itself. */
  oneTopicDenied: { level: Level; spans: Span[] };
  destinationDown: Span[];
  firehoseDown: Span[];
  quarantineDown: Span[];
  /** Whether the delivery streams refuse whoever calls, or do not work. */
  firehoseFault: 'denied' | 'unavailable';
  throttled: Span[];
  paused: Span[];
  /** A second mapping of every consumer, from then on. */
  secondMapping: number | undefined;
  /** Whether a shard's children are read before it is drained. */
  childFirst: boolean;
  reshards: { at: number; kind: 'split' | 'merge' }[];
  replayAt: number | undefined;
  /** Input comes again after so long a silence. */
  secondInput: Span | undefined;
}

/** Sets of faults that fit together. Seeds take them in turn, so that every fault strikes within one round. */
const SCENARIOS: readonly (readonly number[])[] = [
  [],
  [1, 2, 3],
  [35, 34],
  [4, 24],
  [5, 31],
  [32],
  [6, 7],
  [8, 9, 56],
  [10, 12, 14],
  [11, 13],
  [15, 16, 43],
  [15, 17],
  [18],
  [19],
  [20],
  [27],
  [21],
  [22],
  [23],
  [25, 26],
  [28],
  [29],
  [30],
  [30, 33],
  [36, 37, 38, 55],
  [39, 40, 41],
  [45],
  [46],
  [30, 46],
  [27, 45],
  [27, 31],
  [18, 19],
  [21, 7],
  [23, 7],
  [18, 23],
  [23, 45, 46],
];
/** The last seeds of a round mix what they please. */
const MIXTURES = 4;
/** What a mixture is made of, so many at a time. */
const MIXED = [
  1, 2, 3, 5, 6, 7, 8, 15, 18, 19, 20, 21, 22, 23, 25, 26, 27, 28, 29, 30, 31, 32, 34, 35, 36, 37, 45, 46, 55, 56,
];
const MIXED_FAULTS = 5;

export const ROUND = SCENARIOS.length + MIXTURES;

/** What strikes the archive alone: a run that is about one of these has it. */
const ARCHIVE_FAULTS = [36, 37, 38, 55];
const NO_ARCHIVE = 1 / 6;
/** Of the runs that are about the quarantine: few are, and this is where it matters who keeps it. */
const NO_ARCHIVE_WITH_POISON = 1 / 2;

/** What may also strike, whatever the scenario is about. */
const BESIDE = [1, 2, 3, 5, 6, 7, 20, 31, 34, 35, 36];

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Days on which calendars are odd, taken in turn: a leap day, the two changes of the clock in Europe. */
const ODD_STARTS = [
  Date.UTC(2028, 1, 28, 23, 20),
  Date.UTC(2026, 2, 29, 0, 20),
  Date.UTC(2028, 1, 29, 23, 20),
  Date.UTC(2026, 9, 25, 0, 20),
];

function startOf(random: Random, { seed, isOdd }: { seed: number; isOdd: boolean }): number {
  if (isOdd) return ODD_STARTS[Math.floor(seed / ROUND) % ODD_STARTS.length] as number;
  return (
    Date.UTC(2026, 10, 21) + random.between(0, 400) * DAY + random.between(0, 23) * HOUR + random.between(0, 59_999)
  );
}

/** Fewer events than this fill no item. */
const STORM_EVENTS = 800;

function faultsOf({ seed, events, without = [] }: RunOptions, random: Random) {
  const listed = SCENARIOS[seed % ROUND];
  const mixed = Array.from({ length: MIXED_FAULTS }, () => random.pick(MIXED));
  const all = listed ?? mixed;
  const scenario = events < STORM_EVENTS ? all.filter((fault) => fault !== 33) : all;
  const planned = scenario.filter((fault) => !without.includes(fault) && FAULTS[fault]?.waiting === undefined);
  const chance = all.includes(56) ? NO_ARCHIVE_WITH_POISON : NO_ARCHIVE;
  const beside = scenario.length === 0 ? [] : BESIDE.filter(() => random.chance(0.2));
  // In a mixture one fault can leave another no chance.
  const required = new Set(listed === undefined ? [] : planned);
  return {
    required,
    planned: new Set(planned),
    // By the whole scenario: a failure shrinks by leaving faults out, in the same deployment.
    hasArchive: ARCHIVE_FAULTS.some((fault) => all.includes(fault)) || !random.fork('archive').chance(chance),
    active: new Set([...planned, ...beside.filter((fault) => !without.includes(fault))]),
  };
}

function seenLimits(random: Random, has: Has): SeenLimits {
  if (has(33)) return { ...SEEN_LIMITS, open: 2 };
  // The replay must bring what was forgotten: as deployed a group of a thousand events remembers them all.
  if (has(27)) return { ...SEEN_LIMITS, events: 8, open: 2, page: 3 };
  if (random.chance(0.4)) return SEEN_LIMITS;
  // Small, so that a thousand events fill and forget pages as a million would.
  return {
    ...SEEN_LIMITS,
    events: random.between(8, 40),
    open: random.between(2, 6),
    page: random.pick([3, 16, 32_000]),
  };
}

export function planRun(options: RunOptions): Plan {
  const random = new Random(options.seed).fork('plan');
  const { required, planned, active, hasArchive } = faultsOf(options, random.fork('faults'));
  const has: Has = (fault) => planned.has(fault);
  const start = startOf(random, { seed: options.seed, isOdd: has(29) });
  const input = { from: start, to: start + random.between(60, 150) * MINUTE };
  return {
    seed: options.seed,
    events: options.events,
    required,
    planned,
    active,
    hasArchive,
    start,
    alerts: alertPlan(random.fork('alerts'), { start, isPlain: has(30) }),
    firehoseFault: Math.floor(options.seed / ROUND) % 2 === 0 ? 'denied' : 'unavailable',
    childFirst: has(21) && Math.floor(options.seed / ROUND) % 2 === 0,
    ...timesOf({ random, has, input }),
    ...shapeOf(random, has),
    // As deployed; shorter where runs are to reach it.
    timeout: has(4) ? 20_000 : 120_000,
    slow: has(4) ? [{ from: start + 20 * MINUTE, to: start + 40 * MINUTE }] : [],
    ...spellsOf(has, start),
    oneTopicDenied: oneTopicOf({ random: random.fork('one topic'), has, start }),
  };
}

/** When input comes, and what comes after it. */
function timesOf({ random, has, input }: { random: Random; has: Has; input: Span }) {
  const quiet = 30 * DAY + random.between(1, 40) * HOUR;
  const secondInput = has(28) ? { from: input.to + quiet, to: input.to + quiet + HOUR } : undefined;
  const replayAt = has(27) ? input.to + 14 * HOUR : undefined;
  const ends = [input.to + 10 * MINUTE, input.from + 125 * MINUTE, secondInput?.to ?? 0, (replayAt ?? -HOUR) + HOUR];
  const secondMapping = has(23) ? input.from + random.between(10, 50) * MINUTE : undefined;
  return { input, secondInput, replayAt, secondMapping, faultsEnd: Math.max(...ends) };
}

/** As deployed, most often. */
const REPEATS: LevelSeconds = { critical: 3_600, error: 14_400, warning: 86_400, info: 86_400, debug: 86_400 };
const NO_REPEATS: LevelSeconds = { critical: 0, error: 0, warning: 0, info: 0, debug: 0 };
const SHORT_REPEATS: LevelSeconds = { critical: 60, error: 300, warning: 600, info: 1_200, debug: 1_200 };

/** How the pipeline is set up. */
function shapeOf(random: Random, has: Has) {
  return {
    shards: has(30) ? 4 : random.between(1, 3),
    batchSize: has(33) ? 5 : random.pick([5, 20, 50, 100]),
    batchWindow: random.pick([0, 2_000, 2_000, 20_000]),
    parallelization: has(19) ? 10 : 1,
    recordAge: has(15) ? HOUR : 23 * HOUR,
    retryCounter: random.pick(['restarts', 'goes on'] as const),
    windows: random.pick([
      { critical: 60, error: 300, warning: 900, info: 3_600, debug: 3_600 },
      { critical: 10, error: 30, warning: 60, info: 120, debug: 300 },
    ]),
    // Apart, so that older seeds stay what they were.
    resolve: random.fork('resolve').pick([
      { critical: 0, error: 0, warning: 0, info: 0, debug: 0 },
      { critical: 1_800, error: 3_600, warning: 0, info: 0, debug: 0 },
      { critical: 20, error: 40, warning: 90, info: 100, debug: 400 },
    ]),
    // What SNS is to refuse must be told in that hour.
    repeat: has(46)
      ? SHORT_REPEATS
      : random.fork('repeat').pick([REPEATS, REPEATS, REPEATS, NO_REPEATS, SHORT_REPEATS]),
    rules: {
      minLevel: 'warning' as const,
      sources: { 'products-csv': 'debug' as const },
      rowsPerFingerprintAndHour: random.pick([3, 20, 1_000]),
      retentionDays: 60,
    },
    hangs: random.chance(0.5),
    seenLimits: seenLimits(random, has),
    mostQuietGroups: random.fork('quiet groups').pick([undefined, undefined, undefined, 2]),
    // A storm of a thousand events must near it as one of millions nears 400 KB.
    itemBytes: has(33) ? 3_000 : undefined,
  };
}
