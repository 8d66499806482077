import { describe, expect, test } from 'vitest';
import { LEVELS, type Level } from '../events/levels.ts';
import { type CostSettings, estimateMonth, type Month } from './month.ts';
import { cloudWatchLogsCost, costOf, NO_USAGE, totalOf, US_EAST_1, unitsOf } from './usage.ts';

const SETTINGS: CostSettings = {
  shards: 1,
  rowsFrom: 'warning',
  rowsPerFingerprintAndHour: 1_000,
  rowRetentionDays: 60,
  bufferSeconds: 300,
  batchWindowSeconds: 2,
  projectionWindowSeconds: 5,
  toldLevels: LEVELS,
  alarms: 0,
};

describe('what usage costs', () => {
  test('nothing used costs nothing', () => {
    expect(totalOf(costOf(NO_USAGE, US_EAST_1))).toBe(0);
  });

  test('each service is charged by its own units', () => {
    expect(costOf({ ...NO_USAGE, shardHours: 720, payloadUnits: 1e6 }, US_EAST_1).kinesis).toBeCloseTo(10.814);
    expect(costOf({ ...NO_USAGE, writeUnits: 2e6, readUnits: 4e6 }, US_EAST_1).dynamodb).toBeCloseTo(1.75);
    expect(costOf({ ...NO_USAGE, firehoseBytes: 2 ** 30 }, US_EAST_1).firehose).toBeCloseTo(0.047);
  });

  test('what is smaller than a unit is charged as one', () => {
    expect([unitsOf(0, 1_024), unitsOf(1_024, 1_024), unitsOf(1_025, 1_024)]).toEqual([1, 1, 2]);
  });

  test('CloudWatch Logs charges 26 bytes an event beside its text', () => {
    expect(cloudWatchLogsCost(1e6, 275, US_EAST_1)).toBeCloseTo(0.14);
  });
});

describe('what a month costs', () => {
  test('more events cost more, but not in proportion', () => {
    const [few, many] = [10_000, 10_000_000].map((eventsPerDay) => {
      return estimateMonth(SETTINGS, { eventsPerDay, bytes: 275 }, US_EAST_1).total;
    });
    expect(many).toBeGreaterThan(few as number);
    expect(many).toBeLessThan(1_000 * (few as number));
  });

  test('no events cost the shard and the metrics', () => {
    const { total } = estimateMonth(SETTINGS, { eventsPerDay: 0, bytes: 275 }, US_EAST_1);
    expect(total).toBeCloseTo(720 * 0.015 + 18 * 0.3);
  });

  test('alarms cost each, and a dashboard and a key with them, whatever comes', () => {
    const cost = (alarms: number) =>
      estimateMonth({ ...SETTINGS, alarms }, { eventsPerDay: 1_000, bytes: 275 }, US_EAST_1);
    expect(cost(51).total - cost(0).total).toBeCloseTo(51 * 0.1 + 3 + 1);
    const { saves } = cost(51).settings.find(({ setting }) => setting === 'alarms.enabled') ?? {};
    expect(saves).toBeCloseTo(9.1);
    expect(cost(0).settings.some(({ setting }) => setting === 'alarms.enabled')).toBe(false);
  });

  test('what is not archived costs no delivery, no objects and no third consumer', () => {
    const load = { eventsPerDay: 1e6, bytes: 275 };
    const [on, off] = [SETTINGS, { ...SETTINGS, bufferSeconds: undefined }].map((settings) =>
      estimateMonth(settings, load, US_EAST_1),
    ) as [Month, Month];
    expect([off.cost.firehose, off.cost.s3]).toEqual([0, 0]);
    expect(on.cost.cloudwatch - off.cost.cloudwatch).toBeGreaterThan(6 * 0.3);
    const saving = on.settings.find(({ setting }) => setting === 'archive.enabled');
    expect(saving).toMatchObject({ from: 'true', to: 'false' });
    expect(saving?.saves).toBeCloseTo(on.total - off.total);
    expect(off.settings.filter(({ setting }) => setting.startsWith('archive'))).toEqual([]);
  });

  test('levels that tell nobody cost nothing to route', () => {
    const dynamodb = (toldLevels: readonly Level[]) =>
      estimateMonth({ ...SETTINGS, toldLevels }, { eventsPerDay: 1e6, bytes: 275 }, US_EAST_1);
    const [all, few, none] = [dynamodb(LEVELS), dynamodb(['critical', 'error', 'warning']), dynamodb([])];
    expect(few.cost.dynamodb).toBeLessThan(all.cost.dynamodb);
    expect(none.cost.dynamodb).toBeLessThan(few.cost.dynamodb);
    const saving = all.settings.find(({ setting }) => setting === 'alerts.route');
    expect(saving).toMatchObject({ from: LEVELS.join(', '), to: 'critical, error, warning' });
    expect(saving?.saves).toBeCloseTo(all.total - few.total);
    expect(few.settings.some(({ setting }) => setting === 'alerts.route')).toBe(false);
  });

  test('the settings that matter most come first', () => {
    const { settings } = estimateMonth(SETTINGS, { eventsPerDay: 1e6, bytes: 275 }, US_EAST_1);
    const sizes = settings.map(({ saves }) => Math.abs(saves));
    expect(sizes).toEqual([...sizes].sort((a, b) => b - a));
    expect(settings[0]).toMatchObject({ setting: 'alerts.route', to: 'critical, error, warning' });
  });
});
