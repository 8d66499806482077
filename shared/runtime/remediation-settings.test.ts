import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { documentBlock } from '../../test/support/readme.ts';
import { ConfigurationError, parseConfiguration } from './configuration.ts';
import { remediationShape } from './remediation-settings.ts';

const remediation = (lines: string) => parseConfiguration(`remediation:\n${lines}`).remediation;

function faultsOf(lines: string) {
  try {
    remediation(lines);
  } catch (error) {
    if (error instanceof ConfigurationError) return error.faults.map(({ line, path }) => [line, path]);
    throw error;
  }
  return [];
}

it('reads a tag, how to restart, its limits, and the instances of alarms', () => {
  expect(
    remediation(`
  tag: sluice-remediation = allowed
  restart: reboot
  dryRun: true
  cooldown: 1h
  maximumPerDay: 1
  runningWithin: 5m
  alarms:
    slow responses: i-0123456789abcdef0
    __proto__: i-00000001
`),
  ).toStrictEqual({
    tag: { key: 'sluice-remediation', value: 'allowed' },
    restart: 'reboot',
    isDryRun: true,
    cooldownSeconds: 3600,
    maximumPerDay: 1,
    runningWithinSeconds: 300,
    alarms: Object.fromEntries([
      ['slow responses', 'i-0123456789abcdef0'],
      ['__proto__', 'i-00000001'],
    ]),
  });
});

it('takes the tag of an Auto Scaling group', () => {
  const { tag } = remediation('  tag: aws:autoscaling:groupName=shop web');
  expect(tag).toStrictEqual({ key: 'aws:autoscaling:groupName', value: 'shop web' });
});

it.each([
  ['  tag: sluice-remediation', [[2, 'remediation.tag']]],
  ['  tag: "*=*"', [[2, 'remediation.tag']]],
  ['  tag: a=$b', [[2, 'remediation.tag']]],
  ['  restart: terminate', [[2, 'remediation.restart']]],
  ['  dryRun: "yes"', [[2, 'remediation.dryRun']]],
  ['  cooldown: 30s', [[2, 'remediation.cooldown']]],
  ['  maximumPerDay: 0', [[2, 'remediation.maximumPerDay']]],
  ['  runningWithin: 2h', [[2, 'remediation.runningWithin']]],
  ['  alarms: [slow]', [[2, 'remediation.alarms']]],
  [
    '  alarms:\n    slow: web-1\n    also slow: i-1',
    [
      [3, 'remediation.alarms.slow'],
      [4, 'remediation.alarms.also slow'],
    ],
  ],
  ['  tags: a=b', [[2, 'remediation.tags']]],
])('refuses %j, naming its line', (lines, faults) => {
  expect(faultsOf(lines)).toStrictEqual(faults);
});

it('is explained, each setting with its default, and shown in an example that is read', () => {
  const names = Object.keys(remediationShape);
  const document = readFileSync(new URL('../../docs/remediation.md', import.meta.url), 'utf8');
  const table = document.slice(document.indexOf('| setting |'), document.indexOf('An instance whose volumes'));
  expect([...table.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name)).toEqual(names);
  const example = documentBlock('docs/remediation.md', { language: 'yaml', holding: 'remediation:' });
  expect([...example.matchAll(/^ {2}(\w+):/gm)].map(([, name]) => name)).toEqual(names);
  const { tag: _, alarms: __, ...shown } = parseConfiguration(example).remediation;
  const { tag: ___, alarms: ____, ...defaults } = parseConfiguration('').remediation;
  expect(shown).toEqual(defaults);
});
