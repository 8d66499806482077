import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { alertEvent } from '../../test/support/alert-events.ts';
import { decideRoutes } from '../alerts/routing-tree.ts';
import { alertPolicyOf } from './alert-policy.ts';
import { ConfigurationError, parseConfiguration } from './configuration.ts';

const WHOLE = `
alerts:
  route:
    receiver: level-topic
    group_by: [source, level]
    group_wait: 30s
    routes:
      - matchers: ['level=critical', 'source=~"shop-.*"']
        receiver: oncall
        continue: true
        repeat_interval: 4h
      - name: office
        matchers: level=warning
        active_time_intervals: [office hours, weekend].slice
`
  .replace('[office hours, weekend].slice', 'office')
  .concat(`
  receivers:
    - name: oncall
      sns: [{ topic: critical }, { topic: "arn:aws:sns:eu-central-1:123456789012:pager" }]
      sqs: { queue_arn: "arn:aws:sqs:eu-central-1:123456789012:pages.fifo" }
      webhook:
        - { url: "https://hooks.example.org/a", secret_from: "ssm:/sluice/hook" }
        - { url_from: "secretsmanager:slack", format: slack, timeout: 3s }
    - name: nobody
  time_intervals:
    - name: office
      time_intervals:
        - times: [{ start_time: "09:00", end_time: "17:30" }]
          weekdays: ["monday:friday"]
          days_of_month: ["1:15", "-3:-1"]
          months: [may:august, 12]
          years: ["2026:2028"]
          location: Europe/Berlin
`);

const faultsIn = (yaml: string) => {
  try {
    parseConfiguration(yaml);
    return [];
  } catch (fault) {
    if (!(fault instanceof ConfigurationError)) throw fault;
    return fault.faults;
  }
};

describe('the addresses of an email', () => {
  const file = (...lists: string[][]) => `
email: { from: sluice@example.org, allowed: ["@example.org"] }
alerts:
  receivers:
    - name: oncall
      email: [${lists.map((to) => `{ to: [${to.join(', ')}] }`).join(', ')}]`;
  const people = (count: number) => Array.from({ length: count }, (_, n) => `a${n}@example.org`);

  test('are a place each, the first of them by the name that they had together', () => {
    const [oncall] = parseConfiguration(file(people(3), people(1))).alerts.receivers;
    expect(oncall?.receivers).toEqual([
      { address: 'oncall:email:0', kind: 'email', to: ['a0@example.org'] },
      { address: 'oncall:email:0:1', kind: 'email', to: ['a1@example.org'] },
      { address: 'oncall:email:0:2', kind: 'email', to: ['a2@example.org'] },
      { address: 'oncall:email:1', kind: 'email', to: ['a0@example.org'] },
    ]);
  });

  test('are as many as there may be places', () => {
    expect(faultsIn(file(people(10), people(10)))).toEqual([]);
    expect(faultsIn(file(people(20), people(1)))).toMatchObject([
      { path: 'alerts.receivers.0.email', expected: 'at most 20 addresses' },
    ]);
  });
});

describe('the routing of the configuration', () => {
  test('is read as Alertmanager writes it', () => {
    const { route, receivers, timeIntervals } = parseConfiguration(WHOLE).alerts;
    expect(route).toEqual({
      receiver: 'level-topic',
      groupBy: ['source', 'level'],
      groupWait: 30,
      routes: [
        {
          matchers: [
            { label: 'level', operator: '=', value: 'critical' },
            { label: 'source', operator: '=~', value: 'shop-.*' },
          ],
          receiver: 'oncall',
          continue: true,
          repeatInterval: 14_400,
        },
        { name: 'office', matchers: [{ label: 'level', operator: '=', value: 'warning' }], active: ['office'] },
      ],
    });
    expect(receivers).toEqual([
      {
        name: 'oncall',
        receivers: [
          { address: 'oncall:sns:0', kind: 'sns', topic: 'critical' },
          { address: 'oncall:sns:1', kind: 'sns', topic: 'arn:aws:sns:eu-central-1:123456789012:pager' },
          {
            address: 'oncall:webhook:0',
            kind: 'webhook',
            format: 'sluice',
            timeoutSeconds: 5,
            url: 'https://hooks.example.org/a',
            secretFrom: 'ssm:/sluice/hook',
          },
          {
            address: 'oncall:webhook:1',
            kind: 'webhook',
            format: 'slack',
            timeoutSeconds: 3,
            urlFrom: 'secretsmanager:slack',
          },
          { address: 'oncall:sqs:0', kind: 'sqs', queueArn: 'arn:aws:sqs:eu-central-1:123456789012:pages.fifo' },
        ],
      },
      { name: 'nobody', receivers: [] },
    ]);
    expect(timeIntervals).toEqual([
      {
        name: 'office',
        spans: [
          {
            times: [[540, 1_050]],
            weekdays: [[1, 5]],
            daysOfMonth: [
              [1, 15],
              [-3, -1],
            ],
            months: [
              [5, 8],
              [12, 12],
            ],
            years: [[2_026, 2_028]],
            location: 'Europe/Berlin',
          },
        ],
      },
    ]);
  });

  test('is a tree that events go through', () => {
    const { event, fingerprint } = alertEvent({ level: 'critical', source: 'shop-1' });
    const [way] = decideRoutes({ event, fingerprint }, alertPolicyOf(parseConfiguration(WHOLE).alerts).routing, 0);
    expect(way?.route.to).toEqual([
      'oncall:sns:0',
      'oncall:sns:1',
      'oncall:webhook:0',
      'oncall:webhook:1',
      'oncall:sqs:0',
    ]);
    expect(way?.route).toMatchObject({
      groupWait: 30,
      repeatInterval: { error: 14_400, info: 14_400 },
      groupBy: ['source', 'level'],
    });
  });
});

describe('a fault in the routing names its line and path, what was expected and what to do', () => {
  test.each([
    [
      'route: { receiver: oncal }\n  receivers: [{ name: oncall }]',
      2,
      'alerts.route.receiver',
      'one of level-topic, oncall',
      'oncal is not',
    ],
    ['route: { recevier: a }', 2, 'alerts.route.recevier', 'one of name, matchers', 'did you mean receiver?'],
    [
      'route: { routes: [{ matchers: [severity=high] }] }',
      2,
      'alerts.route.routes.0.matchers.0',
      'level, source, fingerprint or',
      'single quotes',
    ],
    [
      'route: { routes: [{ matchers: [\'source=~"(a"\'] }] }',
      2,
      'alerts.route.routes.0.matchers.0',
      'a ) at character 3',
      "RE2's",
    ],
    [
      'route: { matchers: [level=error] }',
      2,
      'alerts.route.matchers',
      'settings that hold for every event',
      'write it on one',
    ],
    ['route:\n    group_by: [message]', 3, 'alerts.route.group_by.0', 'a label', '[source, level]'],
    [
      'route:\n    group_by: [source, "..."]',
      3,
      'alerts.route.group_by',
      '... alone, or labels',
      'all labels are in it',
    ],
    ['route:\n    group_wait: 5', 3, 'alerts.route.group_wait', 'a length of time from 0s to 1h', 'such as 5m'],
    [
      'route:\n    routes:\n      - active_time_intervals: [night]',
      4,
      'alerts.route.routes.0.active_time_intervals',
      'a name that is defined',
      'night is not',
    ],
    ['receivers:\n    - sns: { topic: fatal }', 3, 'alerts.receivers.0', 'name', 'cannot be left out'],
    [
      'receivers:\n    - name: a\n      sns: [{ topic: fatal }]',
      4,
      'alerts.receivers.0.sns.0.topic',
      'a level',
      'write critical',
    ],
    [
      'receivers:\n    - name: a\n      webhook: [{ url: "http://a.b" }]',
      4,
      'alerts.receivers.0.webhook.0.url',
      'begins with https://',
      'url_from',
    ],
    [
      'receivers:\n    - name: a\n      webhook: [{ url: "https://a.b" }]',
      4,
      'alerts.receivers.0.webhook.0',
      'secret_from',
      'signed',
    ],
    [
      'receivers:\n    - name: a\n      webhook: [{ url_from: hunter2, format: slack }]',
      4,
      'alerts.receivers.0.webhook.0.url_from',
      'where a secret is kept',
      'ssm:',
    ],
    ['receivers:\n    - name: level-topic', 2, 'alerts.receivers', 'level-topic once', 'taken'],
    [
      'time_intervals:\n    - name: a\n      time_intervals: [{ times: [{ start_time: "22:00", end_time: "06:00" }] }]',
      4,
      'alerts.time_intervals.0.time_intervals.0.times.0',
      'a start_time before',
      'a night is two',
    ],
    [
      'time_intervals:\n    - name: a\n      time_intervals: [{ location: Europe/Atlantis }]',
      4,
      'alerts.time_intervals.0.time_intervals.0.location',
      'a time zone',
      'Europe/Berlin',
    ],
  ])('%s', (yaml, line, path, expected, advice) => {
    const [fault] = faultsIn(`alerts:\n  ${yaml}`);
    expect(fault).toMatchObject({ path, line });
    expect(fault?.expected).toContain(expected);
    expect(fault?.advice).toContain(advice);
  });

  test('and a secret that was written by mistake is not shown as a whole line of the log', () => {
    const [fault] = faultsIn(
      `alerts:\n  receivers: [{ name: a, webhook: [{ url: "https://user:${'x'.repeat(99)}@a.b" }] }]`,
    );
    expect(fault?.got.length).toBeLessThan(90);
  });

  test('whatever stands there', () => {
    const key = fc.constantFrom('route', 'receivers', 'time_intervals');
    fc.assert(
      fc.property(key, fc.jsonValue({ maxDepth: 4 }), (name, value) => {
        for (const { expected, advice } of faultsIn(JSON.stringify({ alerts: { [name]: value } }))) {
          expect([expected.length > 0, advice.length > 0]).toEqual([true, true]);
        }
      }),
    );
  });
});
