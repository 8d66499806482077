import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { ARCHIVE_ALARMS, DEFAULT_ALARMS } from '../../shared/cost/month.ts';
import { LEVELS } from '../../shared/events/levels.ts';
import { parseConfiguration } from '../../shared/runtime/configuration.ts';
import { consumersOf, functionsOf, TABLES } from './metrics.ts';
import { operations } from './operations.ts';

const page = readFileSync(join(resolve(import.meta.dirname, '../..'), 'docs/operations.md'), 'utf8');
const example = /```yaml\n(.*?)```/s.exec(page)?.[1] ?? '';
/** With all that is watched. */
const configuration = parseConfiguration(`
cloudWatch: {logGroups: [/ecs/shop]}
rules: {slow: {match: source=shop, moreThan: 5, within: 10m}}
remediation: {tag: sluice-remediation=allowed}`);

/** An alarm's name as the page writes it: what it is about in angle brackets. */
function kindOf(name: string): string {
  const kinds: [string, readonly string[]][] = [
    ['<consumer>', consumersOf(configuration).map(({ service }) => service)],
    ['<table>', TABLES],
    ['<function>', functionsOf(configuration)],
    ['<level>', LEVELS],
  ];
  for (const [kind, names] of kinds) {
    const found = names.find((each) => name.startsWith(`${each}-`));
    if (found !== undefined) return `${kind}${name.slice(found.length)}`;
  }
  return name.replace(/-ecs-shop-\w+$/, '-<log group>');
}

test('docs/operations.md explains every alarm that is deployed, and no other', () => {
  const resources = Object.values(operations('test', configuration, []).resources.Resources ?? {});
  const alarms = resources.filter(({ Type }) => Type === 'AWS::CloudWatch::Alarm');
  const deployed = alarms.map(({ Properties }) => kindOf(String(Properties?.AlarmName).replace('sluice-test-', '')));
  const table = page.slice(page.indexOf('| alarm |'), page.indexOf('## Dashboard'));
  const cells = table.split('\n').map((row) => row.split(' | ')[0] ?? '');
  const explained = cells.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, name]) => name));
  expect([...new Set(explained)].sort()).toEqual([...new Set(deployed)].sort());
});

function alarmsWith(yaml: string): number {
  const resources = Object.values(operations('test', parseConfiguration(yaml), []).resources.Resources ?? {});
  return resources.filter(({ Type }) => Type === 'AWS::CloudWatch::Alarm').length;
}

test('it says how many alarms the default makes, which cost something each', () => {
  const resources = Object.values(operations('test', parseConfiguration(''), []).resources.Resources ?? {});
  const alarms = resources.filter(({ Type }) => Type === 'AWS::CloudWatch::Alarm');
  expect(page).toContain(`(${alarms.length} alarms at $0.10,`);
  expect(DEFAULT_ALARMS).toBe(alarms.length);
  expect(DEFAULT_ALARMS - alarmsWith('archive: {enabled: false}')).toBe(ARCHIVE_ALARMS);
});

test('its example is the default, but for the address', () => {
  const { alarms } = parseConfiguration(example);
  expect(alarms).toEqual({ ...parseConfiguration('').alarms, emails: ['oncall@example.org'] });
  const explained = [...page.matchAll(/^\| `(?:responseTime)?\.?(\w+)`/gm)].map(([, name]) => name);
  expect(explained).toEqual(
    expect.arrayContaining(Object.keys(parse(example).alarms).filter((k) => k !== 'responseTime')),
  );
});
