/**
 * Times of the week and the year in a time zone, with Alertmanager's meaning: a moment is within an interval when every
 * list that is written holds it. Source: Alertmanager, "Configuration", time_interval.
 */
export interface TimeInterval {
  name: string;
  spans: readonly TimeSpan[];
}

export interface TimeSpan {
  /** Minutes of the day, `from` included, `to` not: 0 to 1440. */
  times?: readonly NumberRange[];
  /** 0 is Sunday. Both ends included, here and below. */
  weekdays?: readonly NumberRange[];
  /** 1 to 31, or -1 to -31 counted from the month's end. */
  daysOfMonth?: readonly NumberRange[];
  months?: readonly NumberRange[];
  years?: readonly NumberRange[];
  /** IANA name of a time zone. */
  location: string;
}

export type NumberRange = readonly [from: number, to: number];

/** No zone's clock changes but on a quarter of an hour. */
const QUARTER = 900_000;
const MINUTE = 60_000;
const DAY = 86_400_000;
/** As far as `mutedUntil` looks: a group that was quiet for longer is forgotten. */
const HORIZON = 30 * DAY;

/** Whether the moment, in milliseconds since 1970, lies in one of the interval's spans. */
export function isWithin({ spans }: TimeInterval, moment: number): boolean {
  return spans.some((span) => isInSpan(span, moment));
}

export interface RouteTimes {
  /** Notices are held back within any of these. */
  mute: readonly TimeInterval[];
  /** When there are any, notices are held back outside all of these. */
  active: readonly TimeInterval[];
}

/**
 * When notices may go out: the moment itself, or the next one at which the route is not muted, in milliseconds since 1970.
 * A route that stays muted for longer than 30 days answers the moment 30 days on.
 */
export function mutedUntil(times: RouteTimes, moment: number): number {
  const isMuted = (at: number) =>
    times.mute.some((interval) => isWithin(interval, at)) ||
    (times.active.length > 0 && !times.active.some((interval) => isWithin(interval, at)));
  if (!isMuted(moment)) return moment;
  const bounds = [...new Set([...times.mute, ...times.active].flatMap(minutesOfDay))];
  const zones = [
    ...new Set([...times.mute, ...times.active].flatMap(({ spans }) => spans.map(({ location }) => location))),
  ];
  for (let at = moment; at < moment + HORIZON; ) {
    at = nextChange(at, bounds, zones);
    if (!isMuted(at)) return at;
  }
  return moment + HORIZON;
}

/** Days begin at minute 0. */
function minutesOfDay({ spans }: TimeInterval): number[] {
  return [0, ...spans.flatMap(({ times = [] }) => times.flat())];
}

/** The next moment at which an interval can begin or end, at most a quarter of an hour on: clocks change there. */
function nextChange(at: number, bounds: readonly number[], zones: readonly string[]): number {
  let next = (Math.floor(at / QUARTER) + 1) * QUARTER;
  for (const zone of zones) {
    const local = at + offsetOf(zone, at);
    const midnight = Math.floor(local / DAY) * DAY;
    for (const minute of bounds) {
      const change = at + midnight + minute * MINUTE - local;
      if (change > at && change < next) next = change;
    }
  }
  return next;
}

function isInSpan(span: TimeSpan, moment: number): boolean {
  const local = new Date(moment + offsetOf(span.location, moment));
  const minute = local.getUTCHours() * 60 + local.getUTCMinutes();
  const isTimely = span.times === undefined || span.times.some(([from, to]) => minute >= from && minute < to);
  return (
    isTimely &&
    holds(span.weekdays, local.getUTCDay()) &&
    holds(span.months, local.getUTCMonth() + 1) &&
    holds(span.years, local.getUTCFullYear()) &&
    isDayOfMonth(span.daysOfMonth, local)
  );
}

function holds(ranges: readonly NumberRange[] | undefined, value: number): boolean {
  return ranges === undefined || ranges.some(([from, to]) => value >= from && value <= to);
}

function isDayOfMonth(ranges: readonly NumberRange[] | undefined, local: Date): boolean {
  if (ranges === undefined) return true;
  const length = new Date(Date.UTC(local.getUTCFullYear(), local.getUTCMonth() + 1, 0)).getUTCDate();
  const day = (written: number) => (written < 0 ? length + 1 + written : written);
  const today = local.getUTCDate();
  return ranges.some(([from, to]) => today >= day(from) && today <= day(to));
}

const formats = new Map<string, Intl.DateTimeFormat>();
/** By zone and quarter of an hour. Emptied when full. */
const offsets = new Map<string, number>();
const REMEMBERED = 4_096;

/** Milliseconds that the zone's clocks are ahead of UTC at this moment. Throws a RangeError for a zone that is none. */
export function offsetOf(zone: string, moment: number): number {
  if (zone === 'UTC') return 0;
  const quarter = Math.floor(moment / QUARTER) * QUARTER;
  const name = `${zone} ${quarter}`;
  const known = offsets.get(name);
  if (known !== undefined) return known;
  if (offsets.size >= REMEMBERED) offsets.clear();
  const offset = clockOf(zone, quarter) - quarter;
  offsets.set(name, offset);
  return offset;
}

/** What the zone's clocks show, as if it were UTC. */
function clockOf(zone: string, moment: number): number {
  let format = formats.get(zone);
  if (!format) {
    const number = 'numeric' as const;
    const parts = { year: number, month: number, day: number, hour: number, minute: number, second: number };
    format = new Intl.DateTimeFormat('en-US', { timeZone: zone, hourCycle: 'h23', ...parts });
    formats.set(zone, format);
  }
  const shown = new Map(format.formatToParts(moment).map(({ type, value }) => [type, Number(value)]));
  const part = (type: Intl.DateTimeFormatPartTypes) => shown.get(type) ?? 0;
  return Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
}
