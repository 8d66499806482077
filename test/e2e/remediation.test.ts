import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  CloudWatchClient,
  DeleteAlarmsCommand,
  PutMetricAlarmCommand,
  SetAlarmStateCommand,
} from '@aws-sdk/client-cloudwatch';
import { EC2Client, RunInstancesCommand, TerminateInstancesCommand } from '@aws-sdk/client-ec2';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runServerless } from '../../local/deploy.ts';
import { localFolder } from '../../local/local-folder.ts';
import { dynamoDbTable } from '../../shared/aws/dynamodb-table.ts';
import { ec2Instances } from '../../shared/aws/ec2-instances.ts';
import { kinesisStream } from '../../shared/aws/kinesis-stream.ts';
import { takeMessages } from '../../shared/aws/sqs-queue.ts';
import { stackOutputs } from '../../shared/aws/stack-outputs.ts';
import { TABLE_KEYS } from '../../shared/aws/tables.ts';
import type { LogEvent } from '../../shared/events/event.ts';
import { type InstanceId, parseInstanceId } from '../../shared/remediation/instance.ts';
import { groupKey } from '../../shared/rules/rule.ts';
import { systemClock } from '../../shared/runtime/system-clock.ts';
import { putRecords } from '../../shared/stream/put-records.ts';
import { readArchive } from '../support/read-archive.ts';
import { documentBlock } from '../support/readme.ts';

const MINUTES = 60_000;
const ALARM = 'slow responses';
const EXAMPLE = 'i-0123456789abcdef0';
const TAG = { Key: 'sluice-remediation', Value: 'allowed' };

const ec2 = new EC2Client({});
const cloudWatch = new CloudWatchClient({});
const lambda = new LambdaClient({});
let outputs: Record<string, string>;
/** What the rule of the documentation restarts, what its alarm restarts, and one that nobody may. */
let ruled: InstanceId;
let alarmed: InstanceId;
let untagged: InstanceId;

async function launch(tags: { Key: string; Value: string }[]): Promise<InstanceId> {
  const TagSpecifications = [{ ResourceType: 'instance' as const, Tags: [{ Key: 'Name', Value: 'e2e' }, ...tags] }];
  const run = { ImageId: 'ami-00000000', MinCount: 1, MaxCount: 1, TagSpecifications };
  const { Instances = [] } = await ec2.send(new RunInstancesCommand(run));
  return parseInstanceId(Instances[0]?.InstanceId) as InstanceId;
}

beforeAll(async () => {
  [ruled, alarmed, untagged] = [await launch([TAG]), await launch([TAG]), await launch([])];
  const folder = localFolder().path;
  mkdirSync(folder, { recursive: true });
  const configurationFile = join(folder, 'remediation.sluice.yml');
  const remediation = documentBlock('docs/remediation.md', { language: 'yaml', holding: 'remediation:' });
  const withRules = documentBlock('docs/rules.md', { language: 'yaml', holding: 'rules:' });
  // Both examples name the tag.
  const rules = withRules.slice(withRules.indexOf('rules:'));
  writeFileSync(configurationFile, `${remediation.replace(EXAMPLE, alarmed)}\n${rules.replace(EXAMPLE, ruled)}`);
  await runServerless('deploy', { endpoint: process.env.AWS_ENDPOINT_URL ?? '', configurationFile });
  outputs = (await stackOutputs('sluice-local')) ?? {};
}, 2 * MINUTES);

afterAll(async () => {
  await cloudWatch.send(new DeleteAlarmsCommand({ AlarmNames: [ALARM] }));
  await ec2.send(new TerminateInstancesCommand({ InstanceIds: [ruled, alarmed, untagged] }));
});

const poll = <T>(ask: () => Promise<T>) => expect.poll(ask, { timeout: MINUTES, interval: 100 });

/** What a queue has brought so far. */
function inbox<T>(output: string): () => Promise<T[]> {
  const came: T[] = [];
  return async () => {
    came.push(...(await takeMessages(outputs[output] ?? '')).map((text) => JSON.parse(text) as T));
    return came;
  };
}

const told = inbox<LogEvent>('RemediationNoticesQueueUrl');
const notices = inbox<{ source: string; level: string; sample: string }>('NoticesQueueUrl');

const stepsOf = async (instance: InstanceId) =>
  (await told())
    .filter(({ attributes }) => attributes?.instance === instance)
    .map(({ attributes }) => attributes?.step ?? attributes?.cause ?? 'requested');

const RESTARTED = ['requested', 'stop', 'start', 'running'];

async function put(events: readonly object[]): Promise<void> {
  const entries = events.map((event) => ({ data: Buffer.from(JSON.stringify(event)), partitionKey: 'shop' }));
  const { unsent } = await putRecords(entries, { send: kinesisStream(outputs.StreamName ?? ''), clock: systemClock });
  expect(unsent).toEqual([]);
}

test(
  'more than 5 responses over 3,000 ms within 10 minutes: a notice, a restart, events, messages of a queue',
  async () => {
    const now = Date.now();
    const slow = (n: number, ms: number) => ({
      id: `slow-${now}-${n}`,
      source: 'shop',
      level: 'info',
      time: new Date(now - n * 60_000).toISOString(),
      message: `High response time for /cart: ${ms} ms`,
    });
    const five = [0, 1, 2, 3, 4].map((n) => slow(n, 3_500));
    await put([...five, slow(5, 2_999), slow(6, 3_000), slow(11, 9_000), ...five]);
    const states = dynamoDbTable({ tableName: outputs.AlertGroupsTable ?? '', keys: TABLE_KEYS.alertGroups });
    const counted = async () =>
      (await states.getMany([{ group: groupKey('slow-responses', []) }])).items.map(({ total }) => total);
    // Five within ten minutes are not more than five, however often they come.
    await poll(counted).toEqual([6]);
    expect(await stepsOf(ruled)).toEqual([]);
    await put([slow(7, 3_001)]);
    await poll(() => stepsOf(ruled)).toEqual(RESTARTED);
    expect((await told()).find(({ attributes }) => attributes?.instance === ruled)?.message).toBe(
      `Restart of ${ruled} by stop and start, asked for by rule slow-responses: 6 events within 10m, more than 5`,
    );
    const ofRule = async () => (await notices()).filter(({ source }) => source === 'sluice.rules');
    await poll(async () => (await ofRule()).map(({ level, sample }) => [level, sample])).toEqual([
      ['error', 'Rule slow-responses: 6 events within 10m, more than 5'],
    ]);
    expect((await ec2Instances().find(ruled))?.state).toBe('running');
  },
  2 * MINUTES,
);

test(
  'an alarm over SNS restarts its instance; each step stands in the archive as it was told',
  async () => {
    const metric = { Namespace: 'Shop', MetricName: 'ResponseTime', Statistic: 'Maximum' as const, Period: 60 };
    const rule = { EvaluationPeriods: 1, Threshold: 3_000, ComparisonOperator: 'GreaterThanThreshold' as const };
    const AlarmActions = [outputs.RemediationAlarmsTopicArn ?? ''];
    await cloudWatch.send(new PutMetricAlarmCommand({ AlarmName: ALARM, ...metric, ...rule, AlarmActions }));
    const StateReason = 'Threshold Crossed: 3500 > 3000';
    await cloudWatch.send(new SetAlarmStateCommand({ AlarmName: ALARM, StateValue: 'ALARM', StateReason }));
    await poll(() => stepsOf(alarmed)).toEqual(RESTARTED);
    const events = (await told()).filter(({ attributes }) => attributes?.instance === alarmed);
    const archived = async () => {
      const rows = await readArchive(outputs.ArchiveBucket ?? '', 'info');
      return events.map(({ id }) => rows.find((row) => row.id === id));
    };
    await poll(archived).toEqual(events);
    expect((await ec2Instances().find(alarmed))?.state).toBe('running');
  },
  2 * MINUTES,
);

test(
  'an instance without the tag is refused to an alarm that invokes the function itself, and people are told',
  async () => {
    const dimensions = { InstanceId: untagged };
    const event = {
      source: 'aws.cloudwatch',
      time: new Date().toISOString(),
      alarmData: {
        alarmName: 'CPU of another',
        state: { value: 'ALARM', reason: 'it is busy', timestamp: new Date().toISOString() },
        configuration: { metrics: [{ metricStat: { metric: { dimensions } } }] },
      },
    };
    const invocation = { FunctionName: outputs.RemediateFunctionArn ?? '', Payload: JSON.stringify(event) };
    const answer = await lambda.send(new InvokeCommand(invocation));
    expect(answer.FunctionError).toBeUndefined();
    await poll(() => stepsOf(untagged)).toEqual(['not-allowed']);
    const ours = async () => (await notices()).filter(({ sample }) => sample.includes(untagged));
    await poll(async () => (await ours()).map(({ source, level }) => [source, level])).toEqual([
      ['sluice.remediation', 'error'],
    ]);
    expect((await ec2Instances().find(untagged))?.state).toBe('running');
  },
  2 * MINUTES,
);
