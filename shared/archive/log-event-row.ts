import type { LogEvent } from '../events/event.ts';
import type { Level } from '../events/levels.ts';

/**
 * The columns of the archive's table `log_events`, in order. The row type below, the Glue table and Firehose's Parquet
 * schema all follow this list. The level is no column: it is the partition that a row lies in.
 */
export const LOG_EVENT_COLUMNS = [
  { name: 'id', type: 'string', comment: 'the event id: equal ids are one event' },
  { name: 'type', type: 'string', comment: 'log, or what else happened' },
  { name: 'time', type: 'timestamp', comment: 'when it happened, UTC' },
  { name: 'source', type: 'string', comment: 'the application, service or host that logged' },
  { name: 'message', type: 'string', comment: '' },
  { name: 'details', type: 'string', comment: 'any JSON, as text' },
  { name: 'template', type: 'string', comment: 'the message with its variable parts masked' },
  { name: 'fingerprint', type: 'string', comment: 'equal fingerprints are one incident' },
  { name: 'error_type', type: 'string', comment: '' },
  { name: 'error_message', type: 'string', comment: '' },
  { name: 'error_stack', type: 'string', comment: '' },
  { name: 'locator', type: 'string', comment: 'where in the code' },
  { name: 'attributes', type: 'map<string,string>', comment: '' },
  { name: 'trace_id', type: 'string', comment: '' },
  { name: 'span_id', type: 'string', comment: '' },
  { name: 'received_at', type: 'timestamp', comment: 'when the stream took it, UTC' },
  { name: 'v', type: 'int', comment: 'schema version of the event' },
] as const;

type Column = (typeof LOG_EVENT_COLUMNS)[number];
type ColumnName = Column['name'];
/** Columns that every event fills; the others are left out of a row when the event has nothing for them. */
type FilledColumn = 'id' | 'type' | 'time' | 'source' | 'message' | 'template' | 'fingerprint' | 'received_at' | 'v';
type Written<T> = T extends 'int' ? number : T extends 'map<string,string>' ? Record<string, string> : string;
type ValueOf<Name extends ColumnName> = Written<Extract<Column, { name: Name }>['type']>;

/** What Firehose gets for an event. Timestamps are `yyyy-MM-dd HH:mm:ss.SSS`, UTC. `level` names the partition. */
export type LogEventRow = { level: Level } & { [Name in FilledColumn]: ValueOf<Name> } & {
  [Name in Exclude<ColumnName, FilledColumn>]?: ValueOf<Name>;
};

/** A row as a Parquet or Athena reader gives it back: absent is null, a timestamp may be a Date, an int a bigint. */
export type StoredLogEventRow = { level: Level } & {
  [Name in ColumnName]?:
    | ValueOf<Name>
    | null
    | (Name extends 'time' | 'received_at' ? Date : never)
    | (Name extends 'v' ? bigint : never);
};

/** What the archive keeps beside the event itself. */
export interface RowContext {
  template: string;
  fingerprint: string;
  /** Milliseconds since 1970 at which the stream took the record. */
  receivedAt: number;
}

/** The row of an event. Its texts must be well formed: Parquet has no place for half of a surrogate pair. */
export function logEventRow(event: LogEvent, { template, fingerprint, receivedAt }: RowContext): LogEventRow {
  const { v, id, type, time, level, source, message, details, error, locator, attributes, traceId, spanId } = event;
  const row: LogEventRow = {
    level,
    id,
    type,
    time: timestampText(time),
    source,
    message,
    template,
    fingerprint,
    received_at: timestampText(new Date(receivedAt).toISOString()),
    v,
  };
  if (details !== undefined) row.details = JSON.stringify(details);
  if (error !== undefined) {
    row.error_type = error.type;
    row.error_message = error.message;
    if (error.stack !== undefined) row.error_stack = error.stack;
  }
  if (locator !== undefined) row.locator = locator;
  if (attributes !== undefined) row.attributes = attributes;
  if (traceId !== undefined) row.trace_id = traceId;
  if (spanId !== undefined) row.span_id = spanId;
  return row;
}

/** The row as the line of JSON that Firehose converts: without the level, which the delivery stream's prefix says. */
export function rowLine(row: LogEventRow): string {
  const { level: _, ...columns } = row;
  return `${JSON.stringify(columns)}\n`;
}

/** The event that a row was made of: the exact inverse of `logEventRow`, for rows read back as well. */
export function eventFromRow(row: StoredLogEventRow): LogEvent {
  const event: LogEvent = {
    v: Number(filled(row, 'v')),
    id: filled(row, 'id'),
    type: filled(row, 'type'),
    time: isoTime(filled(row, 'time')),
    level: row.level,
    source: filled(row, 'source'),
    message: filled(row, 'message'),
  };
  if (isThere(row.details)) event.details = JSON.parse(row.details);
  if (isThere(row.error_type)) {
    event.error = { type: row.error_type, message: row.error_message ?? '' };
    if (isThere(row.error_stack)) event.error.stack = row.error_stack;
  }
  if (isThere(row.locator)) event.locator = row.locator;
  if (isThere(row.attributes)) event.attributes = row.attributes;
  if (isThere(row.trace_id)) event.traceId = row.trace_id;
  if (isThere(row.span_id)) event.spanId = row.span_id;
  return event;
}

function isThere<T>(value: T): value is NonNullable<T> {
  return value !== undefined && value !== null;
}

function filled<Name extends FilledColumn>(row: StoredLogEventRow, name: Name): NonNullable<StoredLogEventRow[Name]> {
  const value = row[name];
  if (isThere(value)) return value;
  throw new TypeError(
    `Expected a row of log_events to have ${name}, got ${String(value)}: it was not written by Sluice`,
  );
}

/** `2026-11-21T07:00:00.000Z` as Hive and Firehose read a timestamp. */
function timestampText(iso: string): string {
  return `${iso.slice(0, 10)} ${iso.slice(11, 23)}`;
}

function isoTime(stored: string | Date): string {
  return typeof stored === 'string' ? `${stored.slice(0, 10)}T${stored.slice(11, 23)}Z` : stored.toISOString();
}
