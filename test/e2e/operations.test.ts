import { randomUUID } from 'node:crypto';
import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  GetDashboardCommand,
  PutMetricDataCommand,
} from '@aws-sdk/client-cloudwatch';
import { LambdaClient, ListEventSourceMappingsCommand, UpdateEventSourceMappingCommand } from '@aws-sdk/client-lambda';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { beforeAll, expect, test } from 'vitest';
import { runCli } from '../../cli/run-cli.ts';
import { runServerless } from '../../local/deploy.ts';
import { s3 } from '../../shared/aws/s3-client.ts';
import type { Level } from '../../shared/events/levels.ts';
import type { Finding } from '../../shared/health/finding.ts';
import { captureStreams } from '../support/captured-streams.ts';
import { deployedOutputs } from '../support/deployed-outputs.ts';
import { readArchive } from '../support/read-archive.ts';

const MINUTES = 60_000;
const RUN = randomUUID();
const cloudWatch = new CloudWatchClient({});
let outputs: Record<string, string>;

beforeAll(async () => {
  outputs = await deployedOutputs();
  if (outputs.AlarmsTopicArn !== undefined) return;
  // Another test deployed without alarms, as the demo does.
  await runServerless('deploy', { endpoint: process.env.AWS_ENDPOINT_URL ?? '' });
  outputs = await deployedOutputs();
}, 4 * MINUTES);

const poll = (ask: () => Promise<unknown>) => expect.poll(ask, { timeout: MINUTES, interval: 250 });

/** Messages of events of a level that are archived and hold a text. The archive may repeat an event: its id counts once. */
async function archived(level: Level, holding: string): Promise<string[]> {
  const events = await readArchive(outputs.ArchiveBucket ?? '', level);
  const found = new Map(events.filter(({ message }) => message.includes(holding)).map((event) => [event.id, event]));
  return [...found.values()].map(({ type, message }) => `${type}: ${message}`);
}

test('every alarm is deployed and tells the one topic', async () => {
  const { MetricAlarms = [] } = await cloudWatch.send(
    new DescribeAlarmsCommand({ AlarmNamePrefix: 'sluice-local-', MaxRecords: 100 }),
  );
  expect(MetricAlarms.length).toBeGreaterThan(40);
  const told = new Set(
    MetricAlarms.flatMap(({ AlarmActions = [], OKActions = [] }) => [...AlarmActions, ...OKActions]),
  );
  expect([...told]).toEqual([outputs.AlarmsTopicArn]);
});

test('the dashboard is there, with every reference filled in', async () => {
  const { DashboardBody = '' } = await cloudWatch.send(new GetDashboardCommand({ DashboardName: 'sluice-local' }));
  expect(DashboardBody).not.toContain('$');
  expect((JSON.parse(DashboardBody) as { widgets: unknown[] }).widgets.length).toBeGreaterThan(10);
  expect(DashboardBody).toContain(`"${outputs.IncidentsTable}"`);
});

test('a metric over its threshold raises its alarm, which becomes an event on the stream', async () => {
  const Dimensions = [{ Name: 'service', Value: 'archive-events' }];
  const metric = { MetricName: 'events.quarantined', Dimensions, Value: 3, Timestamp: new Date() };
  await cloudWatch.send(new PutMetricDataCommand({ Namespace: 'Sluice/local', MetricData: [metric] }));
  await poll(() => archived('error', 'Alarm sluice-local-quarantine is ALARM')).toEqual([
    expect.stringContaining('alarm.changed: Alarm sluice-local-quarantine is ALARM: Threshold Crossed'),
  ]);
});

test('a batch that was given up is an error that says where it is kept', async () => {
  const { client } = await s3();
  const Key = `aws/lambda/${RUN}/shardId-000000000000/batch.json`;
  await client.send(new PutObjectCommand({ Bucket: outputs.FailuresBucket, Key, Body: '{}' }));
  await poll(() => archived('error', RUN)).toEqual([
    `log: A batch could not be processed to the end; it was kept as s3://${outputs.FailuresBucket}/${Key}`,
  ]);
});

test('an email that came back is a warning that names its address, once', async () => {
  const emailAddress = `${RUN}@example.org`;
  const bounce = { bounceType: 'Permanent', bouncedRecipients: [{ emailAddress }] };
  const Message = JSON.stringify({
    eventType: 'Bounce',
    bounce,
    mail: { messageId: RUN, destination: [emailAddress] },
  });
  const sns = new SNSClient({});
  for (const _ of [1, 2]) await sns.send(new PublishCommand({ TopicArn: outputs.AlarmsTopicArn, Message }));
  await poll(() => archived('warning', RUN)).toEqual([`log: An email to ${emailAddress} came back: Permanent`]);
});

async function doctor() {
  const capture = captureStreams({ env: process.env });
  const code = await runCli(['doctor', '--json'], capture.streams);
  const { isWell, findings } = JSON.parse(capture.stdout()) as { isWell: boolean; findings: Finding[] };
  return { code, isWell, found: new Map(findings.map((finding) => [finding.check, finding])) };
}

test('sluice doctor sees what is well, and names what is not: the alarm and the batch of the tests above', async () => {
  const { code, isWell, found } = await doctor();
  expect([code, isWell]).toEqual([1, false]);
  const well = ['node', 'configuration', 'access', 'stack', 'mappings', 'ledger', 'throttles', 'archive'];
  expect(well.map((check) => found.get(check)).filter((finding) => finding?.state !== 'well')).toEqual([]);
  expect(found.get('alarms')).toMatchObject({
    state: 'wrong',
    says: expect.stringContaining('sluice-local-quarantine'),
  });
  expect(found.get('failures')).toMatchObject({ state: 'wrong', says: expect.stringContaining(RUN) });
});

test('sluice doctor sees a mapping that was switched off', async () => {
  const lambda = new LambdaClient({});
  const FunctionName = 'sluice-local-archiveEvents';
  const { EventSourceMappings: [mapping] = [] } = await lambda.send(
    new ListEventSourceMappingsCommand({ FunctionName }),
  );
  const turn = (Enabled: boolean) => lambda.send(new UpdateEventSourceMappingCommand({ UUID: mapping?.UUID, Enabled }));
  await turn(false);
  const { found } = await doctor();
  await turn(true);
  expect(found.get('mappings')).toMatchObject({
    state: 'wrong',
    says: expect.stringMatching(/^switched off: archiveEvents \(Disabl(ed|ing)\)$/),
  });
});

test('sluice doctor is one screen', async () => {
  const capture = captureStreams({ env: process.env });
  await runCli(['doctor'], capture.streams);
  const lines = capture.stdout().trimEnd().split('\n');
  expect(lines.length).toBeLessThanOrEqual(30);
  expect(lines).toContainEqual(expect.stringMatching(/^✔ stack +sluice-local is (CREATE|UPDATE)_COMPLETE$/));
  expect(lines.at(-1)).toMatch(/^\d+ of 14 are not well\.$/);
});
