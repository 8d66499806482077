import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { functionConfigurations } from '../infrastructure/function-configuration.ts';
import type { Notice } from '../shared/alerts/notice.ts';
import { deliverPending } from '../shared/alerts/outbox.ts';
import { type Outbox, withoutTaken } from '../shared/alerts/pending.ts';
import { LEVELS, type Level } from '../shared/events/levels.ts';
import { parseConfiguration } from '../shared/runtime/configuration.ts';
import { deployedReceivers } from '../shared/runtime/deployed-receivers.ts';
import { deployedConfiguration } from '../shared/runtime/environment.ts';
import { manualClock } from './support/manual-clock.ts';

const CONFIGURATION = `
alerts:
  receivers:
    - name: oncall
      sns: [{ topic: "arn:aws:sns:eu-central-1:123456789012:pager" }]
      sqs: [{ queue_arn: "arn:aws:sqs:eu-central-1:123456789012:pages" }]
      email: [{ to: [oncall@example.org] }]
      webhook: [{ url: "https://127.0.0.1/notices", secret_from: "env:WEBHOOK_KEY" }]
email: { from: sluice@example.org, allowed: [oncall@example.org] }
`;

interface Call {
  path: string;
  /** That the call is signed for. */
  region: string;
  body: string;
}

let calls: Call[];
let server: Server;
/** What the cloud does before it answers a call: it takes every one unless told otherwise. */
let beforeAnswer: (response: ServerResponse) => void;

beforeEach(async () => {
  calls = [];
  beforeAnswer = () => undefined;
  server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const [, region = ''] = /Credential=[^/]+\/\d+\/([^/]+)\//.exec(request.headers.authorization ?? '') ?? [];
    calls.push({ path: request.url ?? '', region, body });
    beforeAnswer(response);
    if (!response.writableEnded) response.end('{}');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const configuration = functionConfigurations(parseConfiguration(CONFIGURATION)).closeWindows;
  const environment = {
    AWS_ENDPOINT_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    STREAM_NAME: 'sluice',
    SLUICE_CONFIG: configuration,
    WEBHOOK_KEY: 'key',
    ...Object.fromEntries(LEVELS.map((level) => [`${level.toUpperCase()}_TOPIC_ARN`, `arn:aws:sns:::${level}`])),
  };
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
});

afterEach(() => {
  vi.unstubAllEnvs();
  server.closeAllConnections();
  server.close();
});

/** Right-to-left, a C1 control that some terminals take for an escape, HTML, a line break. */
const HOSTILE = 'a\u202efdp.exe\u009b31m<script>\r\nBcc: all@example.org';
const notice: Notice = {
  id: 'event-1/first',
  kind: 'first',
  level: 'critical',
  source: 'shop',
  fingerprint: 'v1:abc',
  title: HOSTILE,
  count: 1,
  firstSeen: '2026-11-21T12:00:00.000Z',
  lastSeen: '2026-11-21T12:00:00.000Z',
  sample: HOSTILE,
};

test('a notice goes to every place of its receiver as deployed, inert, and to all others where one takes nothing', async () => {
  const { alerts } = deployedConfiguration<'alerts'>();
  const receivers = deployedReceivers(alerts, { clock: manualClock(), rest: 0 });
  const to = [...receivers.keys()].filter((address) => address.startsWith('oncall:'));
  const { taken, refused } = await deliverPending([{ pending: [notice], to }], receivers);
  expect([...(taken.get(notice.id) ?? [])].sort()).toEqual(['oncall:email:0', 'oncall:sns:0', 'oncall:sqs:0']);
  expect(refused).toEqual([
    { id: notice.id, address: 'oncall:webhook:0', reason: expect.stringMatching(/^denied: expected a public address/) },
  ]);
  const [email, ...others] = calls.sort((a, b) => b.path.length - a.path.length);
  const { Destination, Content } = JSON.parse(email?.body ?? '');
  expect(Destination.ToAddresses).toEqual(['oncall@example.org']);
  expect(Content.Simple.Subject.Data).toBe('[CRITICAL] a fdp.exe 31m<script> Bcc: all@example.org');
  expect(Content.Simple.Body.Html.Data).not.toContain('<script>');
  const sent = others.map(({ body }) => messageIn(body)).sort();
  expect(sent.map((text) => JSON.parse(text))).toEqual([notice, notice]);
  for (const text of sent) expect(text).not.toMatch(/[\p{Cc}\p{Cf}]/u);
});

test.each(['oncall:sns:0', 'oncall:sqs:0'])('%s is asked in its own region', async (address) => {
  vi.stubEnv('AWS_REGION', 'us-east-1');
  const { alerts } = deployedConfiguration<'alerts'>();
  const send = deployedReceivers(alerts, { clock: manualClock(), rest: 0 }).get(address);
  expect(await send?.([notice])).toEqual([]);
  expect(calls.map(({ region }) => region)).toEqual(['eu-central-1']);
});

test('an email is sent no more to who has it, nor held up, where another address of it is refused', async () => {
  const configuration = CONFIGURATION.replaceAll('[oncall@example.org]', '[new@example.org, oncall@example.org]');
  vi.stubEnv('SLUICE_CONFIG', functionConfigurations(parseConfiguration(configuration)).closeWindows);
  const { alerts } = deployedConfiguration<'alerts'>();
  const receivers = deployedReceivers(alerts, { clock: manualClock(), rest: 0 });
  const emails = [...receivers.keys()].filter((address) => address.startsWith('oncall:email:'));
  const others = Array.from({ length: 5 }, (_, n): Notice => ({ ...notice, id: `event-${n}/first` }));
  beforeAnswer = (response) => {
    if (!calls.at(-1)?.body.includes('new@example.org')) return;
    response.statusCode = 400;
    response.setHeader('x-amzn-errortype', 'MessageRejected');
    response.end('{"message":"Email address is not verified."}');
  };
  const outbox: Outbox = { pending: others, to: emails };
  const { taken } = await deliverPending([outbox], receivers);
  const waiting = withoutTaken(outbox, taken);
  await deliverPending([waiting], receivers);
  const toOncall = calls.filter(({ body }) => body.includes('oncall@example.org'));
  expect(toOncall.length).toBe(5);
  expect(waiting.pending.map(({ to }) => to)).toEqual(others.map(() => ['oncall:email:0']));
});

test('each topic and each place rests by itself when it is slow to refuse, and is asked again when it has rested', async () => {
  const { alerts } = deployedConfiguration<'alerts'>();
  const clock = manualClock();
  const receivers = deployedReceivers(alerts, { clock, rest: 60_000 });
  const isAsked = async (address: string, level: Level) => {
    const before = calls.length;
    await receivers.get(address)?.([{ ...notice, level }]);
    return calls.length > before;
  };
  for (const address of ['level-topic', 'oncall:sns:0', 'oncall:sqs:0', 'oncall:email:0']) {
    beforeAnswer = (response) => {
      clock.advance(2_000);
      response.statusCode = 403;
    };
    expect([address, await isAsked(address, 'critical'), await isAsked(address, 'critical')]).toEqual([
      address,
      true,
      false,
    ]);
    beforeAnswer = () => undefined;
    expect([address, await isAsked(address, 'debug')]).toEqual([address, address === 'level-topic']);
    clock.advance(60_000);
    expect([address, await isAsked(address, 'critical')]).toEqual([address, true]);
  }
});

/** Of PublishBatch, a form, or of SendMessageBatch, JSON. */
function messageIn(body: string): string {
  const form = new URLSearchParams(body).get('PublishBatchRequestEntries.member.1.Message');
  return form ?? (JSON.parse(body) as { Entries: { MessageBody: string }[] }).Entries[0]?.MessageBody ?? '';
}
