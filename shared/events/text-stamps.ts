import { isNearArrival, parseTime } from './decode-time.ts';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const MONTH = MONTHS.join('|');
const CLOCK = '\\d\\d:\\d\\d:\\d\\d';

/** Of RFC 3164 and of the files that syslog daemons write: `Nov 21 06:31:09`, the day padded with a blank. */
export const BSD_STAMP = `(?:${MONTH}) [ \\d]\\d ${CLOCK}`;
/** Of Apache and nginx: `21/Nov/2026:06:31:09 +0000`; Python's http.server leaves out the zone. */
export const ACCESS_STAMP = `\\d\\d/(?:${MONTH})/\\d{4}[: ]${CLOCK}(?: [+-]\\d{4})?`;
/** Of RFC 5424 and, with a blank or a comma, of most loggers of plain text. */
const ISO_STAMP = `\\d{4}[-/]\\d\\d[-/]\\d\\d[T ]${CLOCK}(?:[.,]\\d{1,9})?(?: ?(?:Z|UTC|GMT|[+-]\\d\\d:?\\d\\d))?`;

const BSD = new RegExp(`^(${MONTH}) ([ \\d]\\d) (${CLOCK})$`);
const ACCESS = new RegExp(`^(\\d\\d)/(${MONTH})/(\\d{4})[: ](${CLOCK})(?: ([+-]\\d\\d)(\\d\\d))?$`);
const ISO_LEADS = new RegExp(`^\\[?(${ISO_STAMP})(?=[\\s\\]|,:;-]|$)`);
/** Apache's error log: `[Sat Nov 21 06:31:08.436187 2026]`. */
const APACHE_LEADS = new RegExp(`^\\[[A-Z][a-z]{2} (${MONTH}) (\\d\\d) (${CLOCK}(?:\\.\\d{1,6})?) (\\d{4})\\]`);
/** java.util.logging: `Nov 21, 2026 6:31:08 AM`, its blank before AM of any kind. */
const JAVA_LEADS = new RegExp(
  `^(${MONTH}) (\\d{1,2}), (\\d{4}),? (\\d{1,2})(:\\d\\d:\\d\\d)[ \\u00a0\\u202f]([AP])M\\b`,
);

/** Longer than any stamp at the start of a line. */
const HEAD_CHARACTERS = 80;

function monthNumber(name: string): string {
  return String(MONTHS.indexOf(name) + 1).padStart(2, '0');
}

/** The year is missing: the one that brings the stamp nearest to the arrival. Without a zone, UTC. */
function ofBsd(stamp: string, arrivedAt: number): number | undefined {
  const match = BSD.exec(stamp);
  if (match === null) return undefined;
  const [, month = '', day = '', clock] = match;
  const rest = `-${monthNumber(month)}-${day.replace(' ', '0')}T${clock}.000Z`;
  const year = new Date(arrivedAt).getUTCFullYear();
  const times = [year - 1, year, year + 1].map((each) => Date.parse(`${each}${rest}`)).filter(Number.isFinite);
  return times.sort((a, b) => Math.abs(a - arrivedAt) - Math.abs(b - arrivedAt))[0];
}

function ofAccess(stamp: string): number | undefined {
  const match = ACCESS.exec(stamp);
  if (match === null) return undefined;
  const [, day, month = '', year, clock, hours = '+00', minutes = '00'] = match;
  return finite(Date.parse(`${year}-${monthNumber(month)}-${day}T${clock}${hours}:${minutes}`));
}

function ofApache(match: RegExpExecArray): number | undefined {
  const [, month = '', day, clock, year] = match;
  return parseTime(`${year}-${monthNumber(month)}-${day}T${clock}Z`);
}

function ofJava(match: RegExpExecArray): number | undefined {
  const [, month = '', day = '', year, hour, rest, half] = match;
  const hours = (Number(hour) % 12) + (half === 'P' ? 12 : 0);
  return parseTime(`${year}-${monthNumber(month)}-${day.padStart(2, '0')}T${String(hours).padStart(2, '0')}${rest}Z`);
}

function finite(milliseconds: number): number | undefined {
  return Number.isNaN(milliseconds) ? undefined : milliseconds;
}

/**
 * What an event says of its time, from a stamp in a text: milliseconds when they are near the arrival, otherwise the stamp
 * as it stands, which then stays readable beside the event.
 */
export function statedTime(stamp: string, arrivedAt: number): number | string {
  const milliseconds = ofBsd(stamp, arrivedAt) ?? ofAccess(stamp) ?? parseTime(stamp);
  return milliseconds !== undefined && isNearArrival(milliseconds, arrivedAt) ? milliseconds : stamp;
}

/** Milliseconds of the stamp that a line of plain text begins with: ISO 8601, Apache's error log, java.util.logging. */
export function leadingTime(text: string): number | undefined {
  const head = text.slice(0, HEAD_CHARACTERS);
  const iso = ISO_LEADS.exec(head)?.[1];
  if (iso !== undefined) return parseTime(iso.replaceAll('/', '-'));
  const apache = APACHE_LEADS.exec(head);
  if (apache !== null) return ofApache(apache);
  const java = JAVA_LEADS.exec(head);
  return java === null ? undefined : ofJava(java);
}
