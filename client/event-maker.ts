import type { LogEvent } from '../shared/events/event.ts';
import { EVENT_VERSION } from '../shared/events/event-version.ts';
import type { Level } from '../shared/events/levels.ts';
import { cutUnits, LENGTHS } from '../shared/events/limits.ts';
import { describeError } from './error-info.ts';
import type { ChildOptions, GivenEvent } from './logger-api.ts';
import { plainValue, textOfThrown } from './plain-value.ts';
import { REDACTED, type Redaction } from './redaction.ts';
import { isoTime, type Stamp } from './stamps.ts';

/** Attributes as an event carries them, and what is none: it goes into the details. */
export interface SplitAttributes {
  attributes: Record<string, string>;
  details: Readonly<Record<string, unknown>>;
}

/** What is said about every event of a scope, made plain once. */
export interface Scope extends Partial<SplitAttributes> {
  source: string;
  traceId?: string;
  spanId?: string;
}

/** A level as the application calls it, and as which of the five it is stored. */
export interface NamedLevel {
  level: Level;
  /** Set for a level of the application's own. */
  name?: string;
}

export interface EventParts extends Omit<GivenEvent, 'level' | 'message' | 'attributes'> {
  level: NamedLevel;
  message: unknown;
  /** Whether the message already says what the error says. */
  isWhole?: boolean;
  split?: SplitAttributes | undefined;
}

/** Makes texts, numbers and booleans attributes; everything else are details. */
export function splitAttributes(given: unknown, redaction: Redaction): SplitAttributes | undefined {
  if (given === undefined || given === null) return undefined;
  return trySplitScalars(given, redaction) ?? splitPlain(plainValue(given, redaction));
}

function trySplitScalars(given: unknown, redaction: Redaction): SplitAttributes | undefined {
  try {
    return splitScalars(given, redaction);
  } catch {
    // A getter, or a proxy, that throws: the walk says which.
    return undefined;
  }
}

/** Most calls say texts and numbers alone: these need no walk. Undefined for all others. */
function splitScalars(given: unknown, redaction: Redaction): SplitAttributes | undefined {
  if (typeof given !== 'object' || given === null || Object.getPrototypeOf(given) !== Object.prototype)
    return undefined;
  const attributes: Record<string, string> = {};
  for (const key in given) {
    const value: unknown = (given as Record<string, unknown>)[key];
    const isScalar = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
    if (!isScalar || key === '__proto__') return undefined;
    attributes[key] = redaction.hidesAttribute(key) ? REDACTED : String(value);
  }
  return { attributes, details: NOTHING };
}

const NOTHING: Readonly<Record<string, unknown>> = {};

function splitPlain(plain: unknown): SplitAttributes {
  if (typeof plain !== 'object' || plain === null || Array.isArray(plain)) {
    return { attributes: {}, details: { attributes: plain } };
  }
  const entries = Object.entries(plain);
  const isDetail = ([, value]: [string, unknown]) => typeof value === 'object';
  const texts = entries
    .filter((entry) => !isDetail(entry))
    .map(([key, value]): [string, string] => [key, String(value)]);
  // fromEntries defines properties, so that a key `__proto__` stays a key.
  return { attributes: Object.fromEntries(texts), details: Object.fromEntries(entries.filter(isDetail)) };
}

/** The scope with more said in it; what is said later wins. */
export function joinScopes(outer: Scope, inner: Partial<Scope>): Scope {
  return {
    source: inner.source ?? outer.source,
    traceId: inner.traceId ?? outer.traceId,
    spanId: inner.spanId ?? outer.spanId,
    attributes: joined(outer.attributes, inner.attributes),
    details: joined(outer.details, inner.details),
  };
}

function joined<T>(outer: Record<string, T> | undefined, inner: Record<string, T> | undefined) {
  if (outer === undefined || inner === undefined) return inner ?? outer;
  return { ...outer, ...inner };
}

/** What a child or a context says, made plain. Throws what the given object throws. */
export function scopeOf(given: ChildOptions, redaction: Redaction): Partial<Scope> {
  const { source, attributes, traceId, spanId } = { ...given };
  const scope: Partial<Scope> = { ...splitAttributes(attributes, redaction) };
  if (typeof source === 'string' && source !== '') scope.source = shortText(source, LENGTHS.source);
  if (traceId !== undefined) scope.traceId = shortText(traceId, LENGTHS.traceId);
  if (spanId !== undefined) scope.spanId = shortText(spanId, LENGTHS.spanId);
  return scope;
}

export function shortText(value: unknown, max: number): string {
  const text = textOfValue(value);
  return text.length <= max ? text : cutUnits(text, max).text;
}

/** `message` and the error's own text in one; an error alone is its own message. */
function messageOf({ message, isWhole = false }: EventParts, error: LogEvent['error']): string {
  const text = message === undefined || message === null ? '' : textOfValue(message);
  if (error === undefined || (isWhole && text !== '')) return text;
  if (text === '') return error.message === '' ? error.type : `${error.type}: ${error.message}`;
  return error.message === '' ? text : `${text}: ${error.message}`;
}

const textOfValue = (value: unknown) => (typeof value === 'string' ? value : textOfThrown(value));

function isEmpty(object: object | undefined): boolean {
  for (const _ in object) return false;
  return true;
}

/** The details of the scope, of the call and of its error in one object. */
function detailsOf(parts: EventParts, scope: Scope, rest: Record<string, unknown> | undefined): unknown {
  const own = joined(scope.details, parts.split?.details);
  const { details } = parts;
  if (rest === undefined && isEmpty(own)) return details;
  const isObject = typeof details === 'object' && details !== null && !Array.isArray(details);
  const given = details === undefined ? {} : isObject ? details : { details };
  return { ...own, ...(rest === undefined ? {} : { error: rest }), ...given };
}

/** Makes the event of a call. Fields that have nothing to say are left out. */
export function makeEvent(parts: EventParts, stamp: Stamp, scope: Scope, redaction: Redaction): LogEvent {
  const described = describeError(parts.error, redaction);
  const details = detailsOf(parts, scope, described?.rest);
  const event: LogEvent = {
    v: EVENT_VERSION,
    id: parts.id ?? stamp.id,
    type: parts.type ?? 'log',
    time: isoTime(parts.time ?? stamp.time),
    level: parts.level.level,
    source: parts.source ?? scope.source,
    message: messageOf(parts, described?.error),
  };
  if (details !== undefined) event.details = details;
  if (described !== undefined) event.error = described.error;
  if (parts.locator !== undefined) event.locator = shortText(parts.locator, LENGTHS.locator);
  addScope(event, parts, scope);
  return event;
}

function addScope(event: LogEvent, parts: EventParts, scope: Scope): void {
  const { name } = parts.level;
  const attributes = joined(scope.attributes, parts.split?.attributes);
  const traceId = parts.traceId ?? scope.traceId;
  const spanId = parts.spanId ?? scope.spanId;
  if (name !== undefined) event.attributes = { ...attributes, 'sluice.level': name };
  else if (!isEmpty(attributes)) event.attributes = attributes;
  if (traceId !== undefined) event.traceId = traceId;
  if (spanId !== undefined) event.spanId = spanId;
}
