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

/** `v`, `id`, `type`, `time`, `level`, `source` and `message`: an event without one of them is not sound. */
const ESSENTIAL_FIELDS = 7;

/** 1 for a text of at most `max` UTF-16 units, 0 for nothing; NaN, which makes every sum NaN, for anything else. */
function textField(value: unknown, max: number): number {
  if (value === undefined) return 0;
  return typeof value === 'string' && value.length <= max ? 1 : Number.NaN;
}

function objectFields({ details, error, attributes }: JsonObject): number {
  let count = details === undefined ? 0 : 1;
  if (error !== undefined) count += isErrorInfo(error) ? 1 : Number.NaN;
  if (attributes !== undefined) count += isTexts(attributes) ? 1 : Number.NaN;
  return count;
}

/** How many of the optional fields there are; NaN when one is not sound. JSON has no field that is there and undefined. */
function optionalFields(event: JsonObject): number {
  const { locator, traceId, spanId } = event;
  const texts =
    textField(locator, LENGTHS.locator) + textField(traceId, LENGTHS.traceId) + textField(spanId, LENGTHS.spanId);
  return objectFields(event) + texts;
}

/** Whether every field is a known one, and the optional ones are sound: counted, for asking each its name takes longer. */
function areFieldsSound(event: JsonObject): boolean {
  return Object.keys(event).length === ESSENTIAL_FIELDS + optionalFields(event);
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
  return text.includes('\\u') ? isTame(event) : isShallowEvent(event, text);
}

function isShallowEvent(event: Partial<LogEvent>, text: string): boolean {
  return text.length <= NEVER_DEEP_CHARACTERS || !isTooDeep(event);
}

/**
 * Whether a parsed record is a whole event as it stands: what the schema `logEvent` accepts, with a stamp within a day of
 * its arrival, within the limits, and made of text that every store takes. Such a record passes without being copied.
 * `text` is what `json` was parsed from. Written by hand because it runs on every event; a property test holds it and
 * the schema to the same verdict.
 */
export function isSoundEvent(json: unknown, text: string, arrivedAt: number): json is LogEvent {
  return isSound(json, arrivedAt) && isTameEvent(json, text) && isSmallOrWithinLimits(json, text);
}

/** The same for an object whose text is known to hold no `\u` escape. */
export function isSoundPlainEvent(json: unknown, text: string, arrivedAt: number): json is LogEvent {
  return isSound(json, arrivedAt) && isShallowEvent(json, text) && isSmallOrWithinLimits(json, text);
}

function isSound(json: unknown, arrivedAt: number): json is LogEvent {
  if (!isObject(json)) return false;
  const event = json as Partial<LogEvent>;
  return isEssential(event) && areFieldsSound(json) && isNearArrival(readIsoTime(event.time as string), arrivedAt);
}

function isSmallOrWithinLimits(event: LogEvent, text: string): boolean {
  return text.length <= NEVER_LARGE_CHARACTERS || isWithinLimits(event);
}
