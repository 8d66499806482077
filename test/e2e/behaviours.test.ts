import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import {
  CloudWatchClient,
  DeleteAlarmsCommand,
  DescribeAlarmsCommand,
  PutMetricAlarmCommand,
  SetAlarmStateCommand,
} from '@aws-sdk/client-cloudwatch';
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  DeleteSubscriptionFilterCommand,
  DescribeSubscriptionFiltersCommand,
  PutSubscriptionFilterCommand,
  type PutSubscriptionFilterRequest,
} from '@aws-sdk/client-cloudwatch-logs';
import { EC2Client, RunInstancesCommand, TerminateInstancesCommand } from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runServerless } from '../../local/deploy.ts';
import { localFolder, PROJECT_FOLDER } from '../../local/local-folder.ts';
import type { Notice } from '../../shared/alerts/notice.ts';
import { scanTable } from '../../shared/aws/dynamodb-scan.ts';
import { takeMessages } from '../../shared/aws/sqs-queue.ts';
import { stackOutputs } from '../../shared/aws/stack-outputs.ts';
import type { LogEvent } from '../../shared/events/event.ts';
import { LEVELS, type Level } from '../../shared/events/levels.ts';
import { systemClock } from '../../shared/runtime/system-clock.ts';
import { type QueueOfTopic, queueOfTopic } from '../contract/topic-with-queue.ts';
import { DeployedEffects } from '../support/deployed-effects.ts';
import { expireItems } from '../support/expiring-tables.ts';
import { writeLines } from '../support/metric-filters.ts';
import { readArchive } from '../support/read-archive.ts';

/** What Sluice is for, each shown on the local cloud; that it bears being denied a topic in policies.test.ts. */

const run = promisify(execFile);
const MINUTES = 60_000;
const RUN = randomUUID().slice(0, 8);
const GROUP = `/behaviours/${RUN}`;
/** Of the burst: the shortest that a configuration takes. */
const WINDOW_MS = 10_000;
/** An alarm of the operator's own, on the metric that Sluice makes of the lines. */
const SLOW_ALARM = `slow-${RUN}`;
const TAG = { Key: 'sluice-remediation', Value: 'allowed' };
let instance: string;

/** Routes of its own, so that the groups and windows of other tests are nothing to this one. */
const configuration = () => `
applicationLogs:
  retention: 1d
  sources: { day-${RUN}: debug }
cloudWatch:
  logGroups: [${GROUP}]
alerts:
  route:
    routes:
      - { name: burst-${RUN}, matchers: [source=burst-${RUN}], group_interval: ${WINDOW_MS / 1_000}s }
      - { name: rules-${RUN}, matchers: [source=sluice.rules] }
      - { name: csv-${RUN}, matchers: [source=products-csv] }
rules:
  slow-${RUN}:
    match: source=${RUN}
    extract: "High response time for {endpoint}: {ms} ms"
    where: ms > 3000
    moreThan: 5
    within: 10m
remediation:
  tag: ${TAG.Key}=${TAG.Value}
  alarms: { ${SLOW_ALARM}: ${instance} }
`;

const cloudWatch = new CloudWatchClient({});
const logs = new CloudWatchLogsClient({});
const ec2 = new EC2Client({});
const queues: QueueOfTopic[] = [];
let outputs: Record<string, string>;
let deployed: DeployedEffects;

beforeAll(async () => {
  await logs.send(new CreateLogGroupCommand({ logGroupName: GROUP }));
  await logs.send(new CreateLogStreamCommand({ logGroupName: GROUP, logStreamName: RUN }));
  const TagSpecifications = [{ ResourceType: 'instance' as const, Tags: [TAG] }];
  const launch = { ImageId: 'ami-00000000', MinCount: 1, MaxCount: 1, TagSpecifications };
  instance = (await ec2.send(new RunInstancesCommand(launch))).Instances?.[0]?.InstanceId ?? '';
  const folder = localFolder().path;
  mkdirSync(folder, { recursive: true });
  const configurationFile = join(folder, 'behaviours.sluice.yml');
  writeFileSync(configurationFile, configuration());
  await runServerless('deploy', { endpoint: process.env.AWS_ENDPOINT_URL ?? '', configurationFile });
  outputs = (await stackOutputs('sluice-local')) ?? {};
  deployed = new DeployedEffects(outputs);
  await expireItems('sluice-local', { isEnabled: true });
}, 4 * MINUTES);

afterAll(async () => {
  await expireItems('sluice-local', { isEnabled: false });
  for (const queue of queues) await queue.remove();
  await cloudWatch.send(new DeleteAlarmsCommand({ AlarmNames: [SLOW_ALARM] }));
  await ec2.send(new TerminateInstancesCommand({ InstanceIds: [instance] }));
});

const poll = (ask: () => Promise<unknown>) => expect.poll(ask, { timeout: 20_000, interval: 100 });

async function listen(topicArn: string | undefined): Promise<QueueOfTopic> {
  const queue = await queueOfTopic(topicArn ?? '', `behaviours-${randomUUID()}`);
  queues.push(queue);
  return queue;
}

// First and last in this file: the local cloud deletes what has expired once a minute, AWS within days. Until then nobody
// sees such a row all the same.
test('with a retention of a day a row of a day ago is over, and one of an error stays', async () => {
  const source = `day-${RUN}`;
  const DAY = 86_400_000;
  const time = new Date(Date.now() - DAY + 4_000).toISOString();
  await deployed.put([
    { level: 'info', source, message: 'almost a day old', time },
    { level: 'error', source, message: 'an error of then', time },
    { level: 'info', source, message: 'of now' },
  ]);
  const messages = () => deployed.rowsOf(source);
  await poll(messages).toEqual(['almost a day old', 'an error of then', 'of now']);
  await poll(messages).toEqual(['an error of then', 'of now']);
});

test('one error is one notice, one row, one incident', async () => {
  const source = `single-${RUN}`;
  await deployed.put([{ level: 'error', source, message: 'the database does not answer' }]);
  await poll(() => deployed.noticesOf(source)).toEqual([['first', 1]]);
  await poll(() => deployed.rowsOf(source)).toEqual(['the database does not answer']);
  expect(await deployed.incidentsOf(source)).toEqual([['error', 1]]);
});

test('a burst of ten is a notice at once and a summary with ten, ten rows, one incident', async () => {
  const source = `burst-${RUN}`;
  const startedAt = Date.now();
  await deployed.put(
    Array.from({ length: 10 }, (_, n) => ({ level: 'error', source, message: `payment ${n} failed` })),
  );
  await poll(() => deployed.noticesOf(source)).toEqual([['first', 1]]);
  await poll(() => deployed.incidentsOf(source)).toEqual([['error', 10]]);
  expect(await deployed.rowsOf(source)).toEqual(Array.from({ length: 10 }, (_, n) => `payment ${n} failed`));
  await systemClock.sleep(Math.max(0, startedAt + WINDOW_MS + 1_000 - Date.now()));
  await deployed.closeWindows();
  await poll(() => deployed.noticesOf(source)).toEqual([
    ['first', 1],
    ['summary', 10],
  ]);
  await deployed.closeWindows();
  expect(await deployed.noticesOf(source)).toHaveLength(2);
});

/** The alarm that the deployment made of the log group. */
async function alarmOf(what: 'errors' | 'slow') {
  const AlarmNamePrefix = `sluice-local-${what}-behaviours-${RUN}`;
  const { MetricAlarms = [] } = await cloudWatch.send(new DescribeAlarmsCommand({ AlarmNamePrefix }));
  return MetricAlarms[0];
}

async function fallBack(AlarmName: string | undefined): Promise<void> {
  const reset = { AlarmName, StateValue: 'OK' as const, StateReason: 'the test is over' };
  await cloudWatch.send(new SetAlarmStateCommand(reset));
}

test('information alone raises no alarm and opens no incident, and the archive has it', async () => {
  const before = await deployed.incidents();
  await writeLines(GROUP, RUN, ['INFO shop opened', 'INFO prices loaded', 'INFO no errors so far']);
  await poll(() => deployed.archivedOf('info', RUN)).toBe(3);
  expect(await deployed.incidentsOf(RUN)).toEqual([]);
  expect(await deployed.incidents()).toBe(before);
  expect((await alarmOf('errors'))?.StateValue).toBe('OK');
});

test('while the ingestion is cut an error in a log group still raises its alarm, which people are told of', async () => {
  const alarms = await listen(outputs.AlarmsTopicArn);
  const { subscriptionFilters: [filter] = [] } = await logs.send(
    new DescribeSubscriptionFiltersCommand({ logGroupName: GROUP }),
  );
  await logs.send(
    new DeleteSubscriptionFilterCommand({ logGroupName: GROUP, filterName: filter?.filterName ?? 'there is none' }),
  );
  await writeLines(GROUP, RUN, ['ERROR the till is stuck']);
  const heard: string[] = [];
  await poll(async () => {
    for (const { body } of await alarms.receive()) {
      const { AlarmName, NewStateValue } = JSON.parse(body) as Record<string, string>;
      if (AlarmName?.includes(RUN)) heard.push(NewStateValue ?? '');
    }
    return heard;
  }).toEqual(['ALARM']);
  expect(await deployed.archivedOf('error', RUN)).toBe(0);
  const alarm = await alarmOf('errors');
  expect(alarm?.StateValue).toBe('ALARM');
  await fallBack(alarm?.AlarmName);
  await logs.send(new PutSubscriptionFilterCommand({ ...filter, logGroupName: GROUP } as PutSubscriptionFilterRequest));
});

test('more than 5 responses over 3,000 ms within 10 minutes: an alarm, a restart, events, a notice, messages of a queue', async () => {
  const alarm = await alarmOf('slow');
  const own = {
    AlarmName: SLOW_ALARM,
    Namespace: alarm?.Namespace,
    MetricName: alarm?.MetricName,
    Statistic: alarm?.Statistic,
  };
  const rule = { Period: 600, EvaluationPeriods: 1, Threshold: 5, ComparisonOperator: 'GreaterThanThreshold' as const };
  const AlarmActions = [outputs.RemediationAlarmsTopicArn ?? ''];
  await cloudWatch.send(new PutMetricAlarmCommand({ ...own, ...rule, AlarmActions }));
  const response = (ms: number) => `High response time for /cart: ${ms} ms`;
  await writeLines(GROUP, RUN, [...[2_999, 3_000].map(response), ...Array.from({ length: 5 }, () => response(3_001))]);
  const steps: LogEvent[] = [];
  const stepsTold = async () => {
    const came = (await takeMessages(outputs.RemediationNoticesQueueUrl ?? '')).map(
      (text) => JSON.parse(text) as LogEvent,
    );
    steps.push(...came.filter(({ attributes }) => attributes?.instance === instance));
    return steps.map(({ type, attributes }) => attributes?.step ?? type);
  };
  await poll(() => deployed.archivedOf('info', RUN)).toBe(10);
  expect([(await alarmOf('slow'))?.StateValue, await stepsTold()]).toEqual(['OK', []]);
  await writeLines(GROUP, RUN, [response(4_000)]);
  await poll(stepsTold).toEqual(['remediation.requested', 'stop', 'start', 'running']);
  expect((await alarmOf('slow'))?.StateValue).toBe('ALARM');
  const archived = async () => {
    const events = await readArchive(outputs.ArchiveBucket ?? '', 'info');
    return steps.filter(({ id }) => events.some((event) => event.id === id)).length;
  };
  await poll(archived).toBe(4);
  await poll(async () => {
    const notices = await deployed.notices();
    return notices.map(({ sample }) => sample).filter((sample) => sample.includes(`slow-${RUN}`));
  }).toEqual([`Rule slow-${RUN}: 6 events within 10m, more than 5`]);
  await fallBack(alarm?.AlarmName);
});

test("an application that reads a CSV logs at five levels, and each reaches its own topic's subscriber", async () => {
  const listeners = new Map<Level, QueueOfTopic>();
  for (const level of LEVELS) {
    const output = `${level.charAt(0).toUpperCase()}${level.slice(1)}TopicArn`;
    listeners.set(level, await listen(outputs[output]));
  }
  const products = join(PROJECT_FOLDER, 'examples/products-csv');
  const cleaned = join(localFolder().path, 'behaviours.products.csv');
  await run(process.execPath, [join(products, 'main.ts'), join(products, 'products.csv'), cleaned], {
    env: { ...process.env, SLUICE_STREAM: outputs.StreamName },
  });
  const heard = new Map<Level, Set<string>>();
  const receive = async () => {
    for (const [level, queue] of listeners) {
      const notices = (await queue.receive()).map(({ body }) => JSON.parse(body) as Notice);
      const ofApplication = notices.filter(({ source }) => source === 'products-csv');
      heard.set(level, new Set([...(heard.get(level) ?? []), ...ofApplication.map((notice) => notice.level)]));
    }
    return LEVELS.map((level) => [level, [...(heard.get(level) ?? [])]]);
  };
  await poll(receive).toEqual(LEVELS.map((level) => [level, [level]]));
});

test('and the table itself has that row no longer', async () => {
  const kept = async () => {
    const rows = await scanTable(outputs.ApplicationLogsTable ?? '', ['source_application', 'message']);
    return rows.filter((row) => row.source_application === `day-${RUN}`).map(({ message }) => message);
  };
  await expect.poll(kept, { timeout: 62_000, interval: 500 }).toHaveLength(2);
  expect((await kept()).sort()).toEqual(['an error of then', 'of now']);
}, 65_000);
