const DAYS_IN_MONTH = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const MS_PER_DAY = 86_400_000;

const ZERO = 48;
const DASH = 45;
const COLON = 58;
const POINT = 46;
const LETTER_T = 84;
const LETTER_Z = 90;

/** The decimal digit at `at`; so far below zero when it is none that every sum with it is too. */
function digit(text: string, at: number): number {
  const value = text.charCodeAt(at) - ZERO;
  return value >= 0 && value <= 9 ? value : -1_000_000;
}

function twoDigits(text: string, at: number): number {
  return digit(text, at) * 10 + digit(text, at + 1);
}

/** Written out, because a loop over a table costs three times as much and this runs on every event. */
function hasMarks(text: string): boolean {
  return (
    text.charCodeAt(4) === DASH &&
    text.charCodeAt(7) === DASH &&
    text.charCodeAt(10) === LETTER_T &&
    text.charCodeAt(13) === COLON &&
    text.charCodeAt(16) === COLON &&
    text.charCodeAt(19) === POINT
  );
}

function isLeapYear(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
}

function isDate(year: number, month: number, day: number): boolean {
  if (!(year >= 0 && day >= 1) || day > (DAYS_IN_MONTH[month - 1] ?? 0)) return false;
  return month !== 2 || day !== 29 || isLeapYear(year);
}

/** Days from 1970 to a date of the Gregorian calendar. Source: H. Hinnant, "chrono-Compatible Low-Level Date Algorithms". */
function daysFromCivil(year: number, month: number, day: number): number {
  // The year begins in March, so that the leap day is its last. 400 years more keep every division above zero.
  const shifted = (month <= 2 ? year - 1 : year) + 400;
  const dayOfYear = Math.trunc((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const leapDays = Math.trunc(shifted / 4) - Math.trunc(shifted / 100) + Math.trunc(shifted / 400);
  return shifted * 365 + leapDays + dayOfYear - 719_468 - 146_097;
}

function minuteStart(text: string): number {
  const year = twoDigits(text, 0) * 100 + twoDigits(text, 2);
  const month = twoDigits(text, 5);
  const day = twoDigits(text, 8);
  const hour = twoDigits(text, 11);
  const minute = twoDigits(text, 14);
  const exists = isDate(year, month, day) && hour >= 0 && hour < 24 && minute >= 0 && minute < 60;
  return exists ? daysFromCivil(year, month, day) * MS_PER_DAY + hour * 3_600_000 + minute * 60_000 : Number.NaN;
}

/** Up to the point, as in `2026-11-21T12:00:05.`. */
const SECOND_CHARACTERS = 20;

function secondStart(text: string): number {
  if (!hasMarks(text)) return Number.NaN;
  const second = twoDigits(text, 17);
  return second >= 0 && second < 60 ? minuteStart(text) + second * 1_000 : Number.NaN;
}

/** Events come in the order of their times: the second that was read last is often the next one's too. */
const lastSecond = new Uint16Array(SECOND_CHARACTERS);
let lastSecondStart = Number.NaN;

/** A loop over the characters takes half of what `startsWith` does, which looks for the kind of text at each call. */
function isInLastSecond(text: string): boolean {
  let difference = 0;
  for (let at = 0; at < SECOND_CHARACTERS; at++) difference |= text.charCodeAt(at) ^ (lastSecond[at] as number);
  return difference === 0;
}

function keepSecond(text: string): void {
  lastSecondStart = secondStart(text);
  for (let at = 0; at < SECOND_CHARACTERS; at++) lastSecond[at] = text.charCodeAt(at);
}

/**
 * Milliseconds since 1970 of exactly `YYYY-MM-DDTHH:MM:SS.mmmZ`, the form of the schema; NaN for anything else, and for
 * a day or hour that does not exist. Many times as fast as Date.parse.
 */
export function readIsoTime(text: string): number {
  if (text.length !== 24) return Number.NaN;
  if (!isInLastSecond(text)) keepSecond(text);
  const millisecond = twoDigits(text, 20) * 10 + digit(text, 22);
  return millisecond >= 0 && text.charCodeAt(23) === LETTER_Z ? lastSecondStart + millisecond : Number.NaN;
}
