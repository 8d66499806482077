import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { captureStreams } from '../../test/support/captured-streams.ts';
import { documentBlock } from '../../test/support/readme.ts';
import { runCli } from '../run-cli.ts';

const RULES = documentBlock('docs/rules.md', { language: 'yaml', holding: 'rules:' });
const TESTS = documentBlock('docs/rules.md', { language: 'yaml', holding: '- test:' });
const QUIET = 'rules:\n  quiet: {match: source=shop, absent: 15m}\n';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-rules-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

async function run(rules: string, tests: string | undefined, ...args: string[]) {
  const file = join(folder, 'my.yml');
  writeFileSync(file, rules);
  if (tests !== undefined) writeFileSync(join(folder, 'my.rules.yml'), tests);
  const capture = captureStreams({ env: {} });
  const code = await runCli(['rules', 'test', '--file', file, ...args], capture.streams);
  return { code, stdout: capture.stdout(), stderr: capture.stderr() };
}

describe('sluice rules test', () => {
  test('passes the rules of the documentation with the tests of the documentation', async () => {
    const { code, stdout, stderr } = await run(RULES, TESTS);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout.trimEnd().split('\n')).toEqual([
      ...[...TESTS.matchAll(/^- test: (.*)$/gm)].map(([, name]) => `✔ ${name}`),
      '5 of 5 tests passed',
    ]);
  });

  test('shows what was expected beside what came, and ends with 1', async () => {
    const { code, stdout } = await run(RULES, TESTS.replace('times: 6, every: 60s', 'times: 5, every: 60s'));
    expect(code).toBe(1);
    expect(stdout).toContain(
      [
        '✖ the sixth slow response within ten minutes restarts the web server',
        '    expected slow-responses, at 300s, error, restart i-0123456789abcdef0',
        '    got      nothing',
      ].join('\n'),
    );
    expect(stdout).toContain('4 of 5 tests passed');
  });

  test.each([
    ['another time', 'at: 5m', 'at: 6m'],
    ['another level', 'at: 5m, level: error', 'at: 5m, level: warning'],
    ['another instance', 'restart: i-0123456789abcdef0', 'restart: i-0123456789abcdef1'],
    ['no restart', ', restart: i-0123456789abcdef0 }', ' }'],
    ['another value', 'customer: "7"', 'customer: "8"'],
    ['another rule', 'rule: slow-responses', 'rule: quiet-shop'],
  ])('fails when %s was expected', async (_, from, to) => {
    expect(TESTS).toContain(from);
    expect((await run(RULES, TESTS.replace(from, to))).code).toBe(1);
  });

  test('answers machines with JSON', async () => {
    const { code, stdout } = await run(RULES, TESTS, '--json');
    const answer = JSON.parse(stdout);
    expect([code, answer.passed, answer.untested, answer.tests.length]).toEqual([0, true, [], 5]);
    expect(answer.tests[1]).toEqual({ test: 'five do not, nor do quick ones', passed: true, expected: [], got: [] });
  });

  test('fails without tests, without a file of tests, and for a rule that no test expects anything of', async () => {
    const none = await run(QUIET, '[]');
    expect([none.code, none.stderr]).toEqual([
      1,
      expect.stringContaining('Expected at least one test in my.rules.yml'),
    ]);
    expect((await run(QUIET, '# nothing yet\n')).code).toBe(1);
    rmSync(join(folder, 'my.rules.yml'));
    const missing = await run(QUIET, undefined);
    expect([missing.code, missing.stderr]).toEqual([1, expect.stringContaining('my.rules.yml, got no such file')]);
    const untested = await run(QUIET, '- {test: nothing happens, given: [{message: hello}], expect: []}');
    expect([untested.code, untested.stdout]).toEqual([
      1,
      expect.stringContaining('no test expects anything of the rule quiet'),
    ]);
  });

  test('fails without rules: a file of another name must not pass for tested', async () => {
    const { code, stderr } = await run('stream: {shards: 1}', '- {test: a, given: [{message: b}], expect: []}');
    expect([code, stderr]).toEqual([1, expect.stringMatching(/Expected at least one rule in .*my\.yml, got none/)]);
  });

  test.each([
    ['- {test: a, given: [], expect: [], untill: 5m}', 'test 1: Unrecognized key'],
    ['- {test: a, given: [{message: a, every: 5}], expect: []}', 'test 1.given.0.every'],
    ['- {test: a, given: [{message: a, at: soon}], expect: []}', 'expected a length of time'],
    ['test: a', 'the file'],
    ['- [', 'is no YAML'],
  ])('names what is wrong in %j', async (tests, fault) => {
    const { code, stderr } = await run(QUIET, tests);
    expect([code, stderr]).toEqual([1, expect.stringContaining(fault)]);
  });

  test('names what is wrong in the rules with their line', async () => {
    const { code, stderr } = await run(QUIET.replace('absent', 'absnt'), TESTS);
    expect([code, stderr]).toEqual([1, expect.stringContaining('my.yml:2 rules.quiet.absnt: expected one of match')]);
  });

  test('shows no control characters of a test', async () => {
    const { stdout } = await run(QUIET, '- {test: "a\\u001b[31m", given: [{message: a}], expect: []}');
    expect(stdout).not.toContain('\u001b');
  });
});
