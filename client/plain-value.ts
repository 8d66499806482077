import { REDACTED, type Redaction } from './redaction.ts';

const MOST_VALUES = 10_000;
const DEEPEST = 32;
const NO_VALUE = Symbol('left out');

/** One walk over a value of the application. */
interface Walk {
  redaction: Redaction;
  /** Names in lower case from the root to here. */
  path: string[];
  /** What the value stands in: to find circles. */
  within: object[];
  /** Values that may still be looked at. */
  room: number;
}

/**
 * Whatever an application hands over, as plain JSON data that nothing can happen to later: getters that throw, circles,
 * proxies, BigInt, depth without end. Named paths are hidden. Never throws, and says in place what it left out.
 */
export function plainValue(value: unknown, redaction: Redaction, path: readonly string[] = []): unknown {
  const names = path.map((name) => name.toLowerCase());
  if (names.length > 0 && redaction.hides(names)) return REDACTED;
  const plain = plainOf(value, { redaction, path: names, within: [], room: MOST_VALUES });
  return plain === NO_VALUE ? undefined : plain;
}

function plainOf(value: unknown, walk: Walk): unknown {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value;
    case 'number':
      return Number.isFinite(value) ? value : String(value);
    case 'bigint':
    case 'symbol':
      return String(value);
    case 'undefined':
    case 'function':
      return NO_VALUE;
    default:
      return value === null ? null : guarded(value as object, walk);
  }
}

function guarded(value: object, walk: Walk): unknown {
  if (walk.within.includes(value)) return '[circular]';
  if (walk.within.length >= DEEPEST) return `[nested deeper than ${DEEPEST}]`;
  if (walk.room <= 0) return `[more than ${MOST_VALUES} values]`;
  walk.within.push(value);
  try {
    return objectOf(value, walk);
  } catch (error) {
    return `[cannot be read: ${textOfThrown(error)}]`;
  } finally {
    walk.within.pop();
  }
}

function objectOf(value: object, walk: Walk): unknown {
  const { toJSON } = value as { toJSON?: unknown };
  if (value instanceof Error) return properties(errorEntries(value), walk);
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (typeof toJSON === 'function') return plainOf(toJSON.call(value, ''), walk);
  if (Array.isArray(value)) return items(value, walk);
  if (value instanceof Set) return items([...value], walk);
  if (value instanceof Map) return properties(value.entries(), walk);
  if (value instanceof RegExp || value instanceof URL) return String(value);
  return properties(ownEntries(value), walk);
}

function* errorEntries(error: Error): Generator<[unknown, unknown]> {
  yield ['type', error.name];
  yield ['message', error.message];
  yield ['stack', error.stack];
  if (error.cause !== undefined) yield ['cause', error.cause];
  yield* ownEntries(error);
}

/** A getter that throws costs its own property alone. */
function* ownEntries(value: object): Generator<[unknown, unknown]> {
  for (const key of Object.keys(value)) yield [key, read(value, key)];
}

function read(value: object, key: string): unknown {
  try {
    return (value as Record<string, unknown>)[key];
  } catch (error) {
    return `[cannot be read: ${textOfThrown(error)}]`;
  }
}

function items(values: readonly unknown[], walk: Walk): unknown[] {
  const plain: unknown[] = [];
  for (let index = 0; index < values.length && walk.room > 0; index++) {
    plain.push(member(String(index), values[index], walk, null));
  }
  if (plain.length < values.length) plain.push(`[${values.length - plain.length} more]`);
  return plain;
}

function properties(entries: Iterable<[unknown, unknown]>, walk: Walk): Record<string, unknown> {
  const plain: [string, unknown][] = [];
  for (const [key, value] of entries) {
    if (walk.room <= 0) {
      plain.push(['…', `[more than ${MOST_VALUES} values]`]);
      break;
    }
    const name = typeof key === 'object' ? 'object' : String(key);
    const plainMember = member(name, value, walk, NO_VALUE);
    if (plainMember !== NO_VALUE) plain.push([name, plainMember]);
  }
  // fromEntries defines properties, so that a key `__proto__` stays a key.
  return Object.fromEntries(plain);
}

/** One value of a container; `absent` takes the place of what JSON cannot say. */
function member(name: string, value: unknown, walk: Walk, absent: unknown): unknown {
  walk.room--;
  walk.path.push(name.toLowerCase());
  try {
    if (walk.redaction.hides(walk.path)) return REDACTED;
    const plain = plainOf(value, walk);
    return plain === NO_VALUE ? absent : plain;
  } finally {
    walk.path.pop();
  }
}

/** Any value as a line of text; never throws. */
export function textOfThrown(value: unknown): string {
  try {
    if (value instanceof Error) return `${value.name}: ${value.message}`;
    return typeof value === 'object' && value !== null ? (JSON.stringify(value) ?? 'an object') : String(value);
  } catch {
    return 'a value that cannot be read';
  }
}
