import type { Names } from './decode-fields.ts';

/** The event's own names. */
export const CANONICAL = {
  v: ['v'],
  id: ['id'],
  type: ['type'],
  time: ['time'],
  level: ['level'],
  source: ['source'],
  message: ['message'],
  details: ['details'],
  error: ['error'],
  locator: ['locator'],
  attributes: ['attributes'],
  traceId: ['traceId'],
  spanId: ['spanId'],
} satisfies Names;

/** Names in use by loggers of all languages. No `id`: in a foreign record it is the id of some thing, not of the event. */
export const GENERIC = {
  time: ['time', 'timestamp', 'ts', '@timestamp', 'date', 'asctime', 'datetime', 'eventTime'],
  level: ['level', 'severity', 'levelname', 'lvl', 'loglevel', 'log.level', 'logLevel', 'level_name', 'severity_text'],
  source: ['service', 'source', 'app', 'application', 'service.name', 'serviceName', 'logger', 'logger_name', 'name'],
  message: ['message', 'msg', 'text', 'log', 'event', '@message'],
  error: ['err', 'error', 'exception'],
  stack: ['stack', 'stacktrace', 'stack_trace', 'stackTrace', 'exc_info', 'exc_text', 'traceback', 'error.stack_trace'],
  traceId: ['traceId', 'trace_id', 'xray_trace_id', 'trace.id', 'traceID', 'dd.trace_id'],
  spanId: ['spanId', 'span_id', 'span.id', 'spanID', 'dd.span_id'],
} satisfies Names;

/** What `POST /logs` takes. */
export const HTTP = {
  ...CANONICAL,
  level: ['log_level', 'level'],
  source: ['source_application', 'source'],
  time: ['time', 'timestamp'],
} satisfies Names;

/** Loggers whose `name` is the logger's own, before any other word for the source. */
export const NAMED = { ...GENERIC, source: ['name', ...GENERIC.source] } satisfies Names;

/** Source: systemd.journal-fields(7). */
export const JOURNAL = {
  time: ['_SOURCE_REALTIME_TIMESTAMP', '__REALTIME_TIMESTAMP'],
  level: ['PRIORITY'],
  source: ['SYSLOG_IDENTIFIER', '_SYSTEMD_UNIT', '_COMM'],
  message: ['MESSAGE'],
} satisfies Names;
