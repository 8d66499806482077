import { ACCESS_LINE } from './decode-access-line.ts';
import { EMF } from './decode-emf.ts';
import { type Draft, type Format, hasSlot, type Names, readFields, type TextFormat } from './decode-fields.ts';
import { isObject, isTame, type JsonObject, ownValue } from './decode-json.ts';
import { LOGFMT } from './decode-logfmt.ts';
import { LOGURU } from './decode-loguru.ts';
import { CANONICAL, GENERIC, HTTP, JOURNAL, NAMED } from './decode-names.ts';
import { OTEL_FORMAT } from './decode-otel.ts';
import { BSD_SYSLOG, SYSLOG } from './decode-syslog.ts';
import { isNearArrival } from './decode-time.ts';
import { fluentBit, fluentBitLogKey, SAYING } from './decode-wrapped.ts';
import { leadingTime } from './text-stamps.ts';

const has = (object: JsonObject, ...keys: string[]) => keys.every((key) => ownValue(object, key) !== undefined);
const isVersion = (value: unknown) => typeof value === 'number' && value >= 1;

/** Any logger: it says something, or how bad it is, or what failed. */
function looksLogged(object: JsonObject): boolean {
  return SAYING.some((slot) => hasSlot(object, slot, GENERIC));
}

const fields = (names: Names) => (object: JsonObject) => readFields(object, names);

/** A line whose stamp is a day off keeps it in its text, and counts from its arrival. */
function readPlain(text: string, arrivedAt: number): Draft {
  const stated = leadingTime(text);
  const time = stated !== undefined && isNearArrival(stated, arrivedAt) ? stated : undefined;
  return time === undefined ? { message: text } : { time, message: text };
}

/**
 * What else than a whole event is understood, a row a format. The order is the order of trying: the more a form is one
 * logger's own, the earlier it stands. docs/formats.md is made from this table.
 */
export const OBJECT_FORMATS = [
  {
    name: 'Sluice',
    recognises: (o) =>
      (isVersion(o.v) && (has(o, 'message') || has(o, 'id', 'type'))) ||
      has(o, 'id', 'time', 'level', 'source', 'message') ||
      (has(o, 'id', 'level', 'source', 'message') && Object.keys(o).every((key) => Object.hasOwn(CANONICAL, key))),
    read: fields(CANONICAL),
  },
  { name: 'POST /logs', recognises: (o) => has(o, 'log_level') || has(o, 'source_application'), read: fields(HTTP) },
  OTEL_FORMAT,
  EMF,
  fluentBit(readLine),
  LOGURU,
  // Numbers for levels, the host and process beside them.
  {
    name: 'pino, bunyan',
    recognises: (o) => typeof o.level === 'number' && has(o, 'pid', 'hostname'),
    read: fields(NAMED),
  },
  { name: 'Python json', recognises: (o) => has(o, 'levelname'), read: fields(NAMED) },
  {
    name: 'journald',
    recognises: (o) => typeof o.MESSAGE === 'string' && (has(o, 'PRIORITY') || has(o, '__REALTIME_TIMESTAMP')),
    read: fields(JOURNAL),
  },
  // winston, Powertools, structlog, zap, logrus, zerolog, log4j, ECS, Cloud Logging and whatever says it in their words.
  { name: 'JSON of other loggers', recognises: looksLogged, read: fields(GENERIC) },
] as const satisfies readonly Format[];

export const TEXT_FORMATS = [
  fluentBitLogKey(readObject),
  SYSLOG,
  BSD_SYSLOG,
  ACCESS_LINE,
  LOGFMT,
  { name: 'plain text', begins: (line) => leadingTime(line) !== undefined, read: readPlain },
] as const satisfies readonly TextFormat[];

/** Reads a record by the first form that fits; one of no known form is all details. */
export function readObject(object: JsonObject, arrivedAt: number): Draft {
  const formats: readonly Format[] = OBJECT_FORMATS;
  return formats.find((format) => format.recognises(object))?.read(object, arrivedAt) ?? { details: object };
}

/** Reads a text by the first form that it is of, whole; of any other it is the message. */
export function readText(text: string, arrivedAt: number): Draft {
  for (const format of TEXT_FORMATS) {
    const draft = format.read(text, arrivedAt);
    if (draft !== undefined) return draft;
  }
  return { message: text };
}

/** The form that a line begins an event of. */
export function textFormatOf(line: string): TextFormat | undefined {
  return TEXT_FORMATS.find((format) => format.begins(line));
}

/** The name of the form that a payload's text is read by; undefined where it is of none. For tests and people. */
export function formatOf(text: string): string | undefined {
  const json = text.startsWith('{') ? parsed(text) : undefined;
  const formats: readonly Format[] = OBJECT_FORMATS;
  if (isObject(json)) return formats.find((format) => format.recognises(json))?.name;
  return TEXT_FORMATS.find((format) => format.read(text, 0) !== undefined)?.name;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A line within a record: the JSON of a logger, or text. */
function readLine(line: string, arrivedAt: number): Draft {
  if (!line.startsWith('{')) return readText(line, arrivedAt);
  try {
    const value: unknown = JSON.parse(line);
    return isObject(value) && isTame(value) && looksLogged(value) ? readObject(value, arrivedAt) : { message: line };
  } catch {
    return { message: line };
  }
}

/** Whether a foreign record names its level. */
export function statesLevel(object: JsonObject): boolean {
  return hasSlot(object, 'level', GENERIC);
}
