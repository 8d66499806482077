import { isObject, type JsonObject, ownValue, textOf } from './decode-json.ts';
import type { ErrorInfo } from './event.ts';
import { errorInText } from './plain-text.ts';

/** What loggers call the parts of an error, the first that is there wins. */
const NAMES = {
  type: ['type', 'name', 'kind', 'class', 'exception_class', 'error_type'],
  message: ['message', 'msg', 'description', 'exception_message'],
  stack: ['stack', 'stackTrace', 'stack_trace', 'stacktrace', 'trace'],
} as const;

export interface ReadError {
  error: ErrorInfo;
  /** What the value said beside it: code, cause, signal, the variables of a frame. */
  rest: object;
}

function firstText(object: JsonObject, names: readonly string[]): string | undefined {
  return names.find((name) => typeof ownValue(object, name) === 'string');
}

/** A stack is a text or, as Lambda's run time and Powertools write it, an array of lines. */
function stackText(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  const isLines = Array.isArray(value) && value.length > 0 && value.every((line) => typeof line === 'string');
  return isLines ? value.join('\n') : undefined;
}

function ofObject(object: JsonObject): ReadError | undefined {
  const type = firstText(object, NAMES.type);
  const message = firstText(object, NAMES.message);
  const stack = NAMES.stack.find((name) => stackText(ownValue(object, name)) !== undefined);
  if (message === undefined && stack === undefined) return undefined;
  const used = new Set([type, message, stack]);
  const stackOf = stack === undefined ? undefined : stackText(object[stack]);
  const inStack = stackOf === undefined ? undefined : errorInText(stackOf);
  const error: ErrorInfo = {
    type: type === undefined ? (inStack?.type ?? 'Error') : textOf(object[type]),
    message: message === undefined ? (inStack?.message ?? '') : textOf(object[message]),
  };
  if (stackOf !== undefined) error.stack = stackOf;
  return { error, rest: Object.fromEntries(Object.entries(object).filter(([key]) => !used.has(key))) };
}

function ofText(text: string): ReadError | undefined {
  if (text.trim() === '') return undefined;
  const inText = errorInText(text);
  return { error: inText === undefined ? { type: 'Error', message: text } : { ...inText, stack: text }, rest: {} };
}

const isFrame = (value: unknown): value is JsonObject =>
  isObject(value) && typeof ownValue(value, 'filename') === 'string';

/** A frame as Python prints it. */
function frameLine(frame: JsonObject): string {
  const [line, name] = [ownValue(frame, 'lineno'), ownValue(frame, 'name')].map((part) => textOf(part ?? '?'));
  return `  File "${textOf(frame.filename)}", line ${line}, in ${name}`;
}

/**
 * structlog's `dict_tracebacks`: a list of exceptions, the one that was raised first, each with its frames. The list stays
 * beside the error, for it may hold the variables of each frame.
 */
function ofList(list: readonly unknown[]): ReadError | undefined {
  const raised = list[0];
  if (!isObject(raised)) return undefined;
  const type = firstText(raised, ['exc_type']);
  const frames = ownValue(raised, 'frames');
  if (type === undefined || !Array.isArray(frames) || !frames.every(isFrame)) return undefined;
  const name = textOf(raised[type]);
  const message = textOf(ownValue(raised, 'exc_value') ?? '');
  const stack = ['Traceback (most recent call last):', ...frames.map(frameLine), `${name}: ${message}`].join('\n');
  return { error: { type: name, message, stack }, rest: list };
}

/**
 * Reads an error as loggers serialise one: an object with a message or a stack (pino, bunyan, winston, Powertools), or a
 * text (zap, Python's `exc_info`), or a list of exceptions (structlog). Anything else is not an error.
 */
export function readError(value: unknown): ReadError | undefined {
  if (typeof value === 'string') return ofText(value);
  if (Array.isArray(value)) return ofList(value);
  return isObject(value) ? ofObject(value) : undefined;
}
