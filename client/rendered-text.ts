import type { LogEvent } from '../shared/events/event.ts';

const QUARTER_HOUR = 900_000;

/** Whether the name is one of the IANA time zones that this Node knows. */
export function isTimeZone(name: unknown): name is string {
  if (typeof name !== 'string' || name === '') return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** Writes stamps, milliseconds since 1970, as ISO 8601 in the time zone, with the offset that holds there at that moment. */
export function stampWriter(timeZone: string): (milliseconds: number) => string {
  const offsetOf = offsetReader(timeZone);
  return (milliseconds) => {
    const seconds = offsetOf(milliseconds);
    const local = new Date(milliseconds + seconds * 1_000).toISOString().slice(0, -1);
    const minutes = Math.abs(Math.trunc(seconds / 60));
    const hours = String(Math.trunc(minutes / 60)).padStart(2, '0');
    return `${local}${seconds < 0 ? '-' : '+'}${hours}:${String(minutes % 60).padStart(2, '0')}`;
  };
}

/**
 * Seconds east of Greenwich. `Intl` is asked once a quarter of an hour: every change of a clock since 1972 fell on one
 * in UTC. Source: the IANA time zone database.
 */
function offsetReader(timeZone: string): (milliseconds: number) => number {
  const format = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' });
  let quarter = Number.NaN;
  let offset = 0;
  return (milliseconds) => {
    const current = Math.floor(milliseconds / QUARTER_HOUR);
    if (current !== quarter) {
      const name = format.formatToParts(milliseconds).find(({ type }) => type === 'timeZoneName')?.value ?? 'GMT';
      offset = secondsOf(name);
      quarter = current;
    }
    return offset;
  };
}

/** `GMT`, `GMT+05:30`, `GMT-00:44:30`. */
function secondsOf(name: string): number {
  const [, sign, hours = '0', minutes = '0', seconds = '0'] = /([+-])(\d+):(\d+)(?::(\d+))?/.exec(name) ?? [];
  return (sign === '-' ? -1 : 1) * (Number(hours) * 3_600 + Number(minutes) * 60 + Number(seconds));
}

/** What a terminal acts upon. Source: Unicode, general categories Cc, Cf, Zl, Zp, Cs. */
const ACTIVE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

const escaped = (character: string) => JSON.stringify(character).slice(1, -1);
const shown = (character: string) =>
  character < ' ' ? escaped(character) : `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;

/** An event as one line of text that a terminal shows and does not act upon. */
export function renderEvent(event: LogEvent, writeStamp: (milliseconds: number) => string): string {
  const { time, level, source, locator, message, attributes } = event;
  const name = attributes?.['sluice.level'] ?? level;
  const extras = Object.entries(attributes ?? {}).filter(([key]) => key !== 'sluice.level');
  const parts = [writeStamp(Date.parse(time)), name.toUpperCase().padEnd(8), source, locator, message];
  const text = [...parts.filter((part) => part !== undefined && part !== ''), ...extras.map((pair) => pair.join('='))];
  return text.join(' ').replace(ACTIVE, shown);
}
