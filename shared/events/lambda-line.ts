import type { Payload } from './decode.ts';
import { statesLevel } from './decode-formats.ts';
import { isObject, type JsonObject, tameText } from './decode-json.ts';

/**
 * Lines as Lambda and its run times write them. Source: AWS Lambda developer guide, "Using Lambda function logs" and
 * "Log and monitor … Lambda functions" of Node.js and Python.
 */
const ID = '[\\da-f]{8}-[\\da-f]{4}-[\\da-f]{4}-[\\da-f]{4}-[\\da-f]{12}';
const STAMP = '\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z';
const WORD = '(TRACE|DEBUG|INFO|WARN|WARNING|ERROR|FATAL|CRITICAL)';

type Read = (match: RegExpExecArray, line: string) => JsonObject;

const at =
  (level: string): Read =>
  (_, message) => ({ level, message });

/** One row a form of line, the first that fits reads it. Every pattern runs in linear time. */
const FORMS: readonly { form: RegExp; read: Read }[] = [
  // That a function started, ended and what it used. What went wrong in it stands in a line of its own.
  { form: new RegExp(`^(?:START|END|REPORT) RequestId: ${ID}(?:\\s|$)`), read: at('debug') },
  { form: /^INIT_REPORT .*\tStatus: (?:timeout|error)/, read: at('error') },
  { form: /^(?:INIT_START|INIT_REPORT|RESTORE_START|RESTORE_REPORT)\s/, read: at('debug') },
  { form: /^(?:EXTENSION|TELEMETRY|LOGS)\tName: /, read: at('debug') },
  { form: /^XRAY TraceId: /, read: at('debug') },
  // What no code of the function could log any more.
  { form: new RegExp(`^${STAMP} ${ID} Task timed out after `), read: at('error') },
  {
    form: new RegExp(`^RequestId: ${ID} (?:Error: |Process exited before completing request)`),
    read: at('error'),
  },
  // Node.js: stamp, request, level, and what was logged
  {
    form: new RegExp(`^${STAMP}\\t(${ID}|undefined)\\t${WORD}\\t([\\s\\S]*)$`),
    read: ([, id, level, said]) => ({ ...saidByNode(said ?? '', level ?? ''), ...requestId(id) }),
  },
  // Python: level, stamp, request, and what was logged
  {
    form: new RegExp(`^\\[${WORD}\\]\\t${STAMP}\\t(${ID})\\t([\\s\\S]*)$`),
    read: ([, level, id, message]) => ({ level, message, ...requestId(id) }),
  },
  // Python: what the handler raised
  {
    form: /^\[ERROR\] ([\w.]{1,160})(?:: ([^\n]*))?\nTraceback \(most recent call last\):\n([\s\S]*)$/,
    read: ([, type, message, stack], line) => ({
      level: 'ERROR',
      message: line,
      error: { type, message: message ?? '', stack },
    }),
  },
];

function requestId(id: string | undefined): JsonObject {
  return id === undefined || id === 'undefined' ? {} : { requestId: id };
}

const THROWN = /^(?:Invoke Error|Uncaught Exception|Unhandled Promise Rejection)\s{1,4}(\{[\s\S]*\})$/;

/** JSON that a logger wrote through `console` says its level itself; of any other line the prefix does. */
function saidByNode(said: string, level: string): JsonObject {
  const json = parsedObject(THROWN.exec(said)?.[1] ?? said);
  if (json === undefined) return { level, message: said };
  return statesLevel(json) ? readJson(json) : { level, ...readJson(json) };
}

function parsedObject(text: string): JsonObject | undefined {
  if (!text.startsWith('{')) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Lambda's JSON log format has events of the platform, and errors with names of its own. */
function readJson(json: JsonObject): JsonObject {
  const { type, record, message } = json;
  if (typeof type === 'string' && type.startsWith('platform.') && isObject(record)) return platformEvent(json, record);
  const error = thrownError(json);
  if (error !== undefined) return error;
  const inMessage = isObject(message) ? thrownError(message) : undefined;
  if (inMessage === undefined) return json;
  const { message: _, ...rest } = json;
  return { ...rest, ...inMessage };
}

/** A time-out and a killed process have no line but this; an error that the code threw has its own. */
function platformEvent(json: JsonObject, record: JsonObject): JsonObject {
  const status = typeof record.status === 'string' ? record.status : undefined;
  const isKilled = typeof record.errorType === 'string' && record.errorType.startsWith('Runtime.');
  const isReport = json.type === 'platform.report' || json.type === 'platform.initReport';
  const level = isReport && (status === 'timeout' || isKilled) ? 'error' : 'debug';
  return { level, message: status === undefined ? json.type : `${json.type}: ${status}`, ...json };
}

const STACKS = ['stack', 'stackTrace', 'trace'] as const;

/** `{errorType, errorMessage, stack}`, the stack a list of lines under one of three names. */
function thrownError(json: JsonObject): JsonObject | undefined {
  const { errorType: type, errorMessage: message, ...rest } = json;
  if (typeof type !== 'string' || typeof message !== 'string' || 'error' in json) return undefined;
  const name = STACKS.find((key) => isLines(json[key]));
  const stack = name === undefined ? undefined : (json[name] as string[]).map((line) => line.trimEnd()).join('\n');
  const others = Object.fromEntries(Object.entries(rest).filter(([key]) => key !== name));
  return { ...others, error: stack === undefined ? { type, message } : { type, message, stack } };
}

function isLines(value: unknown): boolean {
  return Array.isArray(value) && value.every((line) => typeof line === 'string');
}

/**
 * The payload of one line of CloudWatch Logs. JSON is read as such; of lines in the forms of Lambda the level, the
 * request and the error are found; START, END and REPORT are of level `debug`, a time-out or a killed process is an
 * `error`. Any other line stays text. Never throws.
 */
export function logLinePayload(line: string): Payload {
  const text = tameText(line).trimEnd();
  for (const { form, read } of FORMS) {
    const match = form.exec(text);
    if (match !== null) return { json: read(match, text), text };
  }
  const json = parsedObject(text);
  return json === undefined ? { text } : { json: readJson(json), text };
}
