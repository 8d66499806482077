import type { LogEvent } from '../../shared/events/event.ts';
import type { Level } from '../../shared/events/levels.ts';

/** What one log call must become; fields that are not named here are checked by the test in general. */
export interface ExpectedEvent extends Pick<LogEvent, 'level'> {
  message: string | RegExp;
  /** The type and the message of the error; its stack must name them too. */
  error?: { type: string; message: string };
  source?: string;
  traceId?: string;
  spanId?: string;
  /** Fields among the details. */
  details?: Record<string, unknown>;
  attributes?: Record<string, string>;
}

/** What a logger wrote, and what is to become of it. */
export interface Sample {
  /** The row of the table that must recognise it. */
  format: string;
  writer: string;
  /** What each log call wrote. */
  records: readonly (string | Buffer)[];
  /** One event for each record. */
  events: readonly ExpectedEvent[];
  /** Of events that name none. Default: `unknown`, the arrival's. */
  source?: string;
  /** Whether the records say when they were written. Default true. */
  isStamped?: boolean;
  /** Whether the records, joined by newlines, are still one event each. Default true. */
  isSplit?: boolean;
}

/** The five calls that most programs make, with the words of their logger. */
export function fiveCalls(
  error: ExpectedEvent['error'] | undefined,
  more: Partial<ExpectedEvent> = {},
): ExpectedEvent[] {
  const failed: ExpectedEvent = { level: 'error', message: 'payment failed' };
  const calls: ExpectedEvent[] = [
    { level: 'info', message: 'started' },
    { level: 'warning', message: 'slow' },
    error === undefined ? failed : { ...failed, error },
    { level: 'critical', message: 'out of disk' },
    { level: 'debug', message: 'a call' },
  ];
  return calls.map((call) => ({ ...call, ...more }));
}

/** The same, and the call that failed has a field of its own. */
export function withOrder(
  events: readonly ExpectedEvent[],
  details: Record<string, unknown> = { order: 17 },
): ExpectedEvent[] {
  return events.map((event) => (event.error === undefined ? event : { ...event, details }));
}

/** What access lines must become, which have no fields of their own. */
export function requests(rows: readonly [Level, string][]): ExpectedEvent[] {
  return rows.map(([level, message]) => ({ level, message }));
}

const LEVELS: Readonly<Record<string, Level>> = { notice: 'info', info: 'info', error: 'error' };

/**
 * Error logs of web servers are plain text: whole, with the level and the time that they state. nginx writes what it was sent as
 * it came, and a NUL is shown as what cannot be shown.
 */
export function errorLog(writer: string, records: readonly string[]): Sample {
  const levelOf = (line: string) => LEVELS[/(notice|info|error)\]/.exec(line)?.[1] ?? ''] ?? 'info';
  const events = records.map((line) => ({ level: levelOf(line), message: line.replaceAll('\0', '\uFFFD') }));
  return { format: 'plain text', writer, records, events };
}
