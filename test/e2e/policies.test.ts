import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CloudFormationClient,
  CreateStackCommand,
  DescribeStackResourceCommand,
  waitUntilStackCreateComplete,
} from '@aws-sdk/client-cloudformation';
import { CreateEmailIdentityCommand, SESv2Client } from '@aws-sdk/client-sesv2';
import { CreateTopicCommand, SetTopicAttributesCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { CreateQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { runServerless } from '../../local/deploy.ts';
import { startLocalCloud } from '../../local/local-cloud.ts';
import { enterLocalCloud } from '../../local/local-environment.ts';
import { localFolder } from '../../local/local-folder.ts';
import type { Notice } from '../../shared/alerts/notice.ts';
import { takeMessages } from '../../shared/aws/sqs-queue.ts';
import { stackOutputs } from '../../shared/aws/stack-outputs.ts';
import { DeployedEffects } from '../support/deployed-effects.ts';
import { tlsEndingProxy } from '../support/tls-ending-proxy.ts';

/** A cloud of its own in which roles and policies are in force, so that what a function may not do it cannot. */

const MINUTES = 60_000;
const ACCOUNT = '000000000000';
const arn = (service: string, name: string) => `arn:aws:${service}:us-east-1:${ACCOUNT}:${name}`;
const [PAGER, PAGES] = [arn('sns', 'pager'), arn('sqs', 'pages')];
const [FROM, ONCALL] = ['sluice@example.org', 'oncall@example.org'];

const CONFIGURATION = `
alerts:
  receivers:
    - { name: pager, sns: [{ topic: "${PAGER}" }] }
    - { name: oncall, sqs: [{ queue_arn: "${PAGES}" }], email: [{ to: [${ONCALL}] }] }
  route:
    routes:
      - { name: denied, matchers: [source=denied], receiver: pager }
      - { name: shop, matchers: [source=shop], receiver: oncall }
email: { from: ${FROM}, allowed: [${ONCALL}] }
`;

let outputs: Record<string, string>;
let deployed: DeployedEffects;
let pagerQueue: string;
let pagesQueue: string;
let ended: () => Promise<void>;

beforeAll(async () => {
  const parent = mkdtempSync(join(tmpdir(), 'sluice-policies-'));
  const folder = localFolder(parent);
  // Of the tests' other cloud.
  for (const name of ['AWS_ENDPOINT_URL', 'AWS_REGION', 'SLUICE_LOCAL_PORT']) vi.stubEnv(name, undefined);
  vi.stubEnv('AUTH', 'true');
  const cloud = await startLocalCloud({ owner: true, folder });
  ended = async () => {
    await cloud.stop();
    rmSync(parent, { recursive: true });
  };
  enterLocalCloud(process.env, cloud.endpoint);
  const configurationFile = join(parent, 'sluice.yml');
  writeFileSync(configurationFile, CONFIGURATION);
  const proxy = await tlsEndingProxy(cloud.endpoint);
  try {
    await runServerless('deploy', { endpoint: proxy.endpoint, configurationFile });
  } finally {
    proxy.close();
  }
  outputs = (await stackOutputs('sluice-local')) ?? {};
  deployed = new DeployedEffects(outputs);
  await allowWhatAwsAllows();
  await makeReceivers();
}, 4 * MINUTES);

afterAll(async () => {
  await ended();
  vi.unstubAllEnvs();
});

/**
 * On AWS sns:Publish and sqs:SendMessage allow the calls that carry batches too; the local cloud takes those for actions of
 * their own, and knows of an email neither its identity nor the condition on whom it is from. Source: Service Authorization Reference, "Actions defined by Amazon SNS", "… by Amazon SQS".
 */
async function allowWhatAwsAllows(): Promise<void> {
  const cloudFormation = new CloudFormationClient({});
  const nameOf = async (LogicalResourceId: string) => {
    const about = await cloudFormation.send(
      new DescribeStackResourceCommand({ StackName: 'sluice-local', LogicalResourceId }),
    );
    return about.StackResourceDetail?.PhysicalResourceId;
  };
  const Roles = await Promise.all(['RouteAlertsRole', 'CloseWindowsRole'].map(nameOf));
  const Statement = [
    { Effect: 'Allow', Action: 'sns:PublishBatch', Resource: PAGER },
    { Effect: 'Allow', Action: 'sqs:SendMessageBatch', Resource: PAGES },
    { Effect: 'Allow', Action: 'ses:SendEmail', Resource: '*' },
  ];
  const PolicyDocument = { Version: '2012-10-17', Statement };
  const Batches = { Type: 'AWS::IAM::Policy', Properties: { PolicyName: 'batches', PolicyDocument, Roles } };
  const TemplateBody = JSON.stringify({ Resources: { Batches } });
  const stack = { StackName: 'batches', TemplateBody, Capabilities: ['CAPABILITY_IAM' as const] };
  await cloudFormation.send(new CreateStackCommand(stack));
  await waitUntilStackCreateComplete(
    { client: cloudFormation, maxWaitTime: 20, minDelay: 1 },
    { StackName: 'batches' },
  );
}

/** As whoever is to be told makes them. */
async function makeReceivers(): Promise<void> {
  const [sns, sqs] = [new SNSClient({}), new SQSClient({})];
  const allow = (Principal: object) => policyOf({ Effect: 'Allow', Principal, Action: 'sqs:SendMessage' });
  const queue = async (QueueName: string, Policy: string) =>
    (await sqs.send(new CreateQueueCommand({ QueueName, Attributes: { Policy } }))).QueueUrl ?? '';
  pagesQueue = await queue('pages', allow({ AWS: `arn:aws:iam::${ACCOUNT}:root` }));
  pagerQueue = await queue('pager', allow({ Service: 'sns.amazonaws.com' }));
  await sns.send(new CreateTopicCommand({ Name: 'pager' }));
  const Attributes = { RawMessageDelivery: 'true' };
  await sns.send(new SubscribeCommand({ TopicArn: PAGER, Protocol: 'sqs', Endpoint: arn('sqs', 'pager'), Attributes }));
  await new SESv2Client({}).send(new CreateEmailIdentityCommand({ EmailIdentity: FROM }));
}

function policyOf(statement: object): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: [{ ...statement, Resource: '*' }] });
}

async function setPagerPolicy(Effect: 'Allow' | 'Deny'): Promise<void> {
  const AttributeValue = policyOf({ Effect, Principal: '*', Action: 'sns:Publish' });
  const change = { TopicArn: PAGER, AttributeName: 'Policy', AttributeValue };
  await new SNSClient({}).send(new SetTopicAttributesCommand(change));
}

const poll = (ask: () => Promise<unknown>) => expect.poll(ask, { timeout: 20_000, interval: 100 });

/** What a queue has brought so far. */
function heardIn(queueUrl: string): () => Promise<unknown[]> {
  const heard: Notice[] = [];
  return async () => {
    heard.push(...(await takeMessages(queueUrl)).map((text) => JSON.parse(text) as Notice));
    return heard.map(({ kind, sample }) => [kind, sample]);
  };
}

test('while sns:Publish is denied rows are written, and the notice arrives once when it is allowed', async () => {
  const heard = heardIn(pagerQueue);
  await setPagerPolicy('Deny');
  await deployed.put([{ level: 'error', source: 'denied', message: 'nobody hears me' }]);
  await poll(() => deployed.rowsOf('denied')).toEqual(['nobody hears me']);
  await poll(() => deployed.incidentsOf('denied')).toEqual([['error', 1]]);
  await poll(() => deployed.waitingOf('denied')).toBe(1);
  await deployed.closeWindows();
  expect([await deployed.waitingOf('denied'), await heard()]).toEqual([1, []]);
  await setPagerPolicy('Allow');
  await deployed.closeWindows();
  await poll(heard).toEqual([['first', 'nobody hears me']]);
  await deployed.closeWindows();
  expect([await heard(), await deployed.waitingOf('denied')]).toEqual([[['first', 'nobody hears me']], 0]);
});

test('an error reaches the queue and the email address of its receiver', async () => {
  const heard = heardIn(pagesQueue);
  await deployed.put([{ level: 'error', source: 'shop', message: 'payment <b> refused' }]);
  await poll(heard).toEqual([['first', 'payment <b> refused']]);
  const emails = async () => {
    const answer = await fetch(`${process.env.AWS_ENDPOINT_URL}/_ministack/ses/messages`);
    const { messages } = (await answer.json()) as { messages: Record<string, Record<string, unknown>[]> };
    const sent = Object.values(messages).flat();
    return sent.map(({ Source, To, Subject, BodyHtml }) => [Source, To, Subject, String(BodyHtml).includes('<b>')]);
  };
  await poll(emails).toEqual([[FROM, [ONCALL], '[ERROR] shop: payment <b> refused', false]]);
  await poll(() => deployed.waitingOf('shop')).toBe(0);
});
