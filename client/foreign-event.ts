import type { Draft } from '../shared/events/decode-fields.ts';
import { readObject, readText } from '../shared/events/decode-formats.ts';
import { isObject, type JsonObject, textOf } from '../shared/events/decode-json.ts';
import { parseTime } from '../shared/events/decode-time.ts';
import { levelInText } from '../shared/events/level-in-text.ts';
import { type Level, parseLevel } from '../shared/events/levels.ts';
import type { GivenEvent } from './logger-api.ts';

export interface ForeignOptions {
  /** Whether this is a level of its own of the logger that will be given the event. */
  isCustom: (level: string) => boolean;
  /** What the foreign logger calls the level, where its record does not say it itself. */
  level?: unknown;
  /** The thrown value itself, which says more than what was written of it. */
  error?: unknown;
  /** Milliseconds since 1970. */
  now: number;
}

/** Every tenth of pino may be a level of one's own; above `fatal` nothing is worse. */
const FATAL = 60;

function knownLevel(value: unknown, isCustom: ForeignOptions['isCustom']): string | undefined {
  if (typeof value === 'string' && isCustom(value)) return value;
  return parseLevel(value) ?? (typeof value === 'number' && value >= FATAL ? 'critical' : undefined);
}

function messageOf({ message, error }: Draft, record: JsonObject | string, thrown: unknown): string {
  if (message !== undefined) return textOf(message);
  if (isObject(thrown) && typeof thrown.message === 'string') return thrown.message;
  return error?.message ?? textOf(record);
}

/** Of a record that names no level the text may say it; an error without a level is an error. */
function unstatedLevel(message: string, error: unknown): Level {
  return levelInText(message) ?? (error === undefined ? 'info' : 'error');
}

const asText = (value: unknown) => (value === undefined ? undefined : textOf(value));

/** What is not there is not said: the logger fills it in. */
function withoutNothing<T extends object>(object: T): T {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined && value !== '')) as T;
}

function read(record: JsonObject | string, options: ForeignOptions): GivenEvent<string> {
  const { isCustom, now, error: thrown } = options;
  const draft = isObject(record) ? readObject(record, now) : readText(record, now);
  const stated = options.level ?? draft.level;
  const level = knownLevel(stated, isCustom);
  const error = thrown ?? draft.error;
  const message = messageOf(draft, record, thrown);
  const isUnknown = stated !== undefined && level === undefined;
  return withoutNothing({
    level: level ?? (isUnknown ? 'info' : unstatedLevel(message, error)),
    message,
    time: parseTime(draft.time),
    source: asText(draft.source),
    error,
    details: draft.details,
    attributes: { ...draft.attributes, ...(isUnknown ? { 'sluice.level': textOf(stated) } : {}) },
    traceId: asText(draft.traceId),
    spanId: asText(draft.spanId),
  }) as GivenEvent<string>;
}

/**
 * The event of what another logger recorded, read by the table that the stream is read by: time, level, source, error,
 * trace come out the same whichever way it takes. A level that nobody knows is `info`, and an attribute says which.
 * Never throws: of a record that cannot be read, such as a message that is an object in a circle, the event says so.
 */
export function foreignEvent(record: JsonObject | string, options: ForeignOptions): GivenEvent<string> {
  try {
    return read(record, options);
  } catch (fault) {
    const level = parseLevel(options.level) ?? 'info';
    return { level, message: `a log record that cannot be read: ${fault}`, error: options.error, details: record };
  }
}
