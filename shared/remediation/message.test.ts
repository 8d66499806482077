import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type InstanceId, parseInstanceId } from './instance.ts';
import { readAsked, readMessage, requestMessage } from './message.ts';

const WEB = 'i-0123456789abcdef0' as InstanceId;
const NOON = '2026-11-21T12:00:00.000Z';

/** As CloudWatch publishes it to a topic. */
const published = {
  AlarmName: 'slow responses',
  AlarmDescription: null,
  AWSAccountId: '123456789012',
  NewStateValue: 'ALARM',
  NewStateReason: 'Threshold Crossed: 1 datapoint (6.0) was greater than the threshold (5.0).',
  StateChangeTime: '2026-11-21T12:00:00.000+0000',
  Region: 'US East (N. Virginia)',
  OldStateValue: 'OK',
  Trigger: { MetricName: 'CPUUtilization', Namespace: 'AWS/EC2', Dimensions: [{ value: WEB, name: 'InstanceId' }] },
};

/** As CloudWatch invokes a function. */
const direct = {
  source: 'aws.cloudwatch',
  alarmArn: 'arn:aws:cloudwatch:us-east-1:123456789012:alarm:slow responses',
  accountId: '123456789012',
  time: '2026-11-21T12:00:01.024+0000',
  region: 'us-east-1',
  alarmData: {
    alarmName: 'slow responses',
    state: { value: 'ALARM', reason: published.NewStateReason, timestamp: '2026-11-21T12:00:00.000+0000' },
    previousState: { value: 'OK' },
    configuration: { metrics: [{ id: 'm1', metricStat: { metric: { dimensions: { InstanceId: WEB } } } }] },
  },
};

const asked = {
  status: 'asked',
  request: {
    id: expect.stringMatching(/^alarm:slow responses:\w+:1795262400000$/),
    instance: WEB,
    by: { kind: 'alarm', name: 'slow responses' },
    reason: published.NewStateReason,
    at: NOON,
  },
};

describe('an alarm', () => {
  test('is understood as a topic brings it, within the envelope of a topic, and as a direct invocation, under one id', () => {
    const envelope = { Type: 'Notification', MessageId: '1', Message: JSON.stringify(published) };
    const all = [published, envelope, direct].map((form) => readMessage(JSON.stringify(form), {}));
    expect(all).toEqual([asked, asked, asked]);
    expect(new Set(all.map((each) => (each.status === 'asked' ? each.request.id : ''))).size).toBe(1);
  });

  const other = parseInstanceId('i-00000001') as InstanceId;
  const metricOf = (Dimensions: object[]) => ({ Id: 'm', MetricStat: { Metric: { Dimensions, MetricName: 'm' } } });
  const mathOf = (...Metrics: object[]) => ({
    ...published,
    Trigger: { Metrics: [{ Id: 'e', Expression: 'm' }, ...Metrics] },
  });
  const directOf = (...ids: string[]) => {
    const metrics = ids.map((InstanceId) => ({ metricStat: { metric: { dimensions: { InstanceId } } } }));
    return { ...direct, alarmData: { ...direct.alarmData, configuration: { metrics } } };
  };

  test.each([
    [
      'name',
      mathOf(
        metricOf([
          { name: 'Disk', value: 'a' },
          { name: 'InstanceId', value: WEB },
        ]),
      ),
    ],
    ['Name', mathOf(metricOf([{ Name: 'InstanceId', Value: WEB }]))],
    [
      'two metrics',
      mathOf(metricOf([{ name: 'InstanceId', value: WEB }]), metricOf([{ name: 'InstanceId', value: WEB }])),
    ],
    ['two metrics, told directly', directOf(WEB, WEB)],
  ])('on metric math is of the instance that its metrics are of: %s', (_, alarm) => {
    expect(readAsked(alarm, {})).toEqual(asked);
  });

  test.each([
    [mathOf(metricOf([{ name: 'InstanceId', value: WEB }]), metricOf([{ name: 'InstanceId', value: other }]))],
    [directOf(WEB, other)],
  ])('on the metrics of two instances is not clear: nobody knows which of them to restart', (alarm) => {
    expect(readAsked(alarm, {})).toMatchObject({ status: 'unclear' });
    expect(readAsked(alarm, { 'slow responses': other })).toMatchObject({ request: { instance: other } });
  });

  test('is of the instance that the configuration names for it, before that of its metric', () => {
    expect(readAsked(published, { 'slow responses': other })).toMatchObject({ request: { instance: other } });
    const { Trigger: _, ...composite } = published;
    expect(readAsked(composite, { 'slow responses': other })).toMatchObject({ request: { instance: other } });
  });

  test.each(['constructor', '__proto__', 'toString'])('called %s is of no instance', (AlarmName) => {
    expect(readAsked({ ...published, Trigger: {}, AlarmName }, {})).toMatchObject({ status: 'unclear' });
  });

  test('that is over, or has no data, asks for nothing', () => {
    for (const NewStateValue of ['OK', 'INSUFFICIENT_DATA']) {
      expect(readAsked({ ...published, NewStateValue }, {})).toMatchObject({ status: 'ignored' });
    }
  });

  test.each([
    ['without an instance', { ...published, Trigger: {} }, 'expected alarm slow responses to be of an instance'],
    [
      'of something that is no instance',
      { ...published, Trigger: { Dimensions: [{ name: 'InstanceId', value: '*' }] } },
      'got none',
    ],
    ['without a time', { ...published, StateChangeTime: 'yesterday' }, 'expected the time'],
  ])('%s is not clear', (_, alarm, problem) => {
    expect(readAsked(alarm, {})).toMatchObject({ status: 'unclear', problem: expect.stringContaining(problem) });
  });

  test('with a hostile name or reason gives one line, within its limits', () => {
    const hostile = `a\r\nBcc: x\u202e\u2028\u001b[31m${'x'.repeat(5_000)}`;
    const read = readAsked({ ...published, AlarmName: hostile, NewStateReason: hostile }, {});
    if (read.status !== 'asked') throw new Error('expected a request');
    const { id, by, reason } = read.request;
    expect([id.length <= 200, by.name.length <= 255, reason.length <= 500]).toEqual([true, true, true]);
    expect([id, by.name, reason].some((text) => /[\p{Cc}\p{Cf}\p{Zl}]/u.test(text))).toBe(false);
  });
});

describe('a message', () => {
  test('that was written is read as the same request', () => {
    const id = fc.string({ minLength: 1, maxLength: 200 });
    const line = fc.stringMatching(/^[a-zA-Z0-9 ,.:{}]{1,100}$/).map((text) => text.trim() || 'x');
    const kind = fc.constantFrom('rule' as const, 'alarm' as const);
    const time = fc.date({ min: new Date(0), max: new Date('2999-01-01'), noInvalidDate: true });
    fc.assert(
      fc.property(id, line, kind, line, time, (requestId, name, of, reason, at) => {
        const request = { id: requestId, instance: WEB, by: { kind: of, name }, reason, at: at.toISOString() };
        expect(readMessage(requestMessage(request), {})).toEqual({ status: 'asked', request });
      }),
    );
  });

  test('of any kind is asked, ignored or unclear, and never throws', () => {
    const keys = [
      'remediation',
      'alarmData',
      'AlarmName',
      'Type',
      'Message',
      'Trigger',
      'Metrics',
      'MetricStat',
      'id',
      'instance',
      'by',
      'at',
      'state',
    ];
    const key = fc.constantFrom(...keys);
    const inner = fc.dictionary(key, fc.oneof(fc.jsonValue({ maxDepth: 1 }), fc.dictionary(key, fc.string())));
    const value = fc.dictionary(key, fc.oneof(fc.jsonValue({ maxDepth: 1 }), inner));
    fc.assert(
      fc.property(value, (json) => {
        const { status } = readAsked(json, {});
        expect(['asked', 'ignored', 'unclear']).toContain(status);
      }),
      { numRuns: 500 },
    );
    fc.assert(fc.property(fc.string(), (text) => readMessage(text, {}).status === 'unclear'));
  });

  test('a hundred thousand levels deep is unclear', () => {
    expect(readMessage('['.repeat(100_000) + ']'.repeat(100_000), {}).status).toBe('unclear');
  });

  test.each([
    { instance: 'i-12345678; rm' },
    { id: '' },
    { id: 'x'.repeat(201) },
    { by: { kind: 'person', name: 'a' } },
    { at: 'now' },
    { reason: 5 },
  ])('of a request with %j is unclear', (part) => {
    const request = { id: 'r', instance: WEB, by: { kind: 'rule', name: 'slow' }, reason: 'because', at: NOON };
    expect(readAsked({ remediation: { ...request, ...part } }, {})).toMatchObject({ status: 'unclear' });
  });
});
