import {
  type Cost,
  cloudWatchLogsCost,
  costOf,
  NO_USAGE,
  totalOf,
  US_EAST_1,
  type Usage,
} from '../shared/cost/usage.ts';
import { pageConfiguration } from './cost/page-configuration.ts';
import { type RunOptions, runTrace, type TraceResult } from './cost/run-trace.ts';
import { CONSUMER_NAMES } from './fakes/consumers.ts';
import { figure } from './harness/render.ts';
import { atLeast, atMost, type Benchmark, type BenchmarkOptions, type ResultTable } from './harness/result.ts';

const EVENTS = 1_000_000;

const DEFAULTS = 'defaults';
const INCIDENTS = 'incidents only, as docs/cost.md has it';
const HOSTILE = 'defaults, 2 % hostile records';
const SLOWLY = 'defaults, 1,000 events a second';
const NAIVE = 'two DynamoDB writes and a Firehose record an event, on demand';

const RUNS: readonly [string, Partial<RunOptions>][] = [
  [DEFAULTS, {}],
  [INCIDENTS, { configuration: pageConfiguration('Incidents only') }],
  [HOSTILE, { hostile: true }],
  [SLOWLY, { rate: 1_000 }],
];

async function run({ onProgress }: BenchmarkOptions) {
  const results = new Map<string, TraceResult>();
  for (const [name, options] of RUNS) {
    onProgress(name);
    results.set(name, await runTrace({ events: EVENTS, ...options }));
  }
  const resultOf = (name: string) => results.get(name) as TraceResult;
  const defaults = resultOf(DEFAULTS);
  const naive = costOf(naiveUsage(defaults), US_EAST_1);
  const logs = cloudWatchLogsCost(defaults.events, defaults.bytes / defaults.events, US_EAST_1);
  const costs = new Map([...results].map(([name, { usage }]) => [name, costOf(usage, US_EAST_1)]));
  const dollars = (name: string) => totalOf(costs.get(name) as Cost);
  return {
    name: 'cost',
    title: 'Cost of a million events',
    notes: [NOTE],
    tables: [costTable([...costs, [NAIVE, naive]], logs), unitTable([...results])],
    budgets: [
      atMost('a million small events with the defaults', dollars(DEFAULTS), 0.1, 'dollars'),
      atMost('a million small events with incidents only', dollars(INCIDENTS), 0.02, 'dollars'),
      atLeast('below two DynamoDB writes an event, with incidents only', totalOf(naive) / dollars(INCIDENTS), 50),
      atMost('with the defaults, of what CloudWatch Logs charges for taking in', dollars(DEFAULTS) / logs, 1, '×'),
    ],
    missing: [],
  };
}

/** The usual first design, for the same events: what FACTS calls naive. */
function naiveUsage({ events, usage }: TraceResult): Usage {
  return {
    ...NO_USAGE,
    onDemandBytes: events * 1_024,
    onDemandReadBytes: CONSUMER_NAMES.length * events * 1_024,
    onDemandHours: usage.shardHours,
    writeUnits: 2 * events,
    firehoseBytes: events * 5_000,
    lambdaRequests: usage.lambdaRequests,
    gigabyteSeconds: usage.gigabyteSeconds,
    publishes: usage.publishes,
    s3Puts: usage.s3Puts,
    logBytes: usage.logBytes,
  };
}

function costTable(costs: readonly (readonly [string, Cost])[], logs: number): ResultTable {
  const services = Object.keys(costs[0]?.[1] ?? {}) as (keyof Cost)[];
  const rows = costs.map(([name, cost]) => [
    name,
    figure(totalOf(cost)),
    ...services.map((service) => figure(cost[service])),
  ]);
  rows.push(['CloudWatch Logs, for taking the same in', figure(logs), ...services.map(() => '')]);
  return { title: 'Dollars for a million events', columns: ['', 'total', ...services], rows };
}

function unitTable(results: readonly [string, TraceResult][]): ResultTable {
  const columns = [
    '',
    'notices',
    'incidents',
    'rows',
    'alert groups',
    'ledger',
    'read units',
    'Firehose bytes an event',
    'µs an event',
    'records, quarantined',
  ];
  const rows = results.map(([name, { notices, writeUnits, usage, events, cpuSeconds, records, quarantined }]) => {
    const { incidents, applicationLogs: logRows, alertGroups, ledger } = writeUnits;
    const microseconds = (Object.values(cpuSeconds).reduce((a, b) => a + b, 0) / events) * 1e6;
    const values = [
      notices,
      incidents,
      logRows,
      alertGroups,
      ledger,
      usage.readUnits,
      usage.firehoseBytes / events,
      microseconds,
    ];
    return [name, ...values.map(figure), `${records.toLocaleString('en')}, ${quarantined}`];
  });
  return { title: 'Write units of each table, its indexes included, and what else was counted', columns, rows };
}

const NOTE = `A trace of ${EVENTS.toLocaleString('en')} events of about 230 bytes, 12,000 a second, packed by the client (zstd, 25 KB a record; a
shard gives three consumers some 16,000 a second so): 5 % errors in 200 groups and three storms, through the three consumers and close-windows on tables and services that count.
Items are measured as DynamoDB does, indexes and what is deleted count. Firehose records are rounded up to 5 KB. Lambda: measured processor time
at the share of 512 MB, and 6 ms for each call that is waited for, 16 at a time. Prices: ${US_EAST_1.region} as of
${US_EAST_1.date}, in \`shared/cost/prices-us-east-1.json\`. Storage is not in it: \`sluice cost\` tells a month.`;

export const costBenchmark: Benchmark = { name: 'cost', title: 'Cost of a million events', run };
