import { type Draft, type Format, hasSlot, type Names, readFields, type Slot, withRest } from './decode-fields.ts';
import { isObject, isTame, type JsonObject, ownValue } from './decode-json.ts';
import { OTEL_FORMAT } from './decode-otel.ts';

const CANONICAL: Names = {
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
};

/** Names in use by loggers of all languages. No `id`: in a foreign record it is the id of some thing, not of the event. */
const GENERIC: Names = {
  time: ['time', 'timestamp', 'ts', '@timestamp', 'date', 'asctime', 'datetime', 'eventTime'],
  level: ['level', 'severity', 'levelname', 'lvl', 'loglevel', 'log.level', 'logLevel', 'level_name', 'severity_text'],
  source: ['service', 'source', 'app', 'application', 'service.name', 'serviceName', 'logger', 'logger_name', 'name'],
  message: ['message', 'msg', 'text', 'log', 'event', '@message'],
  error: ['err', 'error', 'exception'],
  stack: ['stack', 'stacktrace', 'stack_trace', 'stackTrace', 'exc_info', 'exc_text', 'traceback', 'error.stack_trace'],
  traceId: ['traceId', 'trace_id', 'xray_trace_id', 'trace.id', 'traceID', 'dd.trace_id'],
  spanId: ['spanId', 'span_id', 'span.id', 'spanID', 'dd.span_id'],
};

const HTTP: Names = {
  ...CANONICAL,
  level: ['log_level', 'level'],
  source: ['source_application', 'source'],
  time: ['time', 'timestamp'],
};

/** Loggers whose `name` is the logger's own, before any other word for the source. */
const NAMED: Names = { ...GENERIC, source: ['name', ...(GENERIC.source ?? [])] };

const has = (object: JsonObject, ...keys: string[]) => keys.every((key) => ownValue(object, key) !== undefined);
const isVersion = (value: unknown) => typeof value === 'number' && value >= 1;

const SAYING: readonly Slot[] = ['message', 'level', 'error', 'stack'];

/** Any logger: it says something, or how bad it is, or what failed. */
function looksLogged(object: JsonObject): boolean {
  return SAYING.some((slot) => hasSlot(object, slot, GENERIC));
}

/** Fluent Bit wraps a line; the line itself may be the JSON of a logger. */
function readWrapped(object: JsonObject): Draft {
  const { log, ...wrapping } = object;
  const kubernetes = isObject(object.kubernetes) ? ownValue(object.kubernetes, 'container_name') : undefined;
  const outer = readFields(wrapping, { time: GENERIC.time });
  const inner = readLine(typeof log === 'string' ? log.replace(/\r?\n$/, '') : '');
  return {
    ...inner,
    time: inner.time ?? outer.time,
    source: inner.source ?? kubernetes,
    details: isObject(outer.details) ? withRest(inner.details, outer.details) : inner.details,
  };
}

function readLine(line: string): Draft {
  if (!line.startsWith('{')) return { message: line };
  try {
    const value: unknown = JSON.parse(line);
    return isObject(value) && isTame(value) && looksLogged(value) ? readObject(value) : { message: line };
  } catch {
    return { message: line };
  }
}

const fields = (names: Names) => (object: JsonObject) => readFields(object, names);

/** The order is the order of trying: the more a form is one logger's own, the earlier it stands. */
const FORMATS: readonly Format[] = [
  {
    name: 'sluice',
    recognises: (o) =>
      (isVersion(o.v) && (has(o, 'message') || has(o, 'id', 'type'))) ||
      has(o, 'id', 'time', 'level', 'source', 'message') ||
      (has(o, 'id', 'level', 'source', 'message') && Object.keys(o).every((key) => Object.hasOwn(CANONICAL, key))),
    read: fields(CANONICAL),
  },
  { name: 'sluice http', recognises: (o) => has(o, 'log_level') || has(o, 'source_application'), read: fields(HTTP) },
  OTEL_FORMAT,
  {
    name: 'fluent bit',
    recognises: (o) => typeof o.log === 'string' && (has(o, 'stream') || has(o, 'kubernetes') || has(o, 'date')),
    read: readWrapped,
  },
  // pino, bunyan: numbers for levels, the host and process beside them
  {
    name: 'pino, bunyan',
    recognises: (o) => typeof o.level === 'number' && has(o, 'pid', 'hostname'),
    read: fields(NAMED),
  },
  // Python's json loggers
  { name: 'python', recognises: (o) => has(o, 'levelname'), read: fields(NAMED) },
  // winston, Powertools, zap, logrus, zerolog, log4j, ECS, Cloud Logging and whatever else says it in their words
  { name: 'generic', recognises: looksLogged, read: fields(GENERIC) },
];

/** Reads a record by the first form that fits; one of no known form is all details. */
export function readObject(object: JsonObject): Draft {
  return FORMATS.find((format) => format.recognises(object))?.read(object) ?? { details: object };
}

/** Whether a foreign record names its level. */
export function statesLevel(object: JsonObject): boolean {
  return hasSlot(object, 'level', GENERIC);
}
