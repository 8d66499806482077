import { readIsoTime } from './decode-iso-time.ts';
import { isObject, isTame, isTooDeep, type JsonObject } from './decode-json.ts';
import { isNearArrival } from './decode-time.ts';
import type { LogEvent } from './event.ts';
import { isLevel } from './levels.ts';
import { LENGTHS, LIMITS, MAX_DEPTH, NEVER_LARGE_CHARACTERS, utf8Bytes } from './limits.ts';

/** Every level of nesting takes two characters, so that a text this short is never too deep. */
const NEVER_DEEP_CHARACTERS = 2 * MAX_DEPTH;

/** A text of 1 to `max` UTF-16 units. */
function isShort(value: unknown, max: number): boolean {
  return typeof value === 'string' && value.length > 0 && value.length <= max;
}

/** Nothing, or a text of at most `max` UTF-16 units. */
function isAbsentOr(value: unknown, max: number): boolean {
  return value === undefined || (typeof value === 'string' && value.length <= max);
}

function isEssential(event: Partial<LogEvent>): boolean {
  return (
    Number.isSafeInteger(event.v) &&
    (event.v as number) > 0 &&
    isShort(event.id, LENGTHS.id) &&
    isShort(event.type, LENGTHS.type) &&
    isShort(event.source, LENGTHS.source) &&
    typeof event.message === 'string' &&
    typeof event.time === 'string' &&
    isLevel(event.level)
  );
}

function isErrorInfo(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { type, message, stack } = value;
  const fields = stack === undefined ? 2 : 3;
  const hasForm = typeof type === 'string' && typeof message === 'string' && isAbsentOr(stack, LIMITS.stack);
  return hasForm && type.length <= LENGTHS.errorType && Object.keys(value).length === fields;
}

function isTexts(value: unknown): boolean {
  if (!isObject(value)) return false;
  for (const key in value) {
    if (typeof value[key] !== 'string') return false;
  }
  return true;
}

/** A switch, because a look-up of a function by its name costs three times as much and this runs on every field. */
function isKnownField(key: string, value: unknown): boolean {
  switch (key) {
    case 'v':
    case 'id':
    case 'type':
    case 'time':
    case 'level':
    case 'source':
    case 'message':
      // Essential, and so looked at already.
      return true;
    case 'details':
      return true;
    case 'error':
      return isErrorInfo(value);
    case 'attributes':
      return isTexts(value);
    case 'locator':
      return isAbsentOr(value, LENGTHS.locator);
    case 'traceId':
      return isAbsentOr(value, LENGTHS.traceId);
    case 'spanId':
      return isAbsentOr(value, LENGTHS.spanId);
    default:
      return false;
  }
}

/** Whether every field is a known one, and the optional ones are sound. */
function areFieldsSound(event: JsonObject): boolean {
  for (const key in event) {
    if (!isKnownField(key, event[key])) return false;
  }
  return true;
}

/** Whether every field keeps its limit in bytes. */
export function isWithinLimits(event: LogEvent): boolean {
  const { details, attributes, error } = event;
  const bytesOf = (value: unknown) => (value === undefined ? 0 : utf8Bytes(JSON.stringify(value)));
  return (
    utf8Bytes(event.message) <= LIMITS.message &&
    utf8Bytes(error?.message ?? '') <= LIMITS.errorMessage &&
    utf8Bytes(error?.stack ?? '') <= LIMITS.stack &&
    bytesOf(details) + bytesOf(attributes) <= LIMITS.extras &&
    bytesOf(event) <= LIMITS.event
  );
}

/**
 * Whether what a parsed record holds can be written again. Most need no walk: a short text is not deep, and a lone
 * surrogate or NUL can only come from an escape, for UTF-8 cannot write the one nor JSON the other.
 */
function isTameEvent(event: Partial<LogEvent>, text: string): boolean {
  if (text.includes('\\u')) return isTame(event);
  return text.length <= NEVER_DEEP_CHARACTERS || !isTooDeep(event);
}

/**
 * Whether a parsed record is a whole event as it stands: what the schema `logEvent` accepts, with a stamp within a day of
 * its arrival, within the limits, and made of text that every store takes. Such a record passes without being copied.
 * `text` is what `json` was parsed from. Written by hand because it runs on every event; a property test holds it and
 * the schema to the same verdict.
 */
export function isSoundEvent(json: unknown, text: string, arrivedAt: number): json is LogEvent {
  if (!isObject(json)) return false;
  const event = json as Partial<LogEvent>;
  if (!isEssential(event) || !areFieldsSound(json)) return false;
  if (!isNearArrival(readIsoTime(event.time as string), arrivedAt) || !isTameEvent(event, text)) return false;
  return text.length <= NEVER_LARGE_CHARACTERS || isWithinLimits(event as LogEvent);
}
