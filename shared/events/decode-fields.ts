import { type ReadError, readError } from './decode-error.ts';
import { isObject, type JsonObject, ownValue } from './decode-json.ts';
import type { ErrorInfo } from './event.ts';

/** One way of writing a log event as a JSON object. */
export interface Format {
  name: string;
  /** Whether the record is of this form. The first row that says so reads it. */
  recognises: (object: JsonObject) => boolean;
  /** `arrivedAt` in milliseconds since 1970, for a stamp that leaves something out. */
  read: (object: JsonObject, arrivedAt: number) => Draft;
}

/** One way of writing a log event as text. */
export interface TextFormat {
  name: string;
  /** Whether the line begins an event of this form. What follows, up to the next such line, belongs to it. */
  begins: (line: string) => boolean;
  /** The event, whole; undefined when the text is not of this form from its first character to its last. */
  read: (text: string, arrivedAt: number) => Draft | undefined;
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
  stack: (value) => typeof value === 'string' && value.trim() !== '' && value !== 'None',
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

/** A stack beside an error without one belongs to it; alone it is the error. */
function joinErrors(found: ReadError | undefined, stack: unknown): ErrorInfo | undefined {
  if (found === undefined) return readError(stack)?.error;
  return typeof stack === 'string' && found.error.stack === undefined ? { ...found.error, stack } : found.error;
}

/** Whether the record has a usable value under one of the names. */
export function hasSlot(object: JsonObject, slot: Slot, names: Names): boolean {
  return nameIn(object, slot, names) !== undefined;
}

/** Which field of the record fills which slot; a field fills one slot at most. */
function assign(object: JsonObject, names: Names): Map<string, Slot> {
  const slots = new Map<string, Slot>();
  for (const slot of Object.keys(names) as Slot[]) {
    const name = nameIn(object, slot, names);
    if (name !== undefined && !slots.has(name)) slots.set(name, slot);
  }
  return slots;
}

/** A null under one of our own names says no more than its absence. */
function isNamed(names: Names, key: string): boolean {
  return Object.values(names).some((list) => list.includes(key));
}

/** What an error said beside its parts, and a stack that it does not need: both stay under their names. */
function beside(slots: ReadonlyMap<string, Slot>, found: ReadError | undefined, stack: unknown): [string, unknown][] {
  if (found === undefined) return [];
  const rest: [string, unknown][] = [];
  for (const [name, slot] of slots) {
    if (slot === 'error' && Object.keys(found.rest).length > 0) rest.push([name, found.rest]);
    if (slot === 'stack' && found.error.stack !== undefined) rest.push([name, stack]);
  }
  return rest;
}

/** Reads a record by the names of its format. Every field that fills no slot lands in the details under its name. */
export function readFields(object: JsonObject, names: Names): Draft {
  const slots = assign(object, names);
  const filled: Partial<Record<Slot, unknown>> = {};
  const rest: [string, unknown][] = [];
  for (const [key, value] of Object.entries(object)) {
    const slot = slots.get(key);
    if (slot !== undefined) filled[slot] = value;
    else if (value !== null || !isNamed(names, key)) rest.push([key, value]);
  }
  const { error, stack, details, ...plain } = filled;
  const found = readError(error);
  rest.push(...beside(slots, found, stack));
  return { ...plain, error: joinErrors(found, stack), details: withRest(details, Object.fromEntries(rest)) } as Draft;
}
