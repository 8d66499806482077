import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { documentBlock } from '../../test/support/readme.ts';
import { ConfigurationError, parseConfiguration } from './configuration.ts';

const TAG = 'remediation: {tag: a=b}\n';

function faultsOf(text: string) {
  try {
    parseConfiguration(text);
  } catch (error) {
    if (error instanceof ConfigurationError)
      return error.faults.map(({ line, path, expected }) => [line, path, expected]);
    throw error;
  }
  return [];
}

it('reads the rules of the documentation', () => {
  const { rules } = parseConfiguration(documentBlock('docs/rules.md', { language: 'yaml', holding: 'rules:' }));
  expect(rules.map(({ name }) => name)).toStrictEqual([
    'slow-responses',
    'refused-payments',
    'quiet-shop',
    'out-of-memory',
  ]);
  expect(rules[0]).toStrictEqual({
    name: 'slow-responses',
    match: [],
    extract: 'High response time for {endpoint}: {ms} ms',
    where: [{ name: 'ms', operator: '>', number: 3000 }],
    condition: { kind: 'count', moreThan: 5, withinSeconds: 600 },
    by: [],
    level: 'error',
    restart: 'i-0123456789abcdef0',
  });
  expect(rules[2]).toStrictEqual({
    name: 'quiet-shop',
    match: [{ label: 'source', operator: '=', value: 'shop' }],
    where: [],
    condition: { kind: 'absence', seconds: 900 },
    by: [],
    level: 'critical',
  });
});

it('explains each setting that there is, and no other', () => {
  const document = readFileSync(new URL('../../docs/rules.md', import.meta.url), 'utf8');
  const explained = [...document.matchAll(/^\| (`[^|]+`) \|/gm)].flatMap(([, names]) => [
    ...(names ?? '').matchAll(/`(\w+)`/g),
  ]);
  const [[, , expected = ''] = []] = faultsOf('rules: {a: {match: source=x, absent: 5m, other: 1}}') as string[][];
  expect(explained.map(([, name]) => name).sort()).toEqual(expected.replace('one of ', '').split(', ').sort());
});

const rule = (lines: string) =>
  `${TAG}rules:\n  slow:\n    extract: "took {ms} ms"\n    moreThan: 5\n    within: 10m\n${lines}`;

it.each<[string, unknown[]]>([
  [rule('    where: ms over 3000'), [7, 'rules.slow.where', 'a condition such as ms > 3000']],
  [rule('    where: [ms > 3000, sec > 3]'), [7, 'rules.slow.where', expect.stringContaining('one of ms, level')]],
  [rule('    match: severity=high'), [7, 'rules.slow.match', expect.stringContaining('level, source, fingerprint')]],
  [rule('    match: [source=~"(a"]'), [7, 'rules.slow.match', expect.stringContaining('a ) at character')]],
  [rule('    match: 5'), [7, 'rules.slow.match', 'a text or a list of texts']],
  [rule('    by: [mss]'), [7, 'rules.slow.by', expect.stringContaining('one of ms')]],
  [rule('    by: [ms, ms, ms, ms, ms, ms]'), [7, 'rules.slow.by', 'at most 5 names']],
  [rule('    level: high'), [7, 'rules.slow.level', expect.stringContaining('a level')]],
  [rule('    restart: web-1'), [7, 'rules.slow.restart', expect.stringContaining('the id of an EC2 instance')]],
  [rule('    restart: "{host}"'), [7, 'rules.slow.restart', expect.stringContaining('one of ms')]],
  [rule('    morethan: 5'), [7, 'rules.slow.morethan', expect.stringContaining('one of match')]],
  [rule('    absent: 5m'), [3, 'rules.slow', 'moreThan and within, or absent alone']],
  ['rules:\n  slow: {match: source=a, moreThan: 5}', [2, 'rules.slow', 'moreThan and within, or absent alone']],
  ['rules:\n  slow: {match: source=a, moreThan: 1001, within: 1m}', [2, 'rules.slow.moreThan', expect.any(String)]],
  ['rules:\n  slow: {match: source=a, moreThan: 1, within: 25h}', [2, 'rules.slow.within', expect.any(String)]],
  ['rules:\n  slow: {moreThan: 1, within: 1m}', [2, 'rules.slow', 'match or extract']],
  [
    'rules:\n  slow: {extract: hello, absent: 5m}',
    [2, 'rules.slow.extract', expect.stringContaining('names in braces')],
  ],
  ['rules:\n  slow: {extract: 5, absent: 5m}', [2, 'rules.slow.extract', 'a text']],
  [
    'rules:\n  Slow Responses: {match: source=a, absent: 5m}',
    [2, 'rules.Slow Responses', expect.stringContaining('a name')],
  ],
  ['rules:\n  slow: yes', [2, 'rules.slow', 'a rule']],
  ['rules: [slow]', [1, 'rules', 'rules by their names']],
  [
    'rules:\n  slow: {match: source=a, absent: 5m, restart: i-00000001}',
    [2, 'rules.slow.restart', 'no restart without a tag'],
  ],
])('refuses %j, naming its line', (text, fault) => {
  expect(faultsOf(text)).toStrictEqual([fault]);
});
