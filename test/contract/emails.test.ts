import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CreateEmailIdentityCommand, SESv2Client } from '@aws-sdk/client-sesv2';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type Email, type EmailPort, emailOf } from '../../shared/alerts/email.ts';
import type { Notice } from '../../shared/alerts/notice.ts';
import { secretReader } from '../../shared/aws/secrets.ts';
import { sesEmail } from '../../shared/aws/ses-email.ts';
import { httpEmail } from '../../shared/runtime/http-email.ts';
import { systemClock } from '../../shared/runtime/system-clock.ts';

const RUN = `${Date.now()}`;
const ONCALL = `oncall-${RUN}@example.org`;
const FROM = 'sluice@example.org';
const ALLOWED = [ONCALL];

interface Arrived {
  to: string;
  subject: string;
  text?: string;
  html?: string;
}

interface SenderUnderTest {
  port: EmailPort;
  /** What arrived for the addresses of this run, in order. */
  arrived(): Promise<Arrived[]>;
  close(): Promise<void>;
}

async function ses(): Promise<SenderUnderTest> {
  const client = new SESv2Client({});
  await client.send(new CreateEmailIdentityCommand({ EmailIdentity: FROM })).catch(() => undefined);
  const arrived = async () => {
    const answer = await fetch(`${process.env.AWS_ENDPOINT_URL}/_ministack/ses/messages`);
    const { messages } = (await answer.json()) as { messages: Record<string, Record<string, unknown>[]> };
    return Object.values(messages)
      .flat()
      .filter(({ To }) => (To as string[]).includes(ONCALL))
      .map(({ To, Subject, BodyText, BodyHtml }) => ({
        to: (To as string[]).join(),
        subject: String(Subject),
        text: String(BodyText),
        html: String(BodyHtml),
      }));
  };
  return { port: sesEmail({ from: FROM, allowed: ALLOWED }), arrived, close: async () => client.destroy() };
}

interface Posted {
  headers: IncomingHttpHeaders;
  body: { to: string; subject: string; body: string };
}

/** An email sender on this machine, which answers what it is told to. */
class MailServer {
  readonly posted: Posted[] = [];
  readonly answers: { status: number; text?: string; headers?: Record<string, string> }[] = [];
  readonly #server: Server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    this.posted.push({ headers: request.headers, body: JSON.parse(text) });
    const { status, text: answer = '', headers } = this.answers.shift() ?? { status: 202 };
    response.writeHead(status, headers).end(answer);
  });

  async open(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/emails`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((done) => this.#server.close(done));
  }
}

async function http(): Promise<SenderUnderTest> {
  const server = new MailServer();
  const port = httpEmail({ url: await server.open(), allowed: ALLOWED });
  const arrived = async () =>
    server.posted.map(({ body }) => ({ to: body.to, subject: body.subject, text: body.body }));
  return { port, arrived, close: () => server.close() };
}

const notice = (part: Partial<Notice> = {}): Notice => ({
  id: `${RUN}/first`,
  kind: 'first',
  level: 'critical',
  source: 'shop',
  fingerprint: 'v1:abc',
  title: 'shop: the payment was refused',
  count: 1,
  firstSeen: '2026-11-21T12:00:00.000Z',
  lastSeen: '2026-11-21T12:00:00.000Z',
  sample: 'the payment of Zoë was refused 💥',
  link: 'https://sluice.example.org/incidents/v1:abc',
  ...part,
});

const HOSTILE = notice({
  title: 'a\r\nBcc: all@example.com\u202e',
  sample: '<script>\u0000\u001b[31m\u2028"\\ 😀\r\n.\r\nMAIL FROM:<x>',
});

describe.each([
  ['SES on the local cloud', ses],
  ['an HTTP email sender', http],
] as const)('emails, by %s', (_, open) => {
  let sender: SenderUnderTest;
  let seen = 0;
  beforeAll(async () => {
    sender = await open();
    seen = (await sender.arrived()).length;
  });
  afterAll(() => sender.close());

  const parts = ({ to, subject, text, html }: Email, arrived: Arrived | undefined) =>
    arrived?.html === undefined ? { to, subject, text } : { to, subject, text, html };

  test.each([
    ['an ordinary notice', notice()],
    ['a hostile one', HOSTILE],
    ['one of a megabyte', notice({ sample: 'x'.repeat(1_000_000) })],
  ])('arrive as they are worded: %s', async (_name, told) => {
    const email = emailOf(told, ONCALL);
    expect(await sender.port.send(email)).toEqual({ status: 'accepted' });
    const last = (await sender.arrived()).at(-1);
    expect(last).toEqual(parts(email, last));
  });

  test('go to nobody outside of the allow-list', async () => {
    const before = (await sender.arrived()).length;
    const outcome = await sender.port.send(emailOf(notice(), `boss-${RUN}@example.org`));
    expect(outcome.status).toBe('refused');
    expect((await sender.arrived()).length).toBe(before);
    expect(before - seen).toBe(3);
  });
});

test('an email from an address that SES has not verified is asked for again: nobody is at fault but who set it up', async () => {
  const port = sesEmail({ from: 'nobody@unverified.example', allowed: ALLOWED });
  await expect(port.send(emailOf(notice(), ONCALL))).rejects.toMatchObject({
    code: 'denied',
    message: expect.stringContaining('nobody@unverified.example'),
  });
});

describe('an HTTP email sender', () => {
  let server: MailServer;
  let url: string;
  beforeAll(async () => {
    server = new MailServer();
    url = await server.open();
  });
  afterEach(() => server.posted.splice(0));
  afterAll(() => server.close());

  test('gets the key of an SSM parameter, and a new one after it refused the old', async () => {
    const Name = `/sluice/contract-${RUN}/email-key`;
    const client = new SSMClient({});
    const setKey = (Value: string) =>
      client.send(new PutParameterCommand({ Name, Value, Type: 'SecureString', Overwrite: true }));
    await setKey('first');
    const port = httpEmail({ url, key: () => secretReader(systemClock)(`ssm:${Name}`), allowed: ALLOWED });
    await port.send(emailOf(notice(), ONCALL));
    await setKey('second');
    server.answers.push({ status: 401, text: 'unknown key' });
    await expect(port.send(emailOf(notice(), ONCALL))).rejects.toMatchObject({
      code: 'denied',
      message: 'the email sender refused the key: HTTP 401 unknown key',
    });
    await port.send(emailOf(notice(), ONCALL));
    expect(server.posted.map(({ headers }) => headers.authorization)).toEqual([
      'Bearer first',
      'Bearer first',
      'Bearer second',
    ]);
  });

  test('gets HTML as body where it is told to, and the id of the email', async () => {
    const email = emailOf(notice({ id: 'a\r\nb 支/first' }), ONCALL);
    await httpEmail({ url, body: 'html', allowed: ALLOWED }).send(email);
    expect(server.posted[0]?.body).toEqual({ to: ONCALL, subject: email.subject, body: email.html });
    expect(server.posted[0]?.headers['idempotency-key']).toBe(
      `a%0D%0Ab%20%E6%94%AF%2Ffirst%2F${encodeURIComponent(ONCALL)}`,
    );
  });

  test.each([
    [400, 'no such mailbox\r\n\u001b[2J'],
    [422, 'subject too long'],
  ])('that answers %i refused the email for good', async (status, text) => {
    server.answers.push({ status, text });
    const port = httpEmail({ url, allowed: ALLOWED });
    expect(await port.send(emailOf(notice(), ONCALL))).toEqual({
      status: 'refused',
      reason: `HTTP ${status} ${text.replace('\r\n\u001b', ' ')}`,
    });
  });

  test.each([
    [429, 'throttled'],
    [500, 'unavailable'],
    [503, 'unavailable'],
    [403, 'denied'],
  ])('that answers %i is asked again later', async (status, code) => {
    server.answers.push({ status });
    await expect(httpEmail({ url, allowed: ALLOWED }).send(emailOf(notice(), ONCALL))).rejects.toMatchObject({ code });
  });

  test('that redirects is not followed: the key would go along', async () => {
    server.answers.push({ status: 307, headers: { location: url } });
    const port = httpEmail({ url, allowed: ALLOWED });
    await expect(port.send(emailOf(notice(), ONCALL))).rejects.toMatchObject({ code: 'unavailable' });
    expect(server.posted.length).toBe(1);
  });

  test('that is not there is asked again later', async () => {
    const port = httpEmail({ url: 'http://127.0.0.1:1/', allowed: ALLOWED });
    await expect(port.send(emailOf(notice(), ONCALL))).rejects.toMatchObject({ code: 'unavailable' });
  });
});

test('a parameter that is not there is a fault that says so', async () => {
  await expect(secretReader(systemClock)('ssm:/sluice/nothing')).rejects.toMatchObject({ code: 'missing' });
});
