import { z } from 'zod';
import { queryItems } from '../shared/aws/dynamodb-pages.ts';
import { isAtLeast, isLevel, type Level } from '../shared/events/levels.ts';
import { inert } from './inert-text.ts';
import { colored, type Terminal } from './terminal.ts';

const logRow = z.object({
  source_application: z.string(),
  period: z.string(),
  log_level: z.string(),
  message: z.string(),
  details: z.unknown().optional(),
  fingerprint: z.string().optional(),
  expiry: z.number().optional(),
});

/** A row of the application log table, as people see it. */
export interface LogRow {
  time: string;
  id: string;
  level: string;
  source: string;
  message: string;
  details?: unknown;
  fingerprint?: string;
}

export interface LogQuery {
  tableName: string;
  by: { source: string } | { fingerprint: string };
  since?: Date;
  /** This level and the more severe ones. */
  level?: Level;
  limit: number;
  /** Milliseconds since 1970: rows that have expired and are not deleted yet are left out. */
  now: number;
}

/** The newest rows, oldest first: at most `limit`, and whether there are older ones. */
export async function findLogRows(query: LogQuery): Promise<{ rows: LogRow[]; hasMore: boolean }> {
  const { tableName, by, since, level, limit, now } = query;
  const isBySource = 'source' in by;
  const partition = isBySource
    ? { name: 'source_application', value: by.source }
    : { name: 'fingerprint', value: by.fingerprint };
  const range = since && { name: 'period', from: since.toISOString() };
  const rows: LogRow[] = [];
  for await (const item of queryItems({
    tableName,
    partition,
    range,
    newestFirst: true,
    index: isBySource ? undefined : 'byFingerprint',
  })) {
    const row = logRow.parse(item);
    const isOver = row.expiry !== undefined && row.expiry * 1000 <= now;
    if (isOver || !isWanted(row.log_level, level)) continue;
    if (rows.length === limit) return { rows: rows.reverse(), hasMore: true };
    rows.push(toLogRow(row));
  }
  return { rows: rows.reverse(), hasMore: false };
}

function isWanted(level: string, minimum: Level | undefined): boolean {
  return minimum === undefined || (isLevel(level) && isAtLeast(level, minimum));
}

function toLogRow(row: z.infer<typeof logRow>): LogRow {
  const split = row.period.indexOf('#');
  return {
    time: row.period.slice(0, split),
    id: row.period.slice(split + 1),
    level: row.log_level,
    source: row.source_application,
    message: row.message,
    ...(row.details === undefined ? {} : { details: row.details }),
    ...(row.fingerprint === undefined ? {} : { fingerprint: row.fingerprint }),
  };
}

const LONGEST_LEVEL = 8;

/** A row as one line of a log. */
export function logLine({ time, level, message, details }: LogRow, { colors, verbose }: Terminal): string {
  const padded = inert(level).padEnd(LONGEST_LEVEL);
  const line = `${colors.dim(inert(time))} ${padded.replace(level, colored(level, colors))} ${inert(message)}`;
  if (!verbose || details === undefined) return line;
  return `${line} ${colors.dim(inert(typeof details === 'string' ? details : JSON.stringify(details)))}`;
}
