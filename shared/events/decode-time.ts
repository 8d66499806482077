/** A stamp further than this from the arrival is a broken clock or an old file: the arrival counts instead. */
export const MAX_CLOCK_SKEW_MS = 24 * 60 * 60 * 1000;

/** Below each bound a number is read in that unit: seconds until the year 5138, milliseconds, microseconds, nanoseconds. */
const EPOCH_UNITS = [
  { below: 1e11, perMillisecond: 1e-3 },
  { below: 1e14, perMillisecond: 1 },
  { below: 1e17, perMillisecond: 1e3 },
  { below: 1e20, perMillisecond: 1e6 },
] as const;

const NUMBER = /^\d{9,20}(?:\.\d{1,9})?$/;
/** ISO 8601 and what Python, Java and log4j make of it: a blank for the T, a comma for the point, no zone (then UTC). */
const ISO = /^(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?\s?(Z|z|UTC|GMT|[+-]\d\d(?::?\d\d)?)?$/;
/** Anything else that Date.parse reads counts only when it names its zone: the zone of this machine must not matter. */
const ZONED = /(?:Z|UTC|GMT|[+-]\d\d:?\d\d)$/;
const LONGEST_STAMP = 64;

function ofNumber(value: number): number | undefined {
  const unit = EPOCH_UNITS.find((row) => value < row.below);
  return unit === undefined || !(value > 0) ? undefined : Math.round(value / unit.perMillisecond);
}

function zoneOf(zone: string | undefined): string {
  if (zone === undefined || !/^[+-]/.test(zone)) return 'Z';
  const digits = zone.slice(1).replace(':', '').padEnd(4, '0');
  return `${zone[0]}${digits.slice(0, 2)}:${digits.slice(2)}`;
}

function ofIso(text: string): number | undefined {
  const match = ISO.exec(text);
  if (match === null) return undefined;
  const [, date, minutes, seconds = '00', fraction = '', zone] = match;
  const milliseconds = Date.parse(
    `${date}T${minutes}:${seconds}.${fraction.slice(0, 3).padEnd(3, '0')}${zoneOf(zone)}`,
  );
  return Number.isNaN(milliseconds) ? undefined : milliseconds;
}

function ofText(text: string): number | undefined {
  if (text.length > LONGEST_STAMP) return undefined;
  if (NUMBER.test(text)) return ofNumber(Number(text));
  const iso = ofIso(text);
  if (iso !== undefined || !ZONED.test(text)) return iso;
  const milliseconds = Date.parse(text);
  return Number.isNaN(milliseconds) ? undefined : milliseconds;
}

/**
 * Milliseconds since 1970 of any stamp that a logger writes: ISO 8601 with or without zone, epoch seconds, milliseconds,
 * microseconds or nanoseconds as number or text, RFC 1123. Answers undefined for what is not a stamp.
 */
export function parseTime(value: unknown): number | undefined {
  if (typeof value === 'number') return ofNumber(value);
  return typeof value === 'string' ? ofText(value.trim()) : undefined;
}

/** Whether the stamp is within a day of the arrival, both in milliseconds since 1970. */
export function isNearArrival(milliseconds: number, arrivedAt: number): boolean {
  return Math.abs(milliseconds - arrivedAt) <= MAX_CLOCK_SKEW_MS;
}
