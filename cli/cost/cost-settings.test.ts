import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { DEFAULT_ALARMS } from '../../shared/cost/month.ts';
import { LEVELS } from '../../shared/events/levels.ts';
import { parseConfiguration } from '../../shared/runtime/configuration.ts';
import { costSettings } from './cost-settings.ts';

const settingsOf = (yaml: string) => costSettings(parseConfiguration(yaml));

test('by default everything is archived, every level told, and every alarm made', () => {
  expect(settingsOf('')).toMatchObject({ bufferSeconds: 300, toldLevels: LEVELS, alarms: DEFAULT_ALARMS });
});

test('levels that the routes send to nobody are not told, whatever single sources are', () => {
  const routes = (matchers: string, others = '') =>
    `alerts: {route: {routes: [{matchers: ['${matchers}'], receiver: nobody}${others}]}, receivers: [{name: nobody}]}`;
  expect(settingsOf(routes('level=~"info|debug"')).toldLevels).toEqual(['critical', 'error', 'warning']);
  expect(settingsOf(routes('source=~".*"')).toldLevels).toEqual([]);
  expect(settingsOf(routes('source=shop')).toldLevels).toEqual(LEVELS);
});

test('without an archive there is no buffer, and there are no alarms on it', () => {
  const { bufferSeconds, alarms } = settingsOf('archive: {enabled: false}');
  expect(bufferSeconds).toBe(undefined);
  expect(alarms).toBeLessThan(DEFAULT_ALARMS);
  expect(settingsOf('archive: {enabled: false}\nalarms: {enabled: false}').alarms).toBe(0);
});

test('what docs/cost.md shows is what it says: no archive, no rows, nobody told below a warning', () => {
  const page = readFileSync(new URL('../../docs/cost.md', import.meta.url), 'utf8');
  const yaml = /## Incidents only.*?```yaml\n(.*?)```/s.exec(page)?.[1] ?? '';
  expect(settingsOf(yaml)).toMatchObject({
    bufferSeconds: undefined,
    rowsFrom: 'error',
    rowsPerFingerprintAndHour: 0,
    toldLevels: ['critical', 'error', 'warning'],
  });
});
