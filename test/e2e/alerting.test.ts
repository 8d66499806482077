import { randomUUID } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { beforeAll, expect, test } from 'vitest';
import { runCli } from '../../cli/run-cli.ts';
import { runServerless } from '../../local/deploy.ts';
import { localFolder } from '../../local/local-folder.ts';
import { parseMatcher } from '../../shared/alerts/matcher.ts';
import type { Notice } from '../../shared/alerts/notice.ts';
import { silenceDetails } from '../../shared/alerts/silence.ts';
import { kinesisStream } from '../../shared/aws/kinesis-stream.ts';
import { takeMessages } from '../../shared/aws/sqs-queue.ts';
import { stackOutputs } from '../../shared/aws/stack-outputs.ts';
import type { LogEvent } from '../../shared/events/event.ts';
import { systemClock } from '../../shared/runtime/system-clock.ts';
import { putRecords } from '../../shared/stream/put-records.ts';
import { captureStreams } from '../support/captured-streams.ts';
import { readArchive } from '../support/read-archive.ts';
import { documentBlock } from '../support/readme.ts';

const MINUTES = 60_000;
const PAGE = 'docs/alerting.md';
/** Sources of this run alone. */
const RUN = randomUUID().slice(0, 8);
let outputs: Record<string, string>;

beforeAll(async () => {
  const folder = localFolder().path;
  mkdirSync(folder, { recursive: true });
  const configurationFile = join(folder, 'alerting.sluice.yml');
  const rules = documentBlock(PAGE, { language: 'yaml', holding: 'inhibit_rules:' });
  const storm = documentBlock(PAGE, { language: 'yaml', holding: 'storm:' }).replace('alerts:\n', '');
  // Tests that come after find this deployment: it hides nothing of theirs.
  const narrowed = rules.replace('[level=critical]', `[level=critical, 'source=~"${RUN}-.*"']`);
  writeFileSync(configurationFile, `${narrowed}${storm}`);
  await runServerless('deploy', { endpoint: process.env.AWS_ENDPOINT_URL ?? '', configurationFile });
  outputs = (await stackOutputs('sluice-local')) ?? {};
}, 4 * MINUTES);

const poll = <T>(ask: () => Promise<T>) => expect.poll(ask, { timeout: MINUTES, interval: 100 });
const ago = (minutes: number) => new Date(Date.now() - minutes * MINUTES).toISOString();

let ids = 0;
async function put(...events: Partial<LogEvent>[]): Promise<void> {
  const entries = events.map((event) => {
    const whole = { id: `${RUN}-${ids++}`, level: 'error', time: ago(0), message: 'it broke', ...event };
    return { data: Buffer.from(JSON.stringify(whole)), partitionKey: RUN };
  });
  const { unsent } = await putRecords(entries, { send: kinesisStream(outputs.StreamName ?? ''), clock: systemClock });
  expect(unsent).toEqual([]);
}

const came: Notice[] = [];
/** What every topic has told of a source so far, through the queue that is subscribed to all. */
async function told(source: string): Promise<Notice[]> {
  came.push(...(await takeMessages(outputs.NoticesQueueUrl ?? '')).map((text) => JSON.parse(text) as Notice));
  const unique = new Map(came.map((notice) => [notice.id, notice]));
  return [...unique.values()].filter((notice) => notice.source === source);
}

/** In the order of their names: topics of different levels are told at once, and nothing orders their messages. */
const kindsOf = async (source: string) =>
  (await told(source)).map(({ kind, level, count }) => [kind, level, count]).sort();

/** The minute's sweep, now. */
async function sweep(): Promise<void> {
  const FunctionName = 'sluice-local-closeWindows';
  await new LambdaClient({}).send(new InvokeCommand({ FunctionName, Payload: '{}' }));
}

async function sluice(line: string): Promise<string> {
  const words = [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, word]) => quoted ?? word ?? '');
  const capture = captureStreams({ env: process.env });
  expect(await runCli([...words.slice(1), '--json'], capture.streams), capture.stderr()).toBe(0);
  return capture.stdout();
}

test('the silence of docs/alerting.md: a preview of what it would have hidden, hidden and counted, ended', async () => {
  const shop = `${RUN}-shop`;
  const [add = '', list = '', end = ''] = documentBlock(PAGE, { language: 'sh', holding: 'silence add' })
    .trim()
    .split('\n')
    .map((line) => line.replace('source=shop', `source=${shop}`));
  await put({ source: shop }, { source: shop }, { source: shop, level: 'warning', message: 'it may break' });
  await poll(() => kindsOf(shop)).toEqual([
    ['first', 'error', 1],
    ['first', 'warning', 1],
  ]);
  const archived = async () => (await readArchive(outputs.ArchiveBucket ?? '', 'warning')).map(({ source }) => source);
  await poll(archived).toContain(shop);

  const { silence, hidden } = JSON.parse(await sluice(`${add} --author ann`));
  expect(silence).toMatchObject({ author: 'ann', reason: 'the database is moved', matchers: [`source="${shop}"`] });
  expect(hidden.map(({ events, level }: { events: number; level: string }) => [events, level])).toEqual([
    [2, 'error'],
    [1, 'warning'],
  ]);

  await put({ source: shop, level: 'critical', message: 'all is lost' }, { source: `${RUN}-web` });
  await poll(() => kindsOf(`${RUN}-web`)).toEqual([['first', 'error', 1]]);
  expect((await told(shop)).length).toBe(2);
  const listed = async () =>
    (JSON.parse(await sluice(list)) as { id: string; status: string; hidden: number }[])
      .filter(({ id }) => id === silence.id)
      .map(({ status, hidden: count }) => [status, count]);
  await poll(listed).toEqual([['in force', 1]]);

  expect(JSON.parse(await sluice(end.replace(/s-\w+/, silence.id)))).toEqual({ id: silence.id, hidden: 1 });
  expect(await listed()).toEqual([]);
  await put({ source: shop, level: 'critical', message: 'all is lost again' });
  await poll(() => kindsOf(shop)).toContainEqual(['first', 'critical', 1]);
});

test('the end of a silence is announced to whom it kept something from, with the exact count', async () => {
  const source = `${RUN}-moved`;
  const silence = {
    id: `s-${RUN}`,
    matchers: [parseMatcher(`source=${source}`)],
    author: 'ann',
    reason: 'the database is moved',
    startsAt: ago(30),
    endsAt: ago(3),
  };
  const made = { type: 'silence.created', source: 'sluice-cli', level: 'info' as const, time: ago(30) };
  await put(
    { ...made, details: silenceDetails(silence) },
    ...[20, 10, 5].map((minutes) => ({ source, time: ago(minutes) })),
    { source, time: ago(1) },
  );
  await poll(() => kindsOf(source)).toEqual([['first', 'error', 1]]);
  await sweep();
  await poll(async () => (await told(source)).map(({ kind, count, title }) => [kind, count, title])).toEqual([
    ['first', 1, expect.any(String)],
    ['summary', 3, 'silence ended: the database is moved (by ann)'],
  ]);
});

test('a storm of one source is one notice at once, and one that names what was not told by itself', async () => {
  const source = `${RUN}-storm`;
  const kinds = Array.from({ length: 30 }, (_, n) => `${'abcdefghijklmnopqrstuvwxyz'[n % 26]}${n < 26 ? 'x' : 'y'}`);
  const time = ago(6);
  await put(...kinds.map((kind) => ({ source, time, message: `the service ${kind} is gone` })));
  const ofStorm = async () => (await told(source)).filter(({ id }) => id.includes('#storm'));
  await poll(async () => (await ofStorm()).length).toBe(1);
  await sweep();
  await poll(async () => (await ofStorm()).map(({ kind, count }) => [kind, count])).toEqual([
    ['first', 21],
    ['summary', 10],
  ]);
  const [, named] = await ofStorm();
  expect(named?.incidents?.map(({ title }) => title.slice(-10))).toEqual(
    kinds.slice(20).map((kind) => `${kind} is gone`),
  );
  const alone = (await told(source)).filter(({ id, kind }) => !id.includes('#storm') && kind === 'first');
  expect(alone.length).toBe(20);
});

test('while something critical goes on, what its source says besides is hidden, and nothing of others', async () => {
  const [hidden, other] = [`${RUN}-inhibited`, `${RUN}-other`];
  await put({ source: hidden, level: 'critical', message: 'the disk is gone' });
  await poll(() => kindsOf(hidden)).toEqual([['first', 'critical', 1]]);
  await put({ source: hidden }, { source: other });
  await poll(() => kindsOf(other)).toEqual([['first', 'error', 1]]);
  expect(await kindsOf(hidden)).toEqual([['first', 'critical', 1]]);
});
