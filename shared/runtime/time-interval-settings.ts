import { type NumberRange, offsetOf, type TimeInterval, type TimeSpan } from '../alerts/time-intervals.ts';
import type { Kind } from './configuration-values.ts';
import { groupOf, kindOf, listOf, type Parse } from './settings-parser.ts';

const WEEKDAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];
const MONTHS = 'january february march april may june july august september october november december'.split(' ');
const MOST = 50;

/** `from:to` or one value, as Alertmanager writes ranges. */
function range(expected: string, advice: string, valueIn: (text: string) => number | undefined): Kind<NumberRange> {
  return {
    expected,
    advice,
    parse: (written) => {
      const parts = String(written).toLowerCase().split(':');
      const [from, to] = parts.map((part) => valueIn(part.trim()));
      if (parts.length > 2 || from === undefined || (parts.length === 2 && to === undefined)) return undefined;
      const end = to ?? from;
      return isInOrder(from, end) ? [from, end] : undefined;
    },
  };
}

const LONGEST_MONTH = 31;

/**
 * Whether a range holds anything. Days may be counted from a month's end: `-5:-1`, and `1:-1` where a month of any length
 * holds it. What begins at the end must end there, or it would run backwards in all but a few months. Source: Alertmanager,
 * timeinterval.go.
 */
function isInOrder(from: number, to: number): boolean {
  if (from < 0) return to < 0 && from <= to;
  return from <= (to < 0 ? LONGEST_MONTH + 1 + to : to);
}

function named(names: readonly string[], first: number) {
  return (text: string): number | undefined => {
    const at = names.indexOf(text);
    return at === -1 ? undefined : at + first;
  };
}

function between(least: number, most: number) {
  return (text: string): number | undefined => {
    const value = /^-?\d{1,4}$/.test(text) ? Number(text) : Number.NaN;
    return value >= least && value <= most && value !== 0 ? value : undefined;
  };
}

const weekday = range('a weekday, or two as monday:friday', 'write the English name', named(WEEKDAYS, 0));
const dayOfMonth = range(
  'a day of the month, 1 to 31 or -1 to -31 from its end, or two as 1:5',
  'write the last day as "-1", and the first of a range first',
  between(-31, 31),
);
const month = range(
  'a month, or two as may:august',
  'write the English name or a number from 1 to 12',
  (text) => named(MONTHS, 1)(text) ?? between(1, 12)(text),
);
const year = range('a year, or two as 2026:2028', 'write it with four digits', between(1_970, 9_999));

const CLOCK = /^([01]\d|2[0-3]):([0-5]\d)$|^24:00$/;
const clock: Kind<number> = {
  expected: 'a time of day from 00:00 to 24:00',
  advice: 'write it in quotes, "09:00": YAML takes it for a number else',
  parse: (written) => {
    const match = typeof written === 'string' ? CLOCK.exec(written) : null;
    if (!match) return undefined;
    return match[1] === undefined ? 1_440 : Number(match[1]) * 60 + Number(match[2]);
  },
};

const location: Kind<string> = {
  expected: 'a time zone of the IANA data base',
  advice: 'write it like Europe/Berlin or UTC',
  parse: (written) => {
    try {
      offsetOf(String(written), 0);
      return String(written);
    } catch {
      return undefined;
    }
  },
};

const times: Parse<NumberRange> = (written, path, report) => {
  const shape = { start_time: kindOf(clock), end_time: kindOf(clock) };
  const read = groupOf(shape, { required: ['start_time', 'end_time'] })(written, path, report);
  const { start_time: from, end_time: to } = read ?? {};
  if (from === undefined || to === undefined) return undefined;
  if (from >= to)
    report(path, 'a start_time before the end_time', 'a night is two: "22:00" to "24:00", "00:00" to "06:00"');
  return [from, to];
};

const list = <T>(parse: Parse<T>, of: string) => listOf(parse, { most: MOST, of });

const span: Parse<TimeSpan> = (written, path, report) => {
  const read = groupOf({
    times: list(times, 'times'),
    weekdays: list(kindOf(weekday), 'weekdays'),
    days_of_month: list(kindOf(dayOfMonth), 'days'),
    months: list(kindOf(month), 'months'),
    years: list(kindOf(year), 'years'),
    location: kindOf(location),
  })(written, path, report);
  if (!read) return undefined;
  const { days_of_month: daysOfMonth, location: zone = 'UTC', ...rest } = read;
  return { ...rest, ...(daysOfMonth ? { daysOfMonth } : {}), location: zone };
};

export const name: Kind<string> = {
  expected: 'a name of up to 64 letters, digits, dots, hyphens and underscores',
  advice: 'write it like on-call',
  parse: (written) => (typeof written === 'string' && /^[\w.-]{1,64}$/.test(written) ? written : undefined),
};

/** `alerts.time_intervals`, as Alertmanager has them. Source: Alertmanager, "Configuration", time_interval. */
export const timeIntervals: Parse<TimeInterval[]> = list((written, path, report) => {
  const shape = { name: kindOf(name), time_intervals: list(span, 'time intervals') };
  const read = groupOf(shape, { required: ['name', 'time_intervals'] })(written, path, report);
  return read?.name === undefined ? undefined : { name: read.name, spans: read.time_intervals ?? [] };
}, 'time intervals');
