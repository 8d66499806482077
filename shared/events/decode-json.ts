import { MAX_DEPTH } from './limits.ts';

/** An object as JSON.parse makes it: `__proto__` and `constructor` may be keys of its own and are plain data. */
export type JsonObject = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** An own property; never what an object inherits. */
export function ownValue(object: JsonObject, key: string): unknown {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

/** What takes the place of JSON that is nested deeper than `MAX_DEPTH`. */
export const TOO_DEEP = `… [cut: nested deeper than ${MAX_DEPTH}]`;

const NUL = '\0';
const REPLACEMENT = '\uFFFD';

function isTameText(text: string): boolean {
  return text.isWellFormed() && !text.includes(NUL);
}

/**
 * Lone surrogates are no Unicode and cannot be written as UTF-8; NUL is refused by SQS and cuts text short in C programs.
 * Both become U+FFFD.
 */
export function tameText(text: string): string {
  return isTameText(text) ? text : text.toWellFormed().replaceAll(NUL, REPLACEMENT);
}

/** Whether everything in the value can be written again: nested at most `depth` deep, every key and text tame. */
export function isTame(value: unknown, depth = MAX_DEPTH): boolean {
  if (typeof value === 'string') return isTameText(value);
  if (typeof value !== 'object' || value === null) return true;
  if (depth === 0) return false;
  if (Array.isArray(value)) return value.every((item) => isTame(item, depth - 1));
  return Object.entries(value).every(([key, item]) => isTameText(key) && isTame(item, depth - 1));
}

/** Keys that differ only in what was replaced must stay apart: a later one gets its place as an ending. */
function tameKeys(object: object): [string, unknown][] {
  const entries = new Map<string, unknown>();
  for (const [key, item] of Object.entries(object)) {
    let name = tameText(key);
    while (entries.has(name)) name += `~${entries.size}`;
    entries.set(name, item);
  }
  return [...entries];
}

/** The nearest value that is tame. */
export function tame(value: unknown, depth = MAX_DEPTH): unknown {
  if (typeof value === 'string') return tameText(value);
  if (typeof value !== 'object' || value === null) return value;
  if (depth === 0) return TOO_DEEP;
  if (Array.isArray(value)) return value.map((item) => tame(item, depth - 1));
  // fromEntries defines properties, so that a key `__proto__` stays a key.
  return Object.fromEntries(tameKeys(value).map(([key, item]) => [key, tame(item, depth - 1)]));
}

/** Whether the value nests deeper than can be written again. */
export function isTooDeep(value: unknown, depth = MAX_DEPTH): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (depth === 0) return true;
  const children = Array.isArray(value) ? value : Object.values(value);
  for (const child of children) {
    if (typeof child === 'object' && child !== null && isTooDeep(child, depth - 1)) return true;
  }
  return false;
}

/** A value as text: a text as it is, anything else as JSON. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}
