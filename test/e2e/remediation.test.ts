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
import { ec2Instances } from '../../shared/aws/ec2-instances.ts';
import { takeMessages } from '../../shared/aws/sqs-queue.ts';
import { stackOutputs } from '../../shared/aws/stack-outputs.ts';
import type { LogEvent } from '../../shared/events/event.ts';
import { type InstanceId, parseInstanceId } from '../../shared/remediation/instance.ts';
import { readArchive } from '../support/read-archive.ts';
import { documentBlock } from '../support/readme.ts';

const MINUTES = 60_000;
const ALARM = 'slow responses';
const TAG = { Key: 'sluice-remediation', Value: 'allowed' };

const ec2 = new EC2Client({});
const cloudWatch = new CloudWatchClient({});
const lambda = new LambdaClient({});
let outputs: Record<string, string>;
let web: InstanceId;
let untagged: InstanceId;
const told: LogEvent[] = [];

async function launch(tags: { Key: string; Value: string }[]): Promise<InstanceId> {
  const TagSpecifications = [{ ResourceType: 'instance' as const, Tags: [{ Key: 'Name', Value: 'e2e' }, ...tags] }];
  const run = { ImageId: 'ami-00000000', MinCount: 1, MaxCount: 1, TagSpecifications };
  const { Instances = [] } = await ec2.send(new RunInstancesCommand(run));
  return parseInstanceId(Instances[0]?.InstanceId) as InstanceId;
}

beforeAll(async () => {
  [web, untagged] = [await launch([TAG]), await launch([])];
  const folder = localFolder().path;
  mkdirSync(folder, { recursive: true });
  const configurationFile = join(folder, 'remediation.sluice.yml');
  const written = documentBlock('docs/remediation.md', { language: 'yaml', holding: 'remediation:' });
  writeFileSync(configurationFile, written.replace('i-0123456789abcdef0', web));
  await runServerless('deploy', { endpoint: process.env.AWS_ENDPOINT_URL ?? '', configurationFile });
  outputs = (await stackOutputs('sluice-local')) ?? {};
}, 2 * MINUTES);

afterAll(async () => {
  await cloudWatch.send(new DeleteAlarmsCommand({ AlarmNames: [ALARM] }));
  await ec2.send(new TerminateInstancesCommand({ InstanceIds: [web, untagged] }));
});

/** Takes what the topic told its queue until there are so many events of one instance. */
async function toldOf(instance: InstanceId, count: number): Promise<LogEvent[]> {
  const own = () => told.filter(({ attributes }) => attributes?.instance === instance);
  await expect
    .poll(
      async () => {
        told.push(...(await takeMessages(outputs.RemediationNoticesQueueUrl ?? '')).map((text) => JSON.parse(text)));
        return own().length;
      },
      { timeout: MINUTES, interval: 100 },
    )
    .toBeGreaterThanOrEqual(count);
  return own();
}

const stepsOf = (events: readonly LogEvent[]) =>
  events.map(({ type, attributes }) => [type, attributes?.step ?? attributes?.cause ?? '']);

test(
  'an alarm over SNS restarts its instance, which runs again; each step is a message and an event in the archive',
  async () => {
    const metric = { Namespace: 'Shop', MetricName: 'ResponseTime', Statistic: 'Maximum' as const, Period: 60 };
    const rule = { EvaluationPeriods: 1, Threshold: 3_000, ComparisonOperator: 'GreaterThanThreshold' as const };
    const AlarmActions = [outputs.RemediationAlarmsTopicArn ?? ''];
    await cloudWatch.send(new PutMetricAlarmCommand({ AlarmName: ALARM, ...metric, ...rule, AlarmActions }));
    const StateReason = 'Threshold Crossed: 3500 > 3000';
    await cloudWatch.send(new SetAlarmStateCommand({ AlarmName: ALARM, StateValue: 'ALARM', StateReason }));
    const events = await toldOf(web, 4);
    expect(stepsOf(events)).toEqual([
      ['remediation.requested', ''],
      ['remediation.performed', 'stop'],
      ['remediation.performed', 'start'],
      ['remediation.performed', 'running'],
    ]);
    expect(events[0]?.message).toBe(
      `Restart of ${web} by stop and start, asked for by alarm slow responses: Threshold Crossed: 3500 > 3000`,
    );
    expect((await ec2Instances().find(web))?.state).toBe('running');
    const archived = async () =>
      (await readArchive(outputs.ArchiveBucket ?? '', 'info')).filter(({ id }) =>
        events.some((event) => event.id === id),
      );
    await expect.poll(async () => (await archived()).length, { timeout: MINUTES, interval: 250 }).toBe(4);
    expect(
      (await archived()).sort(
        (a, b) => events.findIndex(({ id }) => id === a.id) - events.findIndex(({ id }) => id === b.id),
      ),
    ).toEqual(events);
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
    expect(stepsOf(await toldOf(untagged, 1))).toEqual([['remediation.failed', 'not-allowed']]);
    const notices: { source: string; level: string; sample: string }[] = [];
    const ours = async () => {
      notices.push(...(await takeMessages(outputs.NoticesQueueUrl ?? '')).map((text) => JSON.parse(text)));
      return notices.filter(({ sample }) => sample.includes(untagged)).map(({ source, level }) => [source, level]);
    };
    await expect.poll(ours, { timeout: MINUTES, interval: 100 }).toEqual([['sluice.remediation', 'error']]);
    expect((await ec2Instances().find(untagged))?.state).toBe('running');
  },
  2 * MINUTES,
);
