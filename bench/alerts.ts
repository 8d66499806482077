import { parseMatcher } from '../shared/alerts/matcher.ts';
import type { Notice } from '../shared/alerts/notice.ts';
import { decideRoutes, type RouteSettings } from '../shared/alerts/routing-tree.ts';
import { fingerprintEvent } from '../shared/events/fingerprint.ts';
import { alertPolicyOf } from '../shared/runtime/alert-policy.ts';
import { parseConfiguration } from '../shared/runtime/configuration.ts';
import { dayBatches, errorBatches, type Heard } from './alerts/input.ts';
import { type AlertsResult, runAlerts } from './alerts/run-alerts.ts';
import { figure } from './harness/render.ts';
import { atLeast, atMost, type Benchmark, type BenchmarkOptions, type ResultTable } from './harness/result.ts';
import { median } from './harness/statistics.ts';
import { type DayOptions, type DaySecond, daySeconds, STORMS } from './input/day.ts';
import { type RecordedDay, recordedDay } from './input/recorded-day.ts';

const DAY: DayOptions = { calm: 900_000, stormEvents: 20_000 };
/** A fifth of it: what hostile records do does not hang on how many others there are. */
const SMALL_DAY: DayOptions = { calm: 180_000, stormEvents: 4_000 };
const ERRORS = 1_000;
const ROUTES = 100;

interface DayResult extends AlertsResult {
  heard: Heard;
  /** Distinct errors of the input that no notice names. */
  missed: number;
}

async function runDay(seconds: Iterable<DaySecond>, { hostile = false } = {}): Promise<DayResult> {
  const heard: Heard = { events: 0, hostile: 0, errors: new Set() };
  const result = await runAlerts(dayBatches(seconds, heard, { hostile }));
  const named = new Set([...result.notices.values()].flatMap(namedIn));
  return { ...result, heard, missed: [...heard.errors].filter((fingerprint) => !named.has(fingerprint)).length };
}

function namedIn({ fingerprint, incidents = [] }: Notice): string[] {
  return [fingerprint, ...incidents.map((one) => one.fingerprint)];
}

/**
 * What 1,000 errors of so many kinds within so many seconds may write and read. The counts are the same at every run, so the
 * limits leave a quarter for what groups may come to hold. Of one kind, a batch costs its group, of up to 3 KB with the ids that
 * it has seen, and its receipt: 4 units in each of 300 batches. Of 1,000 kinds, each is written when it opens and when it
 * is told or taken into a storm, with its place in the index of what is due: 5 units at once, 8 where the storm comes batch by
 * batch, whose own item of up to 100 names is written with each.
 */
const UNIT_RUNS = [
  { name: 'of one fingerprint, at once', kinds: 1, seconds: 2, write: 45, read: 10 },
  { name: 'of one fingerprint, over ten minutes', kinds: 1, seconds: 600, write: 1_200, read: 750 },
  { name: 'of 1,000 fingerprints, at once', kinds: ERRORS, seconds: 2, write: 5 * ERRORS, read: 1_250 },
  { name: 'of 1,000 fingerprints, over ten minutes', kinds: ERRORS, seconds: 600, write: 8 * ERRORS, read: 2_400 },
];

interface Recorded {
  day: RecordedDay;
  result: DayResult;
}

/** Nothing where the folder of real logs is missing. */
async function runRecorded(directory: string): Promise<Recorded | undefined> {
  const day = recordedDay(directory, DAY);
  if (day === undefined) return undefined;
  return { day, result: await runDay(day.seconds()) };
}

async function run({ directory, onProgress }: BenchmarkOptions) {
  onProgress('a day');
  const day = await runDay(daySeconds(DAY));
  onProgress('a day with hostile records');
  const hostile = await runDay(daySeconds(SMALL_DAY), { hostile: true });
  onProgress('a recorded day');
  const recorded = await runRecorded(directory);
  onProgress('units');
  const units = [];
  for (const one of UNIT_RUNS) {
    units.push({ ...one, result: await runAlerts(errorBatches(ERRORS, one), { isMetered: true }) });
  }
  onProgress('decisions');
  const decisions = decisionsPerSecond();
  const handled = day.heard.events / day.cpuSeconds;
  return {
    name: 'alerts',
    title: 'Notices of a day',
    notes: [NOTE, ...(recorded ? [recordedNote(recorded.day)] : [])],
    tables: [
      dayTable([
        ['a day', day],
        ['a fifth of it, 2 % hostile records', hostile],
        ...(recorded ? [['a recorded day', recorded.result] as const] : []),
      ]),
      kindTable(day),
      unitTable(units),
      {
        title: 'A second, on one core',
        columns: ['', 'events'],
        rows: [
          ['routed, grouped, decided and saved, from the record on', figure(handled)],
          [`decided in a tree of ${ROUTES} routes`, figure(decisions)],
        ],
      },
    ],
    budgets: [
      atMost('notices of a day with five storms', (100 * day.notices.size) / day.heard.events, 1, '% of its events'),
      atMost('distinct errors of the day that no notice names', day.missed, 0, 'errors'),
      atMost('distinct errors that no notice names, among hostile records', hostile.missed, 0, 'errors'),
      ...(recorded ? recordedBudgets(recorded) : []),
      atLeast('events a second, from the record to the saved decision', handled, 10_000, 'events'),
      atLeast(`decisions a second in a tree of ${ROUTES} routes`, decisions, 50_000, 'events'),
      ...units.flatMap(({ name, write, read, result }) => [
        atMost(`${ERRORS} errors ${name}`, result.units.write, write, 'write units'),
        atMost(`${ERRORS} errors ${name}`, result.units.read, read, 'read units'),
      ]),
    ],
    missing: recorded ? [] : [NO_RECORDED_DAY],
  };
}

function recordedBudgets({ result: { notices, heard, missed } }: Recorded) {
  return [
    atMost('notices of a recorded day with five storms', (100 * notices.size) / heard.events, 1, '% of its events'),
    atMost('distinct errors of the recorded day that no notice names', missed, 0, 'errors'),
  ];
}

function dayTable(days: readonly (readonly [string, DayResult])[]): ResultTable {
  const rows = days.map(([name, { heard, notices, published, missed }]) => [
    name,
    figure(heard.events),
    figure(heard.hostile),
    figure(notices.size),
    `${((100 * notices.size) / heard.events).toFixed(2)} %`,
    figure(published - notices.size),
    figure(heard.errors.size),
    figure(missed),
  ]);
  const columns = [
    '',
    'events',
    'hostile records',
    'notices',
    'of the events',
    'sent again',
    'distinct errors',
    'missed',
  ];
  return { title: 'Notices', columns, rows };
}

function kindTable({ notices }: DayResult): ResultTable {
  const levels = ['critical', 'error', 'warning', 'info', 'debug'] as const;
  const kinds = ['first', 'repeat', 'summary', 'resolved'] as const;
  const all = [...notices.values()];
  const count = (level: string, kind: string) => all.filter((one) => one.level === level && one.kind === kind).length;
  const rows = levels.map((level) => [level, ...kinds.map((kind) => figure(count(level, kind)))]);
  return { title: 'By level', columns: ['', ...kinds], rows };
}

function unitTable(units: readonly { name: string; result: AlertsResult }[]): ResultTable {
  const rows = units.map(({ name, result }) => [
    name,
    ...[result.units.write, result.units.read, result.notices.size].map(figure),
  ]);
  const columns = ['', 'write units', 'read units', 'notices'];
  return { title: `DynamoDB for ${ERRORS.toLocaleString('en')} errors, to the end of their incidents`, columns, rows };
}

/**
 * Ways of a quiet day's events through a tree whose routes each match one team by a regular expression: no event is of any
 * team, so every route is looked at.
 */
function decisionsPerSecond(): number {
  const routes = Array.from(
    { length: ROUTES },
    (_, n): RouteSettings => ({
      name: `team-${n}`,
      matchers: [parseMatcher(`source=~"team-${n}-.*"`), parseMatcher('level!=debug')],
    }),
  );
  const tree = alertPolicyOf({ ...parseConfiguration('').alerts, route: { routes } }).routing;
  const events = [...daySeconds({ calm: 20_000, stormEvents: 0 })].flatMap((second) => second.events);
  const printed = events.map((event) => ({ event, ...fingerprintEvent(event), time: Date.parse(event.time) }));
  const rounds = Array.from({ length: 5 }, () => {
    const start = process.cpuUsage();
    for (const one of printed) decideRoutes(one, tree, one.time);
    const { user, system } = process.cpuUsage(start);
    return printed.length / ((user + system) / 1e6);
  });
  return median(rounds);
}

const NOTE = `A made-up day of a million events, the same at every run, with the default configuration: quiet at night and busy in the
afternoon; 0.2 % errors of 60 kinds and 0.5 % warnings of 20, the rest informational, of 50; and ${STORMS.length} storms of 20,000 events each, of
one kind, of five, or of 300 kinds at once. It goes through route-alerts and, each minute, close-windows, on tables and topics that answer
at once and count. A distinct error is a fingerprint of an error or critical event; it is missed when no notice names it. Units:
items are measured as DynamoDB does and indexes count, but for looks of close-windows that find nothing; from the first error until its incident is told to be over.`;

const NO_RECORDED_DAY =
  'a recorded day: the folder of Loghub samples is not there, so only the made-up day was measured (--dir DIR)';

function recordedNote({ lines, timed, sets, copies }: RecordedDay): string {
  return `The recorded day is ${figure(lines)} lines of real programs (Loghub: ${sets.join(', ')}) with the levels that the decoder finds, each at its own time
of day (${figure(timed)} have one) and ${copies} times in all, at even distances over the day, and as many storms of their own error lines at
the same hours. Nearly all kinds of lines are information, which tells its topic once a day.`;
}

export const alertsBenchmark: Benchmark = { name: 'alerts', title: 'Notices of a day', run };
