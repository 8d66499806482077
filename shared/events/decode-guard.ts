import { isObject, isTame } from './decode-json.ts';
import { isNearArrival } from './decode-time.ts';
import type { LogEvent } from './event.ts';
import type { Level } from './levels.ts';
import { LENGTHS, LIMITS, utf8Bytes } from './limits.ts';

/** JSON nests one level per two characters, so that a text this short is never too deep. */
const NEVER_DEEP_CHARACTERS = 900;
/** A text this short holds no field over its limit: three bytes a character, the smallest limit being 16 KiB. */
const NEVER_LARGE_CHARACTERS = 5_000;

const LEVEL_KEYS: Record<Level, true> = { critical: true, error: true, warning: true, info: true, debug: true };
const DAYS_IN_MONTH = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

const isLevel = (value: unknown): value is Level => typeof value === 'string' && Object.hasOwn(LEVEL_KEYS, value);

/** A text of 1 to `max` UTF-16 units. */
function isShort(value: unknown, max: number): boolean {
  return typeof value === 'string' && value.length > 0 && value.length <= max;
}

function isAbsentOr(value: unknown, max: number): boolean {
  return value === undefined || (typeof value === 'string' && value.length <= max);
}

/** The decimal digit at `at`; far below zero when it is none, so that every sum with it is too. */
function digit(text: string, at: number): number {
  const value = text.charCodeAt(at) - 48;
  return value >= 0 && value <= 9 ? value : -10_000;
}

function twoDigits(text: string, at: number): number {
  return digit(text, at) * 10 + digit(text, at + 1);
}

/** Days from 1970 to a date of the Gregorian calendar. Source: H. Hinnant, "chrono-Compatible Low-Level Date Algorithms". */
function daysFromCivil(year: number, month: number, day: number): number {
  const shifted = month <= 2 ? year - 1 : year;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

function isDate(year: number, month: number, day: number): boolean {
  if (!(year >= 0 && month >= 1 && month <= 12 && day >= 1)) return false;
  if (month === 2 && day === 29) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  return day <= (DAYS_IN_MONTH[month - 1] ?? 0);
}

const SEPARATORS = ['-', '-', 'T', ':', ':', '.', 'Z'].map((mark) => mark.charCodeAt(0));
const SEPARATOR_PLACES = [4, 7, 10, 13, 16, 19, 23];

function hasIsoMarks(text: string): boolean {
  for (let i = 0; i < SEPARATOR_PLACES.length; i++) {
    if (text.charCodeAt(SEPARATOR_PLACES[i] as number) !== SEPARATORS[i]) return false;
  }
  return true;
}

/** Milliseconds since 1970 of exactly `YYYY-MM-DDTHH:MM:SS.mmmZ`, NaN for anything else. Twice as fast as Date.parse. */
export function readIsoTime(text: string): number {
  if (text.length !== 24 || !hasIsoMarks(text)) return Number.NaN;
  const year = twoDigits(text, 0) * 100 + twoDigits(text, 2);
  const month = twoDigits(text, 5);
  const day = twoDigits(text, 8);
  const hour = twoDigits(text, 11);
  const minute = twoDigits(text, 14);
  const second = twoDigits(text, 17);
  const millisecond = twoDigits(text, 20) * 10 + digit(text, 22);
  const isClock =
    hour >= 0 && hour < 24 && minute >= 0 && minute < 60 && second >= 0 && second < 60 && millisecond >= 0;
  if (!isClock || !isDate(year, month, day)) return Number.NaN;
  return (
    daysFromCivil(year, month, day) * 86_400_000 + hour * 3_600_000 + minute * 60_000 + second * 1_000 + millisecond
  );
}

function isErrorInfo(value: unknown): boolean {
  if (value === undefined) return true;
  if (!isObject(value)) return false;
  const { type, message, stack } = value;
  const fields = stack === undefined ? 2 : 3;
  const isForm = isAbsentOr(stack, LIMITS.stack) && typeof message === 'string';
  return isForm && typeof type === 'string' && type.length <= LENGTHS.errorType && Object.keys(value).length === fields;
}

function isTexts(value: unknown): boolean {
  if (value === undefined) return true;
  if (!isObject(value)) return false;
  for (const key in value) {
    if (typeof value[key] !== 'string') return false;
  }
  return true;
}

function isEssential(o: Partial<LogEvent>): boolean {
  return (
    Number.isSafeInteger(o.v) &&
    (o.v as number) > 0 &&
    isShort(o.id, LENGTHS.id) &&
    isShort(o.type, LENGTHS.type) &&
    isShort(o.source, LENGTHS.source) &&
    typeof o.message === 'string' &&
    isLevel(o.level)
  );
}

function isOptionalSound(o: Partial<LogEvent>): boolean {
  return (
    isAbsentOr(o.locator, LENGTHS.locator) &&
    isAbsentOr(o.traceId, LENGTHS.traceId) &&
    isAbsentOr(o.spanId, LENGTHS.spanId) &&
    isErrorInfo(o.error) &&
    isTexts(o.attributes)
  );
}

const ESSENTIAL_FIELDS = 7;

/** Whether the object has the fields of an event and no other. The essential ones are known to be there. */
function hasOnlyKnown(o: Partial<LogEvent>): boolean {
  let known = ESSENTIAL_FIELDS;
  if (o.details !== undefined) known++;
  if (o.error !== undefined) known++;
  if (o.locator !== undefined) known++;
  if (o.attributes !== undefined) known++;
  if (o.traceId !== undefined) known++;
  if (o.spanId !== undefined) known++;
  for (const _ in o) known--;
  return known === 0;
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
 * Whether a parsed record is a whole event as it stands: what the schema `logEvent` accepts, with a stamp within a day of
 * its arrival, within the limits, and made of text that every store takes. Such a record passes without being copied.
 * Hand-written because it runs on every event: a twentieth of the cost of JSON.parse.
 */
export function isSoundEvent(json: unknown, text: string, arrivedAt: number): json is LogEvent {
  if (typeof json !== 'object' || json === null) return false;
  const event = json as Partial<LogEvent>;
  if (!isEssential(event) || !isOptionalSound(event) || !hasOnlyKnown(event)) return false;
  if (typeof event.time !== 'string' || !isNearArrival(readIsoTime(event.time), arrivedAt)) return false;
  // Lone surrogates and NUL can only come from an escape: in UTF-8 the first cannot be written, in JSON the second.
  const isPlain = text.length <= NEVER_DEEP_CHARACTERS && !text.includes('\\u');
  if (!isPlain && !isTame(event)) return false;
  return text.length <= NEVER_LARGE_CHARACTERS || isWithinLimits(event as LogEvent);
}
