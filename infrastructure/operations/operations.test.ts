import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { parseConfiguration } from '../../shared/runtime/configuration.ts';
import { at } from '../template.ts';
import { graphs } from './dashboard.ts';
import { ERROR_PATTERN, groupMetrics, responsePattern } from './log-group-alarms.ts';
import { FUNCTIONS } from './metrics.ts';
import { operations } from './operations.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const GROUPS = ['/aws/lambda/checkout', '/ecs/shop'];

const made = (yaml = '', emails: string[] = []) => {
  const { function: lambda, resources } = operations('test', parseConfiguration(yaml), emails);
  return { lambda, resources: resources.Resources ?? {}, outputs: resources.Outputs ?? {} };
};

const ofType = (type: string, yaml = '') =>
  Object.values(made(yaml).resources)
    .filter(({ Type }) => Type === type)
    .map(({ Properties = {} }) => Properties);

const alarmsOf = (yaml = '') => ofType('AWS::CloudWatch::Alarm', yaml);
const named = (name: string, yaml = '') => alarmsOf(yaml).find(({ AlarmName }) => AlarmName === `sluice-test-${name}`);
const withGroups = `cloudWatch: {logGroups: [${GROUPS.join(', ')}]}`;

const withAutomation = `${withGroups}
rules: {slow: {match: source=shop, moreThan: 5, within: 10m}}
remediation: {tag: sluice-remediation=allowed}`;

describe('alarms', () => {
  it('tell the topic when they rise and when they are over, and what to do', () => {
    for (const alarm of alarmsOf(withGroups)) {
      expect([alarm.AlarmActions, alarm.OKActions]).toStrictEqual([[{ Ref: 'AlarmsTopic' }], [{ Ref: 'AlarmsTopic' }]]);
      expect(String(alarm.AlarmDescription)).toMatch(/^.{15,1024}\.$/s);
      expect(String(alarm.AlarmName).length).toBeLessThanOrEqual(255);
      expect(Number(alarm.Period) * Number(alarm.EvaluationPeriods)).toBeLessThanOrEqual(86_400);
    }
  });

  it('have names of their own', () => {
    const names = alarmsOf(withGroups).map(({ AlarmName }) => AlarmName);
    expect(names.length).toBe(new Set(names).size);
    expect(Object.keys(made(withGroups).resources).filter((id) => id.endsWith('Alarm')).length).toBe(names.length);
  });

  it('rise at what sluice.yml says', () => {
    const yaml = 'alarms: {iteratorAge: 1h, waitingNotices: 30m, quarantined: 7, throttles: 99}';
    const limits = ['route-alerts-late', 'notices-waiting', 'quarantine', 'stream-write-throttled'].map((name) => {
      const { Threshold, Period, EvaluationPeriods } = named(name, yaml) ?? {};
      return [Threshold, Number(Period) * Number(EvaluationPeriods)];
    });
    expect(limits).toStrictEqual([
      [3_600_000, 600],
      [1, 1_800],
      [7, 300],
      [99, 300],
    ]);
  });

  it('look at a consumer that hangs in each period: it is tried once in its time limit and the longest pause', () => {
    const { provider } = parse(readFileSync(join(ROOT, 'serverless.yml'), 'utf8')) as { provider: { timeout: number } };
    const late = alarmsOf(withAutomation).filter(({ MetricName }) => MetricName === 'IteratorAge');
    expect(late).toHaveLength(4);
    const longestPause = 60;
    for (const { Period } of late) expect(Number(Period)).toBeGreaterThan(provider.timeout + longestPause);
  });

  it('stay silent where there is nothing to count, save for the function that must run each minute', () => {
    const bad = alarmsOf(withGroups).filter(({ TreatMissingData }) => TreatMissingData !== 'notBreaching');
    expect(bad.map(({ AlarmName, TreatMissingData }) => [AlarmName, TreatMissingData])).toStrictEqual([
      ['sluice-test-windows-not-closed', 'breaching'],
    ]);
  });

  it('watch every function of serverless.yml that is always deployed', () => {
    const { functions } = parse(readFileSync(join(ROOT, 'serverless.yml'), 'utf8')) as { functions: object };
    const always = Object.entries(functions).filter(([, one]) => typeof one === 'object');
    expect([...FUNCTIONS].sort()).toStrictEqual(always.map(([key]) => key).sort());
  });

  it('watch nothing of an archive that there is none of, and who quarantines in its place', () => {
    const without = alarmsOf('archive: {enabled: false}').map(({ AlarmName }) => String(AlarmName));
    const before = alarmsOf().map(({ AlarmName }) => String(AlarmName));
    const gone = before.filter((name) => !without.includes(name));
    expect(gone.every((name) => /archive/.test(name))).toBe(true);
    expect(gone.length).toBe(before.filter((name) => /archive/.test(name)).length);
    expect(at(named('quarantine', 'archive: {enabled: false}'), 'Dimensions', '0', 'Value')).toBe('project-incidents');
    expect(at(named('quarantine'), 'Dimensions', '0', 'Value')).toBe('archive-events');
  });

  it('watch what rules and remediation bring, where there are any', () => {
    const before = new Set(alarmsOf(withGroups).map(({ AlarmName }) => AlarmName));
    const more = alarmsOf(withAutomation).filter(({ AlarmName }) => !before.has(AlarmName));
    expect(more.map(({ AlarmName, MetricName }) => [AlarmName, MetricName])).toStrictEqual([
      ['sluice-test-evaluate-rules-late', 'IteratorAge'],
      ['sluice-test-evaluate-rules-ledger', 'events.unaccounted'],
      ['sluice-test-evaluate-rules-failures-lost', 'DestinationDeliveryFailures'],
      ['sluice-test-firings-waiting', 'firings.waiting'],
      ['sluice-test-evaluateRules-failing', 'Errors'],
      ['sluice-test-evaluateRules-throttled', 'Throttles'],
      ['sluice-test-remediate-throttled', 'Throttles'],
      ['sluice-test-remediate-failing', 'Errors'],
      ['sluice-test-remediate-lost', 'AsyncEventsDropped'],
      ['sluice-test-remediation-topic-failures', 'NumberOfNotificationsFailed'],
      ['sluice-test-remediation-alarms-topic-failures', 'NumberOfNotificationsFailed'],
      ['sluice-test-restarts-given-up', 'ApproximateNumberOfMessagesVisible'],
    ]);
  });

  it('watch the function that puts alarms on the stream, of which one lost call is enough', () => {
    const ofIt = alarmsOf().filter(({ AlarmName }) => String(AlarmName).startsWith('sluice-test-ingestNotifications-'));
    expect(ofIt.map(({ MetricName, Threshold, Dimensions }) => [MetricName, Threshold, Dimensions])).toStrictEqual(
      [
        ['Throttles', 10],
        ['Errors', 3],
        ['AsyncEventsDropped', 1],
      ].map((one) => [...one, [{ Name: 'FunctionName', Value: { Ref: 'IngestNotificationsLambdaFunction' } }]]),
    );
  });

  it('are told by a topic under a key that services may use, for this account alone', () => {
    const [key] = ofType('AWS::KMS::Key');
    expect(at(key, 'KeyPolicy', 'Statement', '1', 'Principal', 'Service')).toContain('cloudwatch.amazonaws.com');
    const [topic] = ofType('AWS::SNS::Topic');
    expect(topic?.KmsMasterKeyId).toStrictEqual({ Ref: 'AlarmsKey' });
    const [policy] = ofType('AWS::SNS::TopicPolicy');
    expect(at(policy, 'PolicyDocument', 'Statement', '0', 'Condition')).toStrictEqual({
      StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } },
    });
  });

  it('reach their addresses', () => {
    const subscriptions = Object.values(made('', ['a@example.org', 'b@example.org']).resources).filter(
      ({ Type }) => Type === 'AWS::SNS::Subscription',
    );
    expect(subscriptions.map(({ Properties }) => Properties?.Endpoint)).toStrictEqual([
      'a@example.org',
      'b@example.org',
    ]);
  });

  it('are not made where they are not enabled, nor anything else of theirs', () => {
    expect(made('alarms: {enabled: false}')).toStrictEqual({ lambda: null, resources: {}, outputs: {} });
  });
});

describe('a log group that is subscribed', () => {
  it('has a filter and an alarm for errors, for response times and for slow responses', () => {
    const filters = ofType('AWS::Logs::MetricFilter', withGroups).map(({ LogGroupName, MetricTransformations }) => {
      const [{ MetricName, MetricValue, DefaultValue }] = MetricTransformations as [Record<string, unknown>];
      return [LogGroupName, MetricName, MetricValue, DefaultValue];
    });
    expect(filters).toStrictEqual(
      GROUPS.flatMap((group) => [
        [group, `errors ${group}`, '1', 0],
        [group, `response-time ${group}`, '$ms', undefined],
        [group, `slow ${group}`, '1', undefined],
      ]),
    );
    const watched = alarmsOf(withGroups).filter(({ Namespace }) => Namespace === 'Sluice/test/log-groups');
    expect(watched.map(({ MetricName, Threshold, Period }) => [MetricName, Threshold, Period])).toStrictEqual(
      GROUPS.flatMap((group) => [
        [`errors ${group}`, 1, 300],
        [`slow ${group}`, 6, 600],
      ]),
    );
  });

  it('has none for response times where the line is none', () => {
    const yaml = `${withGroups}\nalarms: {responseTime: {line: none}}`;
    expect(ofType('AWS::Logs::MetricFilter', yaml).length).toBe(GROUPS.length);
  });

  it('has metrics of its own, also when names are long or alike', () => {
    const { alarms } = parseConfiguration('');
    const groups = ['/a/b', '/a-b', `/${'x'.repeat(500)}a`, `/${'x'.repeat(500)}b`];
    const names = groupMetrics('test', groups, alarms).map(({ errors }) => errors.name);
    expect(new Set(names).size).toBe(4);
    expect(names.filter((name) => name.length > 255)).toStrictEqual([]);
    const yaml = `cloudWatch: {logGroups: [${groups.join(', ')}]}`;
    expect(alarmsOf(yaml).length - alarmsOf('').length).toBe(8);
  });

  it('has patterns that CloudWatch Logs takes', () => {
    const { line } = parseConfiguration('').alarms.responseTime;
    expect(responsePattern(line)).toBe('[..., w0=High, w1=response, w2=time, w3=for, w4, ms, w6=ms]');
    expect(responsePattern(line, '>3000')).toBe('[..., w0=High, w1=response, w2=time, w3=for, w4, ms>3000, w6=ms]');
    expect(ERROR_PATTERN).toMatch(/^\?"ERROR" \?"FATAL" .*\?"\\"level\\":\\"error\\""/);
    expect(ERROR_PATTERN.length).toBeLessThanOrEqual(1_024);
  });
});

/** Every metric that the code writes, as `service name`. Batches are counted for all three consumers. */
function writtenMetrics(): Set<string> {
  const namesIn = (folder: string): string[] =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
      .flatMap((file) => [...readFileSync(join(folder, file), 'utf8').matchAll(/addMetric\(\s*['`]([^'`]+)['`]/g)])
      .map(([, name]) => name as string);
  const counts = ['received', 'projected', 'duplicates', 'filtered', 'quarantined'];
  const ofBatches = namesIn(join(ROOT, 'shared/runtime')).flatMap((name) =>
    name.includes('$') ? counts.map((word) => name.replace(/\$\{\w+\}/, word)) : [name],
  );
  const services = readdirSync(join(ROOT, 'services'));
  return new Set(
    services.flatMap((service) => [
      ...namesIn(join(ROOT, 'services', service)).map((name) => `${service} ${name}`),
      ...(['route-alerts', 'project-incidents', 'archive-events', 'evaluate-rules'].includes(service)
        ? ofBatches.map((name) => `${service} ${name}`)
        : []),
    ]),
  );
}

/** Of each namespace of AWS that we read, the metrics that its documentation names. */
const OF_AWS: Readonly<Record<string, string[]>> = {
  'AWS/Lambda': [
    'IteratorAge',
    'Errors',
    'Throttles',
    'Invocations',
    'DestinationDeliveryFailures',
    'AsyncEventsDropped',
  ],
  'AWS/Kinesis': ['IncomingRecords', 'WriteProvisionedThroughputExceeded', 'ReadProvisionedThroughputExceeded'],
  'AWS/DynamoDB': ['ReadThrottleEvents', 'WriteThrottleEvents'],
  'AWS/Firehose': ['DeliveryToS3.DataFreshness', 'FailedConversion.Records'],
  'AWS/SNS': ['NumberOfMessagesPublished', 'NumberOfNotificationsFailed'],
  'AWS/SQS': ['ApproximateAgeOfOldestMessage', 'ApproximateNumberOfMessagesVisible'],
  'AWS/ApiGateway': ['Count', '4XXError', '5XXError', 'Latency'],
};

describe('every metric', () => {
  const written = writtenMetrics();
  const filtered = ofType('AWS::Logs::MetricFilter', withGroups).map(({ MetricTransformations }) =>
    String(at(MetricTransformations, '0', 'MetricName')),
  );
  const isWritten = (namespace: unknown, name: unknown, service: unknown): boolean => {
    if (namespace === 'Sluice/test') return written.has(`${service} ${name}`);
    if (namespace === 'Sluice/test/log-groups') return filtered.includes(String(name));
    return OF_AWS[String(namespace)]?.includes(String(name)) ?? false;
  };

  it('that the dashboard shows is one that the code or AWS writes', () => {
    const configuration = parseConfiguration(withAutomation);
    const groups = groupMetrics('test', GROUPS, configuration.alarms);
    const lines = graphs('test', groups, configuration).flatMap((graph) => graph.lines);
    expect(lines.length).toBeGreaterThan(50);
    const unknown = lines.filter(
      ({ metric: { namespace, name, dimensions } }) => !isWritten(namespace, name, dimensions?.service),
    );
    expect(unknown).toStrictEqual([]);
  });

  it('that an alarm looks at is one that the code or AWS writes', () => {
    const unknown = alarmsOf(withAutomation).filter(({ Namespace, MetricName, Dimensions }) => {
      const dimensions = Dimensions as { Name: string; Value: unknown }[];
      return !isWritten(Namespace, MetricName, dimensions.find(({ Name }) => Name === 'service')?.Value);
    });
    expect(unknown).toStrictEqual([]);
  });
});

it('the dashboard is JSON in which only references are substituted', () => {
  const [dashboard] = ofType('AWS::CloudWatch::Dashboard', withGroups);
  const text = String(at(dashboard?.DashboardBody, 'Fn::Sub'));
  const { widgets } = JSON.parse(text) as { widgets: { type: string; x: number; width: number }[] };
  expect(widgets.filter(({ type }) => type === 'metric').length).toBe(14);
  expect(widgets.every(({ x, width }) => x + width <= 24)).toBe(true);
  const references = [...text.matchAll(/\$\{([^}]*)\}/g)].map(([, name]) => name as string);
  expect(references.filter((name) => !/^(AWS::\w+|[A-Z]\w+(\.\w+)?)$/.test(name))).toStrictEqual([]);
});
