import { type ReadError, readError } from './decode-error.ts';
import { isObject, type JsonObject, ownValue } from './decode-json.ts';
import type { ErrorInfo } from './event.ts';

/** One way of writing a log event as a JSON object. */
export interface Format {
  name: string;
  /** Whether the record is of this form. The first row that says so reads it. */
  recognises: (object: JsonObject) => boolean;
  read: (object: JsonObject) => Draft;
}

/** The parts of an event that a foreign record may name in its own way. */
export type Slot =
  | 'v'
  | 'id'
  | 'type'
  | 'time'
  | 'level'
  | 'source'
  | 'message'
  | 'details'
  | 'error'
  | 'stack'
  | 'locator'
  | 'attributes'
  | 'traceId'
  | 'spanId';

/** The names of each slot in one format, the first that is usable wins. */
export type Names = Readonly<Partial<Record<Slot, readonly string[]>>>;

/** An event as its record states it: the right fields, nothing checked, nothing cut. */
export interface Draft {
  v?: unknown;
  id?: unknown;
  type?: unknown;
  time?: unknown;
  level?: unknown;
  source?: unknown;
  message?: unknown;
  details?: unknown;
  error?: ErrorInfo;
  locator?: unknown;
  attributes?: JsonObject;
  traceId?: unknown;
  spanId?: unknown;
}

const isText = (value: unknown) => typeof value === 'string';
const isScalar = (value: unknown) =>
  (typeof value === 'string' && value !== '') || typeof value === 'number' || typeof value === 'boolean';
const isError = (value: unknown) => readError(value) !== undefined;

const USABLE: Readonly<Record<Slot, (value: unknown) => boolean>> = {
  v: isScalar,
  id: isScalar,
  type: isScalar,
  time: isScalar,
  level: isScalar,
  source: isScalar,
  message: isText,
  details: (value) => value !== undefined,
  error: isError,
  stack: (value) => isError(value) && value !== 'None',
  locator: isScalar,
  attributes: isObject,
  traceId: isScalar,
  spanId: isScalar,
};

/** The name under which the record has a usable value for the slot. */
function nameIn(object: JsonObject, slot: Slot, names: Names): string | undefined {
  return names[slot]?.find((name) => USABLE[slot](ownValue(object, name)));
}

/** Adds what has no place of its own to the details, without overwriting anything. */
export function withRest(details: unknown, rest: JsonObject): unknown {
  if (Object.keys(rest).length === 0) return details;
  if (details === undefined || details === null) return rest;
  const merges = isObject(details) && Object.keys(rest).every((key) => !Object.hasOwn(details, key));
  return merges ? { ...details, ...rest } : { ...rest, details };
}

/** A stack beside an error belongs to it; alone it is the error. */
function joinErrors(found: ReadError | undefined, stack: unknown): ErrorInfo | undefined {
  if (stack === undefined) return found?.error;
  const alone = readError(stack)?.error;
  if (found === undefined) return alone;
  return { ...found.error, stack: found.error.stack ?? alone?.stack ?? String(stack) };
}

/** Reads a record by the names of its format. Every field that fills no slot lands in the details under its name. */
export function readFields(object: JsonObject, names: Names): Draft {
  const taken = new Map<Slot, string>();
  for (const slot of Object.keys(USABLE) as Slot[]) {
    const name = nameIn(object, slot, names);
    if (name !== undefined && ![...taken.values()].includes(name)) taken.set(slot, name);
  }
  const inSlot = (slot: Slot) => ownValue(object, taken.get(slot) ?? '');
  const found = readError(inSlot('error'));
  // A null under one of our own names says no more than its absence.
  const ownNames = new Set(Object.values(names).flat());
  const used = new Set(taken.values());
  const rest = Object.entries(object).filter(
    ([key, value]) => !used.has(key) && !(value === null && ownNames.has(key)),
  );
  if (found !== undefined && Object.keys(found.rest).length > 0) rest.push([taken.get('error') ?? 'error', found.rest]);
  const slots = [...taken.keys()].filter((slot) => slot !== 'error' && slot !== 'stack');
  return {
    ...Object.fromEntries(slots.map((slot) => [slot, inSlot(slot)])),
    error: joinErrors(found, taken.has('stack') ? inSlot('stack') : undefined),
    details: withRest(inSlot('details'), Object.fromEntries(rest)),
  };
}
