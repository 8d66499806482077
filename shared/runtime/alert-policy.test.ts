import { describe, expect, test } from 'vitest';
import { alertPolicyOf } from './alert-policy.ts';
import { parseConfiguration } from './configuration.ts';

const intervals = (alerts: Parameters<typeof alertPolicyOf>[0]) => alertPolicyOf(alerts).routing.route.repeatInterval;

describe('how often a group is told again', () => {
  test('is by level, and what is left out keeps its default', () => {
    const { alerts } = parseConfiguration('alerts: { repeatInterval: { critical: 15m, debug: 0s } }');
    expect(intervals(alerts)).toEqual({ critical: 900, error: 14_400, warning: 86_400, info: 86_400, debug: 0 });
  });

  test('is what a route says for all levels', () => {
    const { alerts } = parseConfiguration('alerts: { route: { repeat_interval: 2h } }');
    expect(intervals(alerts)).toEqual({ critical: 7_200, error: 7_200, warning: 7_200, info: 7_200, debug: 7_200 });
  });

  test('is after each window in a deployment of before there was the setting, which `sluice routes replay` reads', () => {
    const { repeatSeconds: _, ...older } = parseConfiguration('').alerts;
    expect(intervals(older)).toEqual({ critical: 0, error: 0, warning: 0, info: 0, debug: 0 });
  });
});
