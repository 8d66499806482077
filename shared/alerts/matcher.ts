import type { LogEvent } from '../events/event.ts';
import type { Fingerprint } from '../events/fingerprint.ts';
import { compilePattern, type LinearPattern } from './linear-pattern.ts';

const OPERATORS = ['=', '!=', '=~', '!~'] as const;
type Operator = (typeof OPERATORS)[number];

/** One condition on an event, with Alertmanager's meaning: a label that is missing is the empty text. */
export interface Matcher {
  label: string;
  operator: Operator;
  value: string;
}

/** What a matcher looks at. */
export interface Matched {
  event: Pick<LogEvent, 'level' | 'source' | 'attributes'>;
  fingerprint: Fingerprint;
}

const LABELS = ['level', 'source', 'fingerprint'] as const;
const ATTRIBUTE = 'attributes.';
const LABEL_HINT = `${LABELS.join(', ')} or ${ATTRIBUTE}<name>`;
/** Bounds the work of a pattern on one value. What stands after it is not looked at. */
const LONGEST_VALUE = 1_024;
const LONGEST_MATCHER = 800;

/** Why a text is no matcher. */
export class MatcherFault extends Error {
  constructor(expected: string) {
    super(`expected ${expected}`);
    this.name = 'MatcherFault';
  }
}

/**
 * Reads `source="shop"`, `level!=debug`, `attributes.region=~"eu-.*"`. Quotes may be left out; within them `\"` and `\\`
 * are signs of their own. Throws a `MatcherFault`, whose text says what was expected.
 */
export function parseMatcher(text: string): Matcher {
  const [, label, operator, written] =
    /^\s*([\w.:/-]+)\s*(=~|!~|!=|=)\s*(.*?)\s*$/s.exec(text.slice(0, LONGEST_MATCHER + 1)) ?? [];
  if (label === undefined || operator === undefined || written === undefined || text.length > LONGEST_MATCHER) {
    throw new MatcherFault(
      `a matcher such as source="shop" or level=~"critical|error", at most ${LONGEST_MATCHER} characters`,
    );
  }
  if (!isLabel(label)) throw new MatcherFault(`${LABEL_HINT} before ${operator}`);
  const matcher = { label, operator: operator as Operator, value: unquoted(written) };
  // Compiled here so that a pattern which is none is found where it is written.
  compileMatcher(matcher);
  return matcher;
}

/** As it is written, in the one way that never needs a second look. */
export function matcherText({ label, operator, value }: Matcher): string {
  return `${label}${operator}"${value.replace(/["\\]/g, '\\$&')}"`;
}

/** Whether `label` is something that events can be told apart by. */
export function isLabel(label: string): boolean {
  return (
    (LABELS as readonly string[]).includes(label) || (label.startsWith(ATTRIBUTE) && label.length > ATTRIBUTE.length)
  );
}

/** The value of a label; the empty text when the event has none. */
export function labelOf({ event, fingerprint }: Matched, label: string): string {
  switch (label) {
    case 'level':
      return event.level;
    case 'source':
      return event.source;
    case 'fingerprint':
      return fingerprint;
    default: {
      const name = label.slice(ATTRIBUTE.length);
      return event.attributes && Object.hasOwn(event.attributes, name) ? String(event.attributes[name]) : '';
    }
  }
}

/** A function that says whether an event fulfils all of the matchers. None at all matches every event. */
export function compileMatchers(matchers: readonly Matcher[]): (matched: Matched) => boolean {
  const compiled = matchers.map(compileMatcher);
  return (matched) => compiled.every((matches) => matches(matched));
}

function compileMatcher({ label, operator, value }: Matcher): (matched: Matched) => boolean {
  switch (operator) {
    case '=':
      return (matched) => labelOf(matched, label) === value;
    case '!=':
      return (matched) => labelOf(matched, label) !== value;
    case '=~':
    case '!~': {
      const matches = remembered(compilePattern(value));
      const wanted = operator === '=~';
      return (matched) => matches(labelOf(matched, label).slice(0, LONGEST_VALUE)) === wanted;
    }
    default:
      return operator satisfies never;
  }
}

/** Values that a pattern was tried on lately: a source's name comes again with every event. */
const REMEMBERED = 500;

function remembered(pattern: LinearPattern): (value: string) => boolean {
  const known = new Map<string, boolean>();
  return (value) => {
    const before = known.get(value);
    if (before !== undefined) return before;
    if (known.size >= REMEMBERED) known.clear();
    const matches = pattern.matches(value);
    known.set(value, matches);
    return matches;
  };
}

function unquoted(written: string): string {
  if (!written.startsWith('"')) {
    if (/["{},]/.test(written)) throw new MatcherFault('quotes around a value with one of " { } , in it');
    return written;
  }
  const inner = /^"((?:[^"\\]|\\.)*)"$/s.exec(written)?.[1];
  if (inner === undefined) throw new MatcherFault('a closing " at the end of the value');
  // A backslash before anything else is the pattern's own.
  return inner.replace(/\\(["\\])/g, '$1');
}
