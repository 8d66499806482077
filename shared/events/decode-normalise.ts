import type { Draft } from './decode-fields.ts';
import { fitEvent, type Notes, withNotes } from './decode-fit.ts';
import { type JsonObject, textOf } from './decode-json.ts';
import { isNearArrival, parseTime } from './decode-time.ts';
import type { ErrorInfo, LogEvent } from './event.ts';
import { eventIdHash } from './event-id.ts';
import { EVENT_VERSION } from './event-version.ts';
import { levelInText } from './level-in-text.ts';
import { type Level, parseLevel } from './levels.ts';
import { cutText, cutUnits, LENGTHS, NEVER_LARGE_CHARACTERS, utf8Bytes } from './limits.ts';

/** When, where and as what a record came. */
export interface Arrival {
  /** `shardId:sequenceNumber#index`: the id of an event that brings none. */
  id: string;
  /** Milliseconds since 1970 at which the stream took the record. */
  arrivedAt: number;
  /** The source of an event that names none, for example `unknown`. */
  source: string;
}

/** Originals that are kept beside an event; longer ones are cut. */
const KEPT_BYTES = 1024;

function keep(notes: Notes, name: string, value: unknown): void {
  notes.kept[`sluice.${name}`] = cutText(textOf(value), KEPT_BYTES).text;
}

/** A short field as text, cut to its length; undefined when there is nothing to say. */
function short(notes: Notes, name: keyof typeof LENGTHS, value: unknown): string | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  const whole = textOf(value);
  const { text, cut } = cutUnits(whole, LENGTHS[name]);
  if (cut) notes.cut.push(`${name}=${utf8Bytes(whole)}`);
  return text;
}

/** Two long ids that begin alike must stay two ids: the hash of the whole stands at the end. */
function idOf(notes: Notes, value: unknown, arrival: Arrival): string {
  const id = textOf(value ?? '');
  if (id === '') return arrival.id;
  if (id.length <= LENGTHS.id) return id;
  keep(notes, 'id', id);
  return `${cutUnits(id, LENGTHS.id - 20).text}#${eventIdHash(id)}`;
}

/** The last millisecond that a Date can hold. Source: ECMA-262, "Time Values and Time Range". */
const MAX_TIME = 8.64e15;

function isoTime(milliseconds: number): string {
  return new Date(Math.abs(milliseconds) <= MAX_TIME ? milliseconds : 0).toISOString();
}

function timeOf(notes: Notes, value: unknown, arrivedAt: number): string {
  const milliseconds = parseTime(value);
  const isUsable = milliseconds !== undefined && isNearArrival(milliseconds, arrivedAt);
  if (!isUsable && value !== undefined) keep(notes, 'time', value);
  return isoTime(isUsable ? milliseconds : arrivedAt);
}

/** A stated level that nobody knows is `info`. Without any the text may say it; an error without a level is an error. */
function levelOf(notes: Notes, draft: Draft, message: string): Level {
  if (draft.level === undefined) return levelInText(message) ?? (draft.error === undefined ? 'info' : 'error');
  const level = parseLevel(draft.level);
  if (level === undefined) keep(notes, 'level', draft.level);
  return level ?? 'info';
}

function versionOf(notes: Notes, value: unknown): number {
  if (Number.isSafeInteger(value) && (value as number) > 0) return value as number;
  if (value !== undefined) keep(notes, 'v', value);
  return EVENT_VERSION;
}

function texts(attributes: JsonObject | undefined): Record<string, string> {
  return Object.fromEntries(Object.entries(attributes ?? {}).map(([key, value]) => [key, textOf(value)]));
}

function errorOf(notes: Notes, error: ErrorInfo | undefined): ErrorInfo | undefined {
  return error === undefined ? undefined : { ...error, type: short(notes, 'errorType', error.type) ?? 'Error' };
}

function messageOf(draft: Draft, { json, text }: Origin): string {
  if (draft.message !== undefined) return textOf(draft.message);
  if (draft.error === undefined) return json === undefined ? text : textOf(json);
  return draft.error.message === '' ? draft.error.type : `${draft.error.type}: ${draft.error.message}`;
}

/** Leaves out what is undefined, so that an event has no empty fields. */
function present<T extends object>(object: T): T {
  const whole: Partial<T> = {};
  for (const key in object) {
    if (object[key] !== undefined) whole[key] = object[key];
  }
  return whole as T;
}

/** What a draft was read from. */
export interface Origin {
  /** The parsed record, if it is JSON, with nothing in it that cannot be written again. */
  json?: unknown;
  text: string;
  arrival: Arrival;
}

/**
 * Makes a sound event of whatever a record stated. A record without message and error is its own message. Sizes, levels,
 * stamps and ids that cannot stay are mended, and the attributes say what was.
 */
export function normaliseEvent(draft: Draft, origin: Origin, notes: Notes): LogEvent {
  const { arrival, text } = origin;
  const message = messageOf(draft, origin);
  const event: LogEvent = present({
    v: versionOf(notes, draft.v),
    id: idOf(notes, draft.id, arrival),
    type: short(notes, 'type', draft.type) ?? 'log',
    time: timeOf(notes, draft.time, arrival.arrivedAt),
    level: levelOf(notes, draft, message),
    source: short(notes, 'source', draft.source) ?? arrival.source,
    message,
    details: draft.details,
    error: errorOf(notes, draft.error),
    locator: short(notes, 'locator', draft.locator),
    attributes: draft.attributes === undefined ? undefined : texts(draft.attributes),
    traceId: short(notes, 'traceId', draft.traceId),
    spanId: short(notes, 'spanId', draft.spanId),
  });
  return text.length <= NEVER_LARGE_CHARACTERS ? withNotes(event, notes) : fitEvent(event, notes);
}
