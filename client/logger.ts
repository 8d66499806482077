import { randomBytes } from 'node:crypto';
import type { ErrorInfo, LogEvent } from '../shared/events/event.ts';
import { eventIdSequence } from '../shared/events/event-id.ts';
import { EVENT_VERSION } from '../shared/events/event-version.ts';
import type { Level } from '../shared/events/levels.ts';

/** What a call may say beside its message. */
export interface LogFields {
  details?: unknown;
  error?: unknown;
  attributes?: Record<string, string>;
}

export type Log = (message: string, fields?: LogFields) => void;

export interface Logger extends Readonly<Record<Level, Log>> {
  /** Puts everything that was logged. Rejects when something could not be put, and says how much. */
  flush(): Promise<void>;
}

export interface LoggerOptions {
  /** The application that logs: the `source` of its events. */
  source: string;
  /** Puts events on the stream, all of them or it rejects. */
  put: (events: readonly LogEvent[]) => Promise<void>;
  /** Milliseconds since 1970. Default: the machine's clock. */
  now?: () => number;
}

/** Events kept before they are put by themselves. */
const FLUSH_AT = 500;

/** A logger for one application: a call keeps an event, `flush` puts what was kept, in order. */
export function createLogger({ source, put, now = Date.now }: LoggerOptions): Logger {
  const newId = eventIdSequence(randomBytes);
  let kept: LogEvent[] = [];
  let putting: Promise<void> = Promise.resolve();

  const putKept = () => {
    const events = kept;
    kept = [];
    if (events.length > 0) putting = putting.then(() => put(events));
    // The caller of `flush` hears of a failure; a call of `log.info` must not be the one that throws.
    putting.catch(() => undefined);
    return putting;
  };

  const logAt =
    (level: Level): Log =>
    (message, { details, error, attributes } = {}) => {
      const time = now();
      kept.push({
        v: EVENT_VERSION,
        id: newId(time),
        type: 'log',
        time: new Date(time).toISOString(),
        level,
        source,
        message,
        ...(details === undefined ? {} : { details }),
        ...(error === undefined ? {} : { error: errorInfoOf(error) }),
        ...(attributes === undefined ? {} : { attributes }),
      });
      if (kept.length >= FLUSH_AT) putKept();
    };

  return {
    critical: logAt('critical'),
    error: logAt('error'),
    warning: logAt('warning'),
    info: logAt('info'),
    debug: logAt('debug'),
    flush: putKept,
  };
}

/** Whatever was thrown, as an event carries it. */
function errorInfoOf(error: unknown): ErrorInfo {
  if (!(error instanceof Error)) return { type: 'unknown', message: String(error) };
  const { name, message, stack } = error;
  return { type: name, message, ...(stack === undefined ? {} : { stack }) };
}
