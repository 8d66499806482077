import { createHmac } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { describe, expect, test } from 'vitest';
import { manualClock } from '../../test/support/manual-clock.ts';
import { type Came, hooks } from '../../test/support/webhook-server.ts';
import type { Notice } from '../alerts/notice.ts';
import type { WebhookReceiver } from '../alerts/receivers.ts';
import { isPublicAddress } from './public-address.ts';
import type { WebhookNetwork } from './webhook-request.ts';
import { signature, webhookSender } from './webhook-sender.ts';

const HOOK: WebhookReceiver = {
  address: 'a:webhook:0',
  kind: 'webhook',
  url: 'https://hooks.test/notices?a=1',
  secretFrom: 'ssm:/key',
  format: 'sluice',
  timeoutSeconds: 1,
};
const notices = (count: number) =>
  Array.from({ length: count }, (_, n) => ({ id: `n${n}`, level: 'error', title: 't', sample: 's' }) as Notice);
const idsIn = (body: string): string[] => JSON.parse(body).notices.map(({ id }: Notice) => id);
const secret = async () => 'the key';

function sender(network: WebhookNetwork, receiver: Partial<WebhookReceiver> = {}) {
  const clock = manualClock();
  const send = webhookSender({ secret, clock, network })({ ...HOOK, ...receiver });
  return { send, clock };
}

describe('a webhook', () => {
  test('is posted what there is to tell, signed so that the receiver can tell it from what others send', async () => {
    const { came, network } = await hooks();
    const { send, clock } = sender(network);
    expect(await send(notices(2))).toEqual([]);
    const [{ headers, path, body }] = came as [Came];
    expect([path, idsIn(body)]).toEqual(['/notices?a=1', ['n0', 'n1']]);
    const [, seconds, mac] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(headers['sluice-signature'])) ?? [];
    expect(Number(seconds)).toBe(Math.floor(clock.now() / 1_000));
    expect(mac).toBe(createHmac('sha256', 'the key').update(`${seconds}.${body}`).digest('hex'));
    expect(headers.host).toMatch(/^hooks\.test/);
  });

  test('gets many notices in few requests', async () => {
    const { came, network } = await hooks();
    await sender(network).send(notices(120));
    expect(came.map(({ body }) => idsIn(body).length)).toEqual([50, 50, 20]);
  });

  test.each([400, 403, 413, 422])('that refuses some with %i is sent all others', async (status) => {
    const { came, network } = await hooks(({ body }) => ({ status: /"n(0|7|50)"/.test(body) ? status : 200 }));
    const { send } = sender(network);
    expect(await send(notices(120))).toEqual([0, 7, 50].map((index) => ({ index, reason: `HTTP ${status}` })));
    const taken = came.filter(({ body }) => !/"n(0|7|50)"/.test(body)).flatMap(({ body }) => idsIn(body));
    expect(taken.sort()).toEqual(
      notices(120)
        .map(({ id }) => id)
        .filter((id) => !['n0', 'n7', 'n50'].includes(id))
        .sort(),
    );
  });

  test('that refuses every one is asked no longer than its time', async () => {
    const { network } = await hooks(() => {
      clock.advance(1_000);
      return { status: 400 };
    });
    const { send, clock } = sender(network);
    const reasons = (await send(notices(120))).map(({ reason }) => reason);
    expect(new Set(reasons)).toEqual(new Set(['out-of-time: the requests before took too long']));
    expect(reasons.length).toBe(120);
  });

  test('that fails at one notice is sent the others', async () => {
    const { network } = await hooks(({ body }) => ({ status: body.includes('"n50"') ? 500 : 200 }));
    expect(await sender(network).send(notices(120))).toEqual([{ index: 50, reason: 'HTTP 500' }]);
  });

  test('that fails at a single one of them too is not tried any more this time', async () => {
    const { came, network } = await hooks(() => ({ status: 500 }));
    expect((await sender(network).send(notices(120))).map(({ reason }) => reason)).toEqual(Array(120).fill('HTTP 500'));
    expect(came.map(({ body }) => idsIn(body).length)).toEqual([50, 1]);
  });

  test.each([401, 404, 429])('that answers %i is not tried any more this time', async (status) => {
    const { came, network } = await hooks(() => ({ status }));
    expect((await sender(network).send(notices(120))).map(({ reason }) => reason)).toEqual(
      Array(120).fill(`HTTP ${status}`),
    );
    expect(came.length).toBe(1);
  });

  test('is not followed to another address', async () => {
    const { came, network } = await hooks(() => ({ status: 302, location: 'https://169.254.169.254/' }));
    expect(await sender(network).send(notices(1))).toEqual([
      { index: 0, reason: 'HTTP 302: redirects are not followed' },
    ]);
    expect(came.length).toBe(1);
  });

  test('that never answers is asked for one notice more, and takes no more than its time', async () => {
    const { came, network } = await hooks(() => 'never');
    const { send } = sender(network);
    const start = performance.now();
    expect(await send(notices(120))).toEqual(
      notices(120).map((_, index) => ({ index, reason: 'unavailable: no answer in time' })),
    );
    expect(performance.now() - start).toBeLessThan(3_000);
    expect(came.map(({ body }) => idsIn(body).length)).toEqual([50, 1]);
  });

  test('whose secret cannot be read is told why, without it', async () => {
    const { network } = await hooks();
    const broken = async () => Promise.reject(new Error('ParameterNotFound'));
    const send = webhookSender({ secret: broken, clock: manualClock(), network })(HOOK);
    expect(await send(notices(1))).toEqual([{ index: 0, reason: 'Error: ParameterNotFound' }]);
  });

  test('whose address is a secret is not named in a fault', async () => {
    const network: WebhookNetwork = {
      request: httpRequest,
      lookup: (name, _, callback) => callback(Object.assign(new Error(`ENOTFOUND ${name}`), { code: 'ENOTFOUND' }), []),
      isAllowed: () => true,
    };
    const url = async () => 'https://hooks.secret.test/T000/B000/xyz';
    const receiver: WebhookReceiver = { ...HOOK, url: undefined, urlFrom: 'ssm:/url', secretFrom: undefined };
    const send = webhookSender({ secret: url, clock: manualClock(), network })(receiver);
    expect(await send(notices(1))).toEqual([{ index: 0, reason: 'unavailable: ENOTFOUND' }]);
  });
});

describe('a webhook goes to no', () => {
  const called: string[] = [];
  const network: WebhookNetwork = {
    request: (options, onResponse) => {
      called.push(String(options.hostname));
      return httpRequest(options, onResponse);
    },
    // A name server that answers differently when it is asked again would be found out: the first answer is used.
    lookup: (name, _, callback) =>
      callback(
        null,
        name.split('.')[0] === 'mixed'
          ? [
              { address: '93.184.216.34', family: 4 },
              { address: '10.0.0.1', family: 4 },
            ]
          : [{ address: '169.254.169.254', family: 4 }],
      ),
    isAllowed: isPublicAddress,
  };

  test.each([
    'https://169.254.169.254/latest/meta-data',
    'https://127.0.0.1/',
    'https://2130706433/',
    'https://0x7f.1/',
    'https://017700000001/',
    'https://0/',
    'https://[::1]/',
    'https://[::ffff:10.0.0.1]/',
    'https://[::ffff:a9fe:a9fe]/',
    'https://[64:ff9b::a00:1]/',
    'https://[fe80::1]/',
    'https://[fd00:ec2::254]/',
    'https://[2002:a00:1::]/',
    'https://10.1.2.3:8443/',
    'https://192.168.0.1/',
    'https://100.64.0.1/',
    'https://rebound.test/',
    'https://mixed.test/',
    'https://localhost/',
    'http://93.184.216.34/',
  ])('%s', async (url) => {
    const [refused] = await sender(network, { url }).send(notices(1));
    expect(refused?.reason).toMatch(/^denied: expected (a public address|an address that begins with https)/);
  });
});

test.each([
  ['93.184.216.34', true],
  ['2606:4700::1111', true],
  ['172.15.255.255', true],
  ['172.16.0.0', false],
  ['255.255.255.255', false],
  ['::', false],
  ['not an address', false],
])('the address %s is public: %s', (address, expected) => {
  expect(isPublicAddress(address)).toBe(expected);
});

test('a signature is the one that the page explains', () => {
  expect(signature(Buffer.from('{}'), 'key', 1_700_000_000_999)).toBe(
    `t=1700000000,v1=${createHmac('sha256', 'key').update('1700000000.{}').digest('hex')}`,
  );
});
