import { parseDocument } from 'yaml';
import { z } from 'zod';
import type { LogEvent } from '../../shared/events/event.ts';
import { EVENT_VERSION } from '../../shared/events/event-version.ts';
import { LEVELS } from '../../shared/events/levels.ts';
import { type Rehearsed, rehearse } from '../../shared/rules/rehearse.ts';
import type { CompiledRule } from '../../shared/rules/rule.ts';
import { duration } from '../../shared/runtime/configuration-values.ts';
import { CommandFailure } from '../cli-error.ts';

const lengthOfTime = duration('0s', '30d');
const length = z.string().transform((text, context): number => {
  const seconds = lengthOfTime.parse(text);
  if (seconds !== undefined) return seconds * 1000;
  context.addIssue({ code: 'custom', message: `expected ${lengthOfTime.expected}, got ${text}` });
  return z.NEVER;
});

const given = z.strictObject({
  at: length.default(0),
  times: z.number().int().min(1).max(100_000).default(1),
  every: length.default(1_000),
  source: z.string().min(1).default('test'),
  level: z.enum(LEVELS).default('info'),
  message: z.string(),
  attributes: z.record(z.string(), z.string()).optional(),
});

const expected = z.strictObject({
  rule: z.string(),
  at: length.optional(),
  level: z.enum(LEVELS).optional(),
  values: z.record(z.string(), z.string()).optional(),
  restart: z.string().optional(),
});

const ruleTest = z.strictObject({
  test: z.string().min(1),
  given: z.array(given),
  expect: z.array(expected),
  until: length.optional(),
});

const ruleTests = z.array(ruleTest).nullable();

export type RuleTest = z.output<typeof ruleTest>;
type Expected = z.output<typeof expected>;

/** Reads a file of tests. Throws a sentence that names every fault. */
export function parseRuleTests(text: string, fileName: string): RuleTest[] {
  const document = parseDocument(text, { prettyErrors: true });
  const [broken] = document.errors;
  if (broken) throw new CommandFailure(`${fileName} is no YAML: ${broken.message}`);
  const read = ruleTests.safeParse(document.toJS({ maxAliasCount: 100 }));
  if (read.success) return read.data ?? [];
  const faults = read.error.issues.map(({ path, message }) => `  ${placeOf(path)}: ${message}`);
  throw new CommandFailure(`${fileName} expected tests as docs/rules.md shows them:\n${faults.join('\n')}`);
}

function placeOf([test, ...path]: PropertyKey[]): string {
  return test === undefined ? 'the file' : [`test ${Number(test) + 1}`, ...path.map(String)].join('.');
}

export interface RuleTestResult {
  test: string;
  passed: boolean;
  /** As the test wrote it, and what came, both as a person reads them. */
  expected: string[];
  got: string[];
}

/** Any day: what counts is how far apart things are. */
const START = Date.UTC(2026, 0, 1);

export function runRuleTest(
  { test, given: written, expect, until }: RuleTest,
  rules: readonly CompiledRule[],
): RuleTestResult {
  const events = written.flatMap(eventsOf).sort((a, b) => a.time.localeCompare(b.time));
  const end = until === undefined ? Date.parse(events.at(-1)?.time ?? new Date(START).toISOString()) : START + until;
  const got = rehearse(events, rules, { start: START, until: end });
  const passed = got.length === expect.length && expect.every((each, index) => isMet(each, got[index] as Rehearsed));
  return { test, passed, expected: expect.map(expectedText), got: got.map(gotText) };
}

function eventsOf({ at, times, every, source, level, message, attributes }: z.output<typeof given>, index: number) {
  return Array.from({ length: times }, (_, nth): LogEvent => {
    const time = new Date(START + at + nth * every).toISOString();
    const event = { v: EVENT_VERSION, id: `given-${index}-${nth}`, type: 'log', time, level, source, message };
    return attributes ? { ...event, attributes } : event;
  });
}

function isMet({ rule, at, level, values, restart }: Expected, got: Rehearsed): boolean {
  return (
    rule === got.rule &&
    (at === undefined || START + at === got.at) &&
    (level === undefined || level === got.level) &&
    restart === got.restart &&
    Object.entries(values ?? {}).every(([name, value]) => got.values[name] === value)
  );
}

interface Told {
  rule: string;
  at?: number | undefined;
  level?: string | undefined;
  values?: Record<string, string> | undefined;
  restart?: string | undefined;
}

const gotText = (got: Rehearsed) => toldText({ ...got, at: got.at - START });
const expectedText = (each: Expected) => toldText(each);

function toldText({ rule, at, level, values = {}, restart }: Told): string {
  const parts = [
    rule,
    at === undefined ? '' : `at ${at / 1000}s`,
    level ?? '',
    ...Object.entries(values).map(([name, value]) => `${name}=${value}`),
    restart === undefined ? '' : `restart ${restart}`,
  ];
  return parts.filter((part) => part !== '').join(', ');
}
