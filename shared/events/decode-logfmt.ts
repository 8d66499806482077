import { type Draft, hasSlot, type Names, readFields, type TextFormat } from './decode-fields.ts';
import { GENERIC } from './decode-names.ts';
import { parseLevel } from './levels.ts';

const KEY = /[\w.@/-]{1,128}/y;
const BARE_VALUE = /[^\s"=]{0,32768}/y;
const QUOTED_VALUE = /"([^"\\]*(?:\\[\s\S][^"\\]*)*)"/y;
const ESCAPE = /\\([\s\S])/g;
const BLANKS = /[ \t]+/y;
const END = /(?=[ \t]|$)/y;

/** Longer texts stay plain: the fields of a log call fit in much less. */
const LONGEST_LINE = 65_536;
const MAX_FIELDS = 500;

const SAYING: ReadonlySet<string> = new Set(GENERIC.message);
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };

/** Walks over a line, pattern by pattern. */
class Cursor {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#text.length;
  }

  /** What the pattern finds here, its first group where it has one; undefined when it does not fit. */
  take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#text);
    if (match === null) return undefined;
    this.#at = pattern.lastIndex;
    return match[1] ?? match[0];
  }
}

interface Value {
  value: string | true;
  isQuoted: boolean;
}

function readValue(cursor: Cursor): Value | undefined {
  if (cursor.take(/=/y) === undefined) return { value: true, isQuoted: false };
  const quoted = cursor.take(QUOTED_VALUE);
  if (quoted !== undefined) {
    return { value: quoted.replace(ESCAPE, (_, letter: string) => ESCAPES[letter] ?? letter), isQuoted: true };
  }
  const bare = cursor.take(BARE_VALUE);
  return bare === undefined ? undefined : { value: bare, isQuoted: false };
}

/** The same key twice: the later one gets an ending, so that neither is lost. */
function nameFor(fields: ReadonlyMap<string, unknown>, key: string): string {
  return fields.has(key) ? `${key}~${fields.size}` : key;
}

/** The fields of a line that is logfmt from end to end; undefined for any other. */
function fieldsOf(line: string): Record<string, string | true> | undefined {
  const cursor = new Cursor(line);
  const fields = new Map<string, string | true>();
  let mayBeProse = false;
  while (!cursor.isAtEnd && fields.size < MAX_FIELDS) {
    const key = cursor.take(KEY);
    const value = key === undefined ? undefined : readValue(cursor);
    if (key === undefined || value === undefined || cursor.take(END) === undefined) return undefined;
    // A bare word is a flag, but after `msg=failed` it is the rest of a message that should have been quoted.
    if (value.value === true && mayBeProse) return undefined;
    mayBeProse = SAYING.has(key) && !value.isQuoted;
    fields.set(nameFor(fields, key), value.value);
    cursor.take(BLANKS);
  }
  return cursor.isAtEnd ? Object.fromEntries(fields) : undefined;
}

/** Heroku and logfmter write the level under `at`. */
function namesFor(fields: Record<string, unknown>): Names {
  return parseLevel(fields.at) === undefined ? GENERIC : { ...GENERIC, level: [...GENERIC.level, 'at'] };
}

/** Two fields at least, and one of them says something or how bad it is: `a=b` in prose is no log line. */
function isLogged(fields: Record<string, unknown>, names: Names): boolean {
  const says = hasSlot(fields, 'message', names);
  const rates = hasSlot(fields, 'level', names);
  return Object.keys(fields).length > 1 && (says || rates);
}

function read(text: string): Draft | undefined {
  if (text.length > LONGEST_LINE || !BEGINS.test(text)) return undefined;
  const fields = fieldsOf(text.trim());
  if (fields === undefined) return undefined;
  const names = namesFor(fields);
  if (!isLogged(fields, names)) return undefined;
  const draft = readFields(fields, names);
  return draft.message === undefined ? { ...draft, message: text } : draft;
}

const BEGINS = /^[\w.@/-]{1,128}=/;

/** `level=error msg="payment failed" order=17`: logrus, go-kit, Heroku, structlog, logfmter. */
export const LOGFMT = {
  name: 'logfmt',
  begins: (line) => read(line) !== undefined,
  read,
} as const satisfies TextFormat;
