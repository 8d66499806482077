import type { LogEvent } from '../events/event.ts';
import { categoryOf, isAtLeast, type Level } from '../events/levels.ts';
import type { FingerprintedEvent } from './incident.ts';

/** What gets a row in the application log table. Rows are what costs, so from `warning` up by default. */
export interface ApplicationLogRules {
  minLevel: Level;
  /** A source's own level. */
  sources: Readonly<Record<string, Level>>;
  /** Rows of one fingerprint in one hour. The counts of incidents stay exact, the archive has every event. */
  rowsPerFingerprintAndHour: number;
  /** How long an informational row lives. A row of category error lives until a person says otherwise. */
  retentionDays: number;
}

export function wantsRow({ level, source }: Pick<LogEvent, 'level' | 'source'>, rules: ApplicationLogRules): boolean {
  const minimum = Object.hasOwn(rules.sources, source) ? (rules.sources[source] as Level) : rules.minLevel;
  return isAtLeast(level, minimum);
}

/** One row. The key is made of the event alone, so writing it again changes nothing. */
export interface ApplicationLogRow {
  source_application: string;
  /** `<time>#<id>` */
  period: string;
  log_level: Level;
  message: string;
  details?: string;
  fingerprint: string;
  /** The day, spread over 16 partitions, so that one busy day never throttles the table: `2026-11-21#07`. */
  date: string;
  /** The time, and the id to tell two events of one millisecond apart. */
  stamp_mod: string;
  /** Epoch seconds; informational rows only. */
  expiry?: number;
}

const DATE_SPREAD = 16;
const DAY_SECONDS = 86_400;

export function applicationLogRow(
  { event, fingerprint }: FingerprintedEvent,
  rules: ApplicationLogRules,
): ApplicationLogRow {
  const { id, time, level, source, message, details } = event;
  const expiry = Math.floor(Date.parse(time) / 1000) + rules.retentionDays * DAY_SECONDS;
  return {
    source_application: source,
    period: `${time}#${id}`,
    log_level: level,
    message,
    ...(details === undefined ? {} : { details: typeof details === 'string' ? details : JSON.stringify(details) }),
    fingerprint,
    date: `${time.slice(0, 10)}#${String(spreadOf(id)).padStart(2, '0')}`,
    stamp_mod: `${time}#${id}`,
    ...(categoryOf(level) === 'informational' ? { expiry } : {}),
  };
}

/** The partitions that hold a day's rows. */
export function datePartitions(day: string): string[] {
  return Array.from({ length: DATE_SPREAD }, (_, index) => `${day}#${String(index).padStart(2, '0')}`);
}

function spreadOf(id: string): number {
  let sum = 0;
  for (let index = 0; index < id.length; index++) sum = (Math.imul(sum, 31) + id.charCodeAt(index)) >>> 0;
  return sum % DATE_SPREAD;
}

/** Rows granted by hour of the event's time: `2026-11-21T07` → rows. */
export type RowsByHour = Readonly<Record<string, number>>;

/** Event times lie within a day of arrival, so 50 hours are more than can be in use. */
const HOURS_KEPT = 50;

/** Grants a row to an event while its hour has some left. */
export function grantRow(
  granted: RowsByHour,
  time: string,
  limit: number,
): { granted: RowsByHour; isGranted: boolean } {
  const hour = time.slice(0, 13);
  const used = granted[hour] ?? 0;
  if (used >= limit) return { granted, isGranted: false };
  const hours = Object.entries({ ...granted, [hour]: used + 1 }).sort(([a], [b]) => (a < b ? 1 : -1));
  return { granted: Object.fromEntries(hours.slice(0, HOURS_KEPT)), isGranted: true };
}
