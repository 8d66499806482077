import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import { APIGatewayClient, GetUsagePlansCommand, UpdateUsagePlanCommand } from '@aws-sdk/client-api-gateway';
import { beforeAll, expect, test } from 'vitest';
import { readIncidents } from '../../cli/demo/observe.ts';
import { NODE_FOLDER, PROJECT_FOLDER } from '../../local/local-folder.ts';
import { scanTable } from '../../shared/aws/dynamodb-scan.ts';
import { deployedOutputs } from '../support/deployed-outputs.ts';
import { producerBlock } from '../support/readme.ts';

const run = promisify(execFile);
const MINUTES = 60_000;

interface Status {
  apiKey: string;
  outputs: Record<string, string>;
}

interface Answer {
  message?: string;
  ids?: string[];
  faults?: { path: string }[];
}

const gateway = new APIGatewayClient({});
let status: Status;

/** What a person types, in a shell like theirs. */
async function shell(command: string): Promise<string> {
  const env = { ...process.env, PATH: `${NODE_FOLDER}:${process.env.PATH}` };
  const { stdout } = await run('bash', ['-euo', 'pipefail', '-c', command], { cwd: PROJECT_FOLDER, env });
  return stdout;
}

async function post(body: unknown, key: string | undefined = status.apiKey) {
  const answer = await fetch(status.outputs.LogsApiUrl ?? '', {
    method: 'POST',
    headers: key === '' ? {} : { 'x-api-key': key },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return { status: answer.status, body: (await answer.json()) as Answer };
}

/** A source that nobody else logs as: what is counted for it was posted here. */
const newSource = () => `http-${randomUUID()}`;
const failure = (source: string, message: string) => ({
  log_level: 'Error',
  message,
  source_application: source,
});

async function countsOf(source: string): Promise<Record<string, number>> {
  const incidents = (await readIncidents(status.outputs)).filter((incident) => incident.source === source);
  return Object.fromEntries(incidents.map(({ template, count }) => [template, count]));
}

type Limit = { rateLimit?: number; burstLimit?: number };

/** The plan that the deployed key belongs to, which is what API Gateway keeps to. */
async function planOfKey(): Promise<{ usagePlan: string; limit: Limit }> {
  const keyId = status.outputs.LogsApiKeyId;
  const { items = [] } = await gateway.send(new GetUsagePlansCommand({ keyId }));
  return { usagePlan: items[0]?.id ?? '', limit: items[0]?.throttle ?? {} };
}

/** A low limit makes a burst of few requests one too many. */
async function setThrottle(usagePlanId: string, { rateLimit, burstLimit }: Limit): Promise<void> {
  const patchOperations = [
    { op: 'replace' as const, path: '/throttle/rateLimit', value: String(rateLimit) },
    { op: 'replace' as const, path: '/throttle/burstLimit', value: String(burstLimit) },
  ];
  await gateway.send(new UpdateUsagePlanCommand({ usagePlanId, patchOperations }));
}

const poll = (ask: () => Promise<unknown>) => expect.poll(ask, { timeout: MINUTES, interval: 250 });

beforeAll(async () => {
  await deployedOutputs();
  status = JSON.parse(await shell('npx sluice local status --json')) as Status;
}, 4 * MINUTES);

test("the README's curl puts an event that ends as a row of the application log", async () => {
  const answer = await shell(producerBlock('http'));
  const { ids } = JSON.parse(answer.slice(answer.indexOf('{'))) as { ids: string[] };
  expect(ids).toHaveLength(1);
  const rows = async () => {
    const all = await scanTable(status.outputs.ApplicationLogsTable ?? '', [
      'source_application',
      'period',
      'log_level',
      'message',
    ]);
    return all.filter(({ period }) => String(period).endsWith(`#${ids[0]}`));
  };
  await poll(rows).toEqual([
    {
      source_application: 'shop',
      period: expect.any(String),
      log_level: 'error',
      message: 'payment 4711 failed',
    },
  ]);
});

test('an id that is sent again, in the body or in another, has one effect and is answered as it is', async () => {
  const source = newSource();
  const once = { ...failure(source, 'sent three times'), id: randomUUID() };
  expect(await post([once, once])).toEqual({ status: 202, body: { ids: [once.id, once.id] } });
  expect(await post(once)).toEqual({ status: 202, body: { ids: [once.id] } });
  await post(failure(source, 'the last'));
  await poll(() => countsOf(source)).toEqual({ 'sent three times': 1, 'the last': 1 });
});

test('a batch with one fault is refused whole: every fault is named, nothing of it is put', async () => {
  const source = newSource();
  const refused = await post([
    failure(source, 'sound'),
    { ...failure(source, 'not sound'), log_level: 'loud', n: 1 },
    3,
  ]);
  expect(refused.status).toBe(400);
  expect(refused.body.faults?.map(({ path }) => path).sort()).toEqual(['/1/log_level', '/1/n', '/2']);
  expect((await post(failure(source, 'the last'))).status).toBe(202);
  await poll(() => countsOf(source)).toEqual({ 'the last': 1 });
});

test('no key and a wrong one are 403, a body over the cap is 413', async () => {
  expect(await post({}, '')).toEqual({ status: 403, body: { message: 'Forbidden' } });
  expect(await post({}, 'wrong')).toEqual({ status: 403, body: { message: 'Forbidden' } });
  for (const bytes of [1_048_577, 8_000_000]) expect((await post('x'.repeat(bytes))).status).toBe(413);
});

test("over the key's throttle it is 429, and what was answered 202 is counted, no more and no less", async () => {
  const source = newSource();
  const { usagePlan, limit } = await planOfKey();
  expect(limit).toEqual({ rateLimit: 20, burstLimit: 20 });
  await setThrottle(usagePlan, { rateLimit: 1, burstLimit: 3 });
  const answers = await Promise.all(Array.from({ length: 12 }, () => post(failure(source, 'one of many'))));
  await setThrottle(usagePlan, limit);
  const accepted = answers.filter((answer) => answer.status === 202).length;
  expect(answers.filter((answer) => answer.status === 429)).toHaveLength(12 - accepted);
  expect(accepted).toBeGreaterThanOrEqual(3);
  expect(accepted).toBeLessThan(12);
  await poll(() => countsOf(source)).toEqual({ 'one of many': accepted });
});
