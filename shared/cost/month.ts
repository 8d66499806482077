import type { Level } from '../events/levels.ts';
import { categoryOf, isAtLeast, LEVELS } from '../events/levels.ts';
import { type Cost, costOf, GIGABYTE, NO_USAGE, type Prices, totalOf, type Usage, unitsOf } from './usage.ts';

/** The settings of sluice.yml that cost something. */
export interface CostSettings {
  shards: number | 'on-demand';
  rowsFrom: Level;
  rowsPerFingerprintAndHour: number;
  rowRetentionDays: number;
  /** Seconds for which Firehose gathers; missing where nothing is archived. */
  bufferSeconds: number | undefined;
  batchWindowSeconds: number;
  projectionWindowSeconds: number;
  /** Levels that somebody is told of, by the routes. */
  toldLevels: readonly Level[];
  /** CloudWatch's alarms, with which come a dashboard and a key; 0: none of it. */
  alarms: number;
}

/** Alarms of a deployment that configures none, and how many of them are on the archive. A test holds both to what is deployed. */
export const DEFAULT_ALARMS = 54;
export const ARCHIVE_ALARMS = 14;

/** How much is logged. */
export interface Load {
  eventsPerDay: number;
  /** Bytes of an event as JSON. */
  bytes: number;
}

export interface Month {
  total: number;
  /** Dollars a service, storage at the end of the first month included. */
  cost: Cost;
  /** Settings by what changing them saves, the most first. */
  settings: Saving[];
}

export interface Saving {
  /** As it is written in sluice.yml. */
  setting: string;
  from: string;
  to: string;
  /** Dollars a month; what it gives up is for a person to weigh. */
  saves: number;
}

const DAYS = 30;
const MONTH_SECONDS = DAYS * 86_400;
const MONTH_HOURS = DAYS * 24;

/** What the trace of the cost benchmark is made of, and what it measured. */
const SHARES: Record<Level, number> = { critical: 0.0005, error: 0.0495, warning: 0.005, info: 0.795, debug: 0.15 };
const ERROR_GROUPS = 200;
const OTHER_GROUPS = 80;
/** The item of an incident, and two entries in its index: the old and the new. */
const UNITS_PER_INCIDENT = 3;
/** The item of an alert group, and its index entry now and then. */
const UNITS_PER_ALERT_GROUP = 1.2;
/** Of an event that somebody is told of: its id in a page, which is merged with others twice and deleted. */
const UNITS_PER_REMEMBERED_ID = 0.018;
/** The row, and its entry in each of two indexes. */
const COPIES_OF_ROW = 3;
const ROW_EXTRA_BYTES = 200;
/** Columns of the archive beside the event: template, fingerprint, arrival. */
const ARCHIVE_EXTRA_BYTES = 170;
const SECONDS_PER_BATCH = 0.03;
const SECONDS_PER_EVENT = 30e-6;
const MEMORY_GIGABYTES = 0.5;
const LOG_BYTES_PER_BATCH = 1_100;
const METRICS_PER_CONSUMER = 6;
/** Parquet of log events, compressed, of the bytes that went in. */
const STORED_SHARE = 0.2;

/** What a month costs at a load, by a model that the cost benchmark's figures went into. No free tier, no discount. */
export function estimateMonth(settings: CostSettings, load: Load, prices: Prices): Month {
  const cost = monthCost(settings, load, prices);
  const total = totalOf(cost);
  const savings = alternatives(settings).map(({ change, ...names }) => {
    return { ...names, saves: total - totalOf(monthCost({ ...settings, ...change }, load, prices)) };
  });
  return { total, cost, settings: savings.sort((a, b) => Math.abs(b.saves) - Math.abs(a.saves)) };
}

function monthCost(settings: CostSettings, load: Load, prices: Prices): Cost {
  const events = load.eventsPerDay * DAYS;
  const { dynamodb, s3, cloudwatch } = prices;
  const rows = rowsOf(settings, events);
  const rowBytes = load.bytes + ROW_EXTRA_BYTES;
  const cost = costOf(monthUsage(settings, load), prices);
  const rowGigabytes = (rows * rowBytes * COPIES_OF_ROW) / GIGABYTE;
  return {
    ...cost,
    dynamodb:
      cost.dynamodb +
      rowGigabytes * dynamodb.gigabyteMonth +
      (rowGigabytes / COPIES_OF_ROW) * dynamodb.backupGigabyteMonth,
    s3: cost.s3 + ((archivedOf(settings, events) * load.bytes * STORED_SHARE) / GIGABYTE) * s3.gigabyteMonth,
    cloudwatch:
      cost.cloudwatch +
      METRICS_PER_CONSUMER * consumersOf(settings) * cloudwatch.metricMonth +
      alarmCost(settings, prices),
  };
}

/** The key with which their topic is encrypted among it. */
function alarmCost({ alarms }: CostSettings, { cloudwatch }: Prices): number {
  return alarms === 0 ? 0 : alarms * cloudwatch.alarmMonth + cloudwatch.dashboardMonth + cloudwatch.keyMonth;
}

function monthUsage(settings: CostSettings, { eventsPerDay, bytes }: Load): Usage {
  const events = eventsPerDay * DAYS;
  const alerts = batchesOf(events, settings.batchWindowSeconds);
  const projections = batchesOf(events, settings.projectionWindowSeconds);
  const incidents = projections.count * distinct(ERROR_GROUPS, projections.size * shareOf(ERRORS));
  const told = shareOf(settings.toldLevels);
  const toldErrors = shareOf(settings.toldLevels.filter((level) => ERRORS.includes(level)));
  const alertGroups =
    alerts.count *
    (distinct(ERROR_GROUPS, alerts.size * toldErrors) + distinct(OTHER_GROUPS, alerts.size * (told - toldErrors)));
  const consumers = consumersOf(settings);
  // Of the consumers one decides alerts, the others keep projections.
  const batches = alerts.count + (consumers - 1) * projections.count;
  const rows = rowsOf(settings, events);
  const onDemand = settings.shards === 'on-demand';
  return {
    ...NO_USAGE,
    shardHours: settings.shards === 'on-demand' ? 0 : settings.shards * MONTH_HOURS,
    onDemandHours: onDemand ? MONTH_HOURS : 0,
    onDemandBytes: onDemand ? events * bytes : 0,
    onDemandReadBytes: onDemand ? consumers * events * bytes : 0,
    payloadUnits: onDemand ? 0 : alerts.count * unitsOf(alerts.size * bytes, 25_000),
    writeUnits:
      incidents * UNITS_PER_INCIDENT +
      alertGroups * UNITS_PER_ALERT_GROUP +
      events * told * UNITS_PER_REMEMBERED_ID +
      rows * COPIES_OF_ROW * unitsOf(bytes + ROW_EXTRA_BYTES, 1_024) +
      batches,
    readUnits: incidents + alertGroups + batches,
    lambdaRequests: batches,
    gigabyteSeconds: (batches * SECONDS_PER_BATCH + events * SECONDS_PER_EVENT) * MEMORY_GIGABYTES,
    ...archiveUsage(settings, { events, bytes, batches: projections }),
    logBytes: batches * LOG_BYTES_PER_BATCH,
  };
}

function archiveUsage(
  { bufferSeconds }: CostSettings,
  { events, bytes, batches }: { events: number; bytes: number; batches: Batches },
): Partial<Usage> {
  if (bufferSeconds === undefined) return {};
  // A record for each level and batch, rounded up to 5 KB: half of that on the average.
  const rounding = batches.count * Math.min(LEVELS.length, batches.size) * 2_500;
  return {
    firehoseBytes: events * (bytes + ARCHIVE_EXTRA_BYTES) + rounding,
    s3Puts: Math.min(events, (LEVELS.length * MONTH_SECONDS) / bufferSeconds),
  };
}

const ERRORS = LEVELS.filter((level) => categoryOf(level) === 'error');

function shareOf(levels: readonly Level[]): number {
  return levels.reduce((sum, level) => sum + SHARES[level], 0);
}

function archivedOf({ bufferSeconds }: CostSettings, events: number): number {
  return bufferSeconds === undefined ? 0 : events;
}

/** Functions that read the stream, each all of it. */
function consumersOf({ bufferSeconds }: CostSettings): number {
  return bufferSeconds === undefined ? 2 : 3;
}

interface Batches {
  count: number;
  size: number;
}

/** A batch is gathered for its window and holds one event at least. */
function batchesOf(events: number, windowSeconds: number): Batches {
  const count = Math.min(events, MONTH_SECONDS / Math.max(1, windowSeconds));
  return { count, size: events / Math.max(1, count) };
}

function rowsOf({ rowsFrom, rowsPerFingerprintAndHour }: CostSettings, events: number): number {
  const share = shareOf(LEVELS.filter((level) => isAtLeast(level, rowsFrom)));
  const most = rowsPerFingerprintAndHour * MONTH_HOURS * (ERROR_GROUPS + OTHER_GROUPS);
  return Math.min(events * share, most);
}

/** How many of `groups` are met by so many events that fall on any of them. */
function distinct(groups: number, events: number): number {
  return groups * (1 - Math.exp(-events / groups));
}

interface Alternative extends Omit<Saving, 'saves'> {
  change: Partial<CostSettings>;
}

function alternatives(settings: CostSettings): Alternative[] {
  const { shards, rowsFrom, rowsPerFingerprintAndHour, batchWindowSeconds, projectionWindowSeconds } = settings;
  const longer = (seconds: number) => Math.min(300, Math.max(10, seconds * 5));
  const [window, projectionWindow] = [longer(batchWindowSeconds), longer(projectionWindowSeconds)];
  const rows = Math.floor(rowsPerFingerprintAndHour / 10);
  return [
    {
      setting: 'consumers.batchWindow',
      from: `${batchWindowSeconds}s`,
      to: `${window}s`,
      change: { batchWindowSeconds: window },
    },
    {
      setting: 'consumers.projectionWindow',
      from: `${projectionWindowSeconds}s`,
      to: `${projectionWindow}s`,
      change: { projectionWindowSeconds: projectionWindow },
    },
    {
      setting: 'applicationLogs.minLevel',
      from: rowsFrom,
      to: rowsFrom === 'error' ? 'critical' : 'error',
      change: { rowsFrom: rowsFrom === 'error' ? 'critical' : 'error' },
    },
    {
      setting: 'applicationLogs.rowsPerFingerprintAndHour',
      from: String(rowsPerFingerprintAndHour),
      to: String(rows),
      change: { rowsPerFingerprintAndHour: rows },
    },
    shards === 'on-demand'
      ? { setting: 'stream.shards', from: 'on-demand', to: '1', change: { shards: 1 } }
      : { setting: 'stream.shards', from: String(shards), to: 'on-demand', change: { shards: 'on-demand' } },
    ...(settings.alarms === 0 ? [] : [{ setting: 'alarms.enabled', from: 'true', to: 'false', change: { alarms: 0 } }]),
    ...archiveAlternatives(settings),
    ...routeAlternatives(settings),
  ];
}

function archiveAlternatives({ bufferSeconds, alarms }: CostSettings): Alternative[] {
  if (bufferSeconds === undefined) return [];
  const none = { bufferSeconds: undefined, alarms: Math.max(0, alarms - ARCHIVE_ALARMS) };
  return [
    { setting: 'archive.enabled', from: 'true', to: 'false', change: none },
    { setting: 'archive.buffer.time', from: `${bufferSeconds}s`, to: '900s', change: { bufferSeconds: 900 } },
  ];
}

/** Nobody told of what is below a warning. */
function routeAlternatives({ toldLevels }: CostSettings): Alternative[] {
  const fewer = toldLevels.filter((level) => isAtLeast(level, 'warning'));
  if (fewer.length === toldLevels.length) return [];
  return [
    {
      setting: 'alerts.route',
      from: toldLevels.join(', '),
      to: fewer.join(', ') || 'nobody',
      change: { toldLevels: fewer },
    },
  ];
}
