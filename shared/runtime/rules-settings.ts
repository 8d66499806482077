import { z } from 'zod';
import { MatcherFault, parseMatcher } from '../alerts/matcher.ts';
import { PatternFault } from '../alerts/pattern-syntax.ts';
import { parseInstanceId } from '../remediation/instance.ts';
import { compileMessagePattern, RuleFault } from '../rules/message-pattern.ts';
import { type Condition, isName, type Rule, referenceIn } from '../rules/rule.ts';
import { parseThreshold } from '../rules/threshold.ts';
import { duration, type Kind, level, wholeNumber } from './configuration-values.ts';
import { nearestName } from './nearest-name.ts';

const NAME = /^[a-z][a-z0-9-]{0,39}$/;
const KEYS = ['match', 'extract', 'where', 'moreThan', 'within', 'absent', 'by', 'level', 'restart'];
/** The times of so many events, and one more, are kept for each combination of `by`. */
const MOST_COUNTED = 1_000;
const MOST_NAMES = 5;

const moreThan = wholeNumber(0, MOST_COUNTED);
const within = duration('10s', '24h');
const absent = duration('1m', '30d');

type Fault = (path: string[], expected: string, advice: string) => void;
type Written = Readonly<Record<string, unknown>>;

/** The rules of the file, each fault at its own line. */
export const rulesSetting = z
  .unknown()
  .optional()
  .transform((written, context): Rule[] => {
    const fault: Fault = (path, expected, advice) => {
      context.addIssue({ code: 'custom', path, message: expected, params: { advice } });
    };
    if (written === undefined || written === null) return [];
    if (!isSection(written)) {
      fault([], 'rules by their names', 'indent each rule below rules, as docs/rules.md shows');
      return z.NEVER;
    }
    return Object.entries(written).flatMap(([name, rule]) => ruleOf(name, rule, fault) ?? []);
  });

function ruleOf(name: string, written: unknown, fault: Fault): Rule | undefined {
  const at: Fault = (path, expected, advice) => fault([name, ...path], expected, advice);
  if (!NAME.test(name)) {
    at([], 'a name of small letters, digits and hyphens', 'such as slow-responses, of up to 40 characters');
    return undefined;
  }
  if (!isSection(written)) {
    at([], 'a rule', 'write what it matches, and moreThan with within, or absent, below its name');
    return undefined;
  }
  for (const key of Object.keys(written).filter((each) => !KEYS.includes(each))) {
    const near = nearestName(key, KEYS);
    at([key], `one of ${KEYS.join(', ')}`, near ? `did you mean ${near}?` : 'remove it');
  }
  return assemble(name, written, at);
}

function assemble(name: string, written: Written, at: Fault): Rule | undefined {
  const parts = partsOf(written, at);
  checkNames(parts, at);
  const { names, match, where, by, condition, level: of, extract, restart } = parts;
  if (!names || !match || !where || !by || !condition || !of) return undefined;
  if (match.length > 0 || extract !== undefined) {
    const optional = { ...(extract === undefined ? {} : { extract }), ...(restart === undefined ? {} : { restart }) };
    return { name, match, where, condition, by, level: of, ...optional };
  }
  at([], 'match or extract', 'write which events it is about: a rule about every event is a mistake');
  return undefined;
}

/** The settings of a rule, each undefined when it is none. */
function partsOf(written: Written, at: Fault) {
  const isMissing = written.level === undefined || written.level === null;
  return {
    names: namesOf(written, at),
    extract: typeof written.extract === 'string' ? written.extract : undefined,
    match: listOf(written, { key: 'match', at, parse: parseMatcher }),
    where: listOf(written, { key: 'where', at, parse: parseThreshold }),
    by: listOf(written, { key: 'by', at, parse: (text) => text }),
    condition: conditionOf(written, at),
    level: isMissing ? ('error' as const) : readValue(level, written, { key: 'level', at }),
    restart: restartOf(written, at),
  };
}

function checkNames({ names, where = [], by = [], restart }: ReturnType<typeof partsOf>, at: Fault): void {
  if (by.length > MOST_NAMES) at(['by'], `at most ${MOST_NAMES} names`, 'each combination is counted by itself');
  for (const { name } of where) checkName(name, { key: 'where', names, at });
  for (const name of by) checkName(name, { key: 'by', names, at });
  const reference = referenceIn(restart);
  if (reference !== undefined) checkName(reference, { key: 'restart', names, at });
}

/** The names that `extract` gives; undefined when it is no pattern. */
function namesOf({ extract }: Written, at: Fault): readonly string[] | undefined {
  if (extract === undefined || extract === null) return [];
  if (typeof extract !== 'string') {
    at(['extract'], 'a text', 'write it in quotes, such as "took {ms} ms"');
    return undefined;
  }
  return attempt(() => compileMessagePattern(extract).names, ['extract'], at);
}

function conditionOf(written: Written, at: Fault): Condition | undefined {
  const has = (key: string) => written[key] !== undefined && written[key] !== null;
  if (has('absent') && !has('moreThan') && !has('within')) {
    const seconds = readValue(absent, written, { key: 'absent', at });
    return seconds === undefined ? undefined : { kind: 'absence', seconds };
  }
  if (!has('absent') && has('moreThan') && has('within')) {
    const most = readValue(moreThan, written, { key: 'moreThan', at });
    const seconds = readValue(within, written, { key: 'within', at });
    return most === undefined || seconds === undefined
      ? undefined
      : { kind: 'count', moreThan: most, withinSeconds: seconds };
  }
  at([], 'moreThan and within, or absent alone', 'write moreThan: 5 and within: 10m, or absent: 15m');
  return undefined;
}

function restartOf({ restart }: Written, at: Fault): string | undefined {
  if (restart === undefined || restart === null) return undefined;
  if (typeof restart === 'string' && (parseInstanceId(restart) || referenceIn(restart) !== undefined)) return restart;
  at(
    ['restart'],
    'the id of an EC2 instance, or the name of a value in braces',
    'write i-0123456789abcdef0 or "{attributes.instance}"',
  );
  return undefined;
}

function checkName(
  name: string,
  { key, names, at }: { key: string; names: readonly string[] | undefined; at: Fault },
): void {
  if (names === undefined || isName(name, names)) return;
  const known = [...names, 'level', 'source', 'fingerprint', 'attributes.<name>'];
  const near = nearestName(name, known);
  at([key], `one of ${known.join(', ')}`, near ? `did you mean ${near}?` : 'name it in extract first');
}

/** A text, a list of texts, or nothing. */
function listOf<T>(
  written: Written,
  { key, at, parse }: { key: string; at: Fault; parse: (text: string) => T },
): T[] | undefined {
  const list: unknown[] = [written[key] ?? []].flat();
  if (!list.every((each) => typeof each === 'string')) {
    at([key], 'a text or a list of texts', 'write each in quotes');
    return undefined;
  }
  const parsed = list.map((text) => attempt(() => parse(text), [key], at));
  return parsed.some((each) => each === undefined) ? undefined : (parsed as T[]);
}

function readValue<T>(kind: Kind<T>, written: Written, { key, at }: { key: string; at: Fault }): T | undefined {
  const value = kind.parse(written[key]);
  if (value === undefined) {
    at([key], kind.expected, typeof kind.advice === 'string' ? kind.advice : kind.advice(written[key]));
  }
  return value;
}

function attempt<T>(make: () => T, path: string[], at: Fault): T | undefined {
  try {
    return make();
  } catch (error) {
    const isOurs = [RuleFault, MatcherFault, PatternFault].some((kind) => error instanceof kind);
    if (!isOurs || !(error instanceof Error)) throw error;
    at(path, error.message.replace(/^expected /, ''), 'see docs/rules.md');
    return undefined;
  }
}

function isSection(value: unknown): value is Written {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
