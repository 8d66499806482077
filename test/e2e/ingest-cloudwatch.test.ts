import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  DescribeSubscriptionFiltersCommand,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { readIncidents, readLedger } from '../../cli/demo/observe.ts';
import { runServerless } from '../../local/deploy.ts';
import { localFolder } from '../../local/local-folder.ts';
import { kinesisStream } from '../../shared/aws/kinesis-stream.ts';
import { stackOutputs } from '../../shared/aws/stack-outputs.ts';
import { systemClock } from '../../shared/runtime/system-clock.ts';
import { putRecords } from '../../shared/stream/put-records.ts';
import { producerBlock } from '../support/readme.ts';
import { settledLedger } from '../support/settled-ledger.ts';

const MINUTES = 60_000;
const CONFIGURATION = producerBlock('cloudwatch');
const GROUPS = (parse(CONFIGURATION) as { cloudWatch: { logGroups: string[] } }).cloudWatch.logGroups;
const STREAM = `run-${Date.now()}`;
const REQUEST = '6234bffe-149a-4642-81ff-2e8e376d8aff';

const logs = new CloudWatchLogsClient({});
const lambda = new LambdaClient({});
let outputs: Record<string, string>;

beforeAll(async () => {
  for (const logGroupName of GROUPS) {
    await logs.send(new CreateLogGroupCommand({ logGroupName })).catch(ignoreExisting);
    await logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName: STREAM }));
  }
  const folder = localFolder().path;
  mkdirSync(folder, { recursive: true });
  const configurationFile = join(folder, 'cloudwatch.sluice.yml');
  writeFileSync(configurationFile, CONFIGURATION);
  await runServerless('deploy', { endpoint: process.env.AWS_ENDPOINT_URL ?? '', configurationFile });
  outputs = (await stackOutputs('sluice-local')) ?? {};
}, 4 * MINUTES);

function ignoreExisting(error: unknown): void {
  if (!(error instanceof Error && error.name === 'ResourceAlreadyExistsException')) throw error;
}

async function putLines(logGroupName: string, messages: string[]): Promise<void> {
  const logEvents = messages.map((message, n) => ({ timestamp: Date.now() + n, message }));
  await logs.send(new PutLogEventsCommand({ logGroupName, logStreamName: STREAM, logEvents }));
}

/** What CloudWatch Logs sends: the envelope of its documentation, gzipped. */
function envelope(messages: string[], part: object = {}): Buffer {
  const logEvents = messages.map((message, n) => ({
    id: String(34622316099697884706540976068822859012661220141643892546n + BigInt(n)),
    timestamp: Date.now(),
    message,
  }));
  const place = {
    owner: '000000000000',
    logGroup: GROUPS[0],
    logStream: STREAM,
    subscriptionFilters: ['sluice-local'],
  };
  return gzipSync(JSON.stringify({ messageType: 'DATA_MESSAGE', ...place, logEvents, ...part }));
}

async function invoke(message: Buffer): Promise<string | undefined> {
  const Payload = JSON.stringify({ awslogs: { data: message.toString('base64') } });
  const answer = await lambda.send(new InvokeCommand({ FunctionName: 'sluice-local-ingestCloudwatch', Payload }));
  return answer.FunctionError;
}

/** The incidents of one template, once there are some. */
async function incidentsOf(template: string) {
  const all = await readIncidents(outputs);
  return all
    .filter((incident) => incident.template.includes(template))
    .map(({ source, level, count }) => ({ source, level, count }));
}

const poll = (ask: () => Promise<unknown>) => expect.poll(ask, { timeout: MINUTES, interval: 250 });

test('every group of the file is subscribed', async () => {
  for (const logGroupName of GROUPS) {
    const { subscriptionFilters } = await logs.send(new DescribeSubscriptionFiltersCommand({ logGroupName }));
    expect(subscriptionFilters?.map(({ filterName, filterPattern }) => [filterName, filterPattern])).toEqual([
      ['sluice-local', ''],
    ]);
  }
});

test('a line that an application logs becomes an incident of that application', async () => {
  const word = `shopfailure${Date.now().toString(36).replaceAll(/\d/g, 'x')}`;
  await putLines('/ecs/shop', [
    `2026-11-21 12:00:00 ERROR ${word} refused order 4711`,
    'INFO all is well',
    JSON.stringify({ level: 'fatal', message: `${word} in JSON` }),
  ]);
  await poll(() => incidentsOf(`${word} refused order`)).toEqual([{ source: 'shop', level: 'error', count: 1 }]);
  await poll(() => incidentsOf(`${word} in JSON`)).toEqual([{ source: 'shop', level: 'critical', count: 1 }]);
});

test('a batch that is delivered twice to the function and once to the stream itself counts once', async () => {
  const before = await settledLedger(outputs);
  const word = `payfailure${Date.now().toString(36).replaceAll(/\d/g, 'x')}`;
  const message = envelope([
    `START RequestId: ${REQUEST} Version: $LATEST\n`,
    ...[1, 2, 3].map((n) => `2026-11-21T11:59:59.123Z\t${REQUEST}\tERROR\t${word} refused order ${n}\n`),
    `END RequestId: ${REQUEST}\n`,
  ]);
  expect([await invoke(message), await invoke(message)]).toEqual([undefined, undefined]);
  const entries = [{ data: message, partitionKey: STREAM }];
  await putRecords(entries, { send: kinesisStream(outputs.StreamName ?? ''), clock: systemClock });
  await poll(async () => (await readLedger(outputs))['project-incidents'].received).toBe(
    before['project-incidents'].received + 15,
  );
  expect(await incidentsOf(`${word} refused order`)).toEqual([{ source: 'checkout', level: 'error', count: 3 }]);
});

test('a message that tries the function puts nothing, and one that is no envelope is quarantined', async () => {
  const before = await settledLedger(outputs);
  expect(await invoke(envelope(['CWL CONTROL MESSAGE'], { messageType: 'CONTROL_MESSAGE' }))).toBe(undefined);
  expect(await invoke(gzipSync('cut off in the middle').subarray(0, 20))).toBe(undefined);
  await poll(async () => (await readLedger(outputs))['archive-events'].quarantined).toBe(
    before['archive-events'].quarantined + 1,
  );
  expect((await readLedger(outputs))['archive-events'].received).toBe(before['archive-events'].received + 1);
});
