import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import { GetQueueUrlCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { beforeAll, expect, test } from 'vitest';
import { readIncidents, readLedger } from '../../cli/demo/observe.ts';
import { VIRTUAL_ENVIRONMENT } from '../../local/local-folder.ts';
import { s3 } from '../../shared/aws/s3-client.ts';
import { deployedOutputs } from '../support/deployed-outputs.ts';
import { producerBlock } from '../support/readme.ts';
import { settledLedger } from '../support/settled-ledger.ts';

const MINUTES = 60_000;
/** A name of letters alone: digits would be masked. */
const run = Date.now()
  .toString(36)
  .replaceAll(/\d/g, (digit) => 'ghijklmnop'[Number(digit)] ?? '');

let outputs: Record<string, string>;
let bucket: string;

beforeAll(async () => {
  outputs = await deployedOutputs();
  bucket = outputs.DropBucket ?? '';
}, 4 * MINUTES);

async function drop(key: string, body: string | Uint8Array): Promise<string | undefined> {
  const { client } = await s3();
  const answer = await client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body }));
  return answer.VersionId;
}

const failure = (word: string, n: number) => ({ level: 'error', message: `${word}${run} refused order ${n}` });
const failures = (word: string, count: number) => Array.from({ length: count }, (_, n) => failure(word, n));

async function incidentsOf(word: string) {
  const all = await readIncidents(outputs);
  return all
    .filter(({ template }) => template.includes(`${word}${run} refused`))
    .map(({ source, level, count }) => ({ source, level, count }));
}

/** The quarantine's entries of one key. */
async function entriesOf(key: string): Promise<Record<string, unknown>[]> {
  const { client } = await s3();
  const listing = { Bucket: outputs.ArchiveBucket, Prefix: 'quarantine/' };
  const { Contents = [] } = await client.send(new ListObjectsV2Command(listing));
  const entries = await Promise.all(
    Contents.map(async ({ Key = '' }) => JSON.parse((await read(Key)).toString('utf8'))),
  );
  return entries.filter((entry) => entry.key === key);
}

async function read(Key: string): Promise<Buffer> {
  const { client } = await s3();
  const { Body } = await client.send(new GetObjectCommand({ Bucket: outputs.ArchiveBucket, Key }));
  return Buffer.from((await Body?.transformToByteArray()) ?? []);
}

const poll = (ask: () => Promise<unknown>) => expect.poll(ask, { timeout: MINUTES, interval: 250 });

test('the README drops a file, and its lines become an incident of the folder', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-drop-'));
  try {
    writeFileSync(
      join(folder, 'app.ndjson'),
      failures('readme', 3)
        .map((event) => JSON.stringify(event))
        .join('\n'),
    );
    const program = producerBlock('files').replaceAll('sluice-dev', 'sluice-local');
    await promisify(execFile)(join(VIRTUAL_ENVIRONMENT, 'bin/python'), ['-c', program], { cwd: folder });
    await poll(() => incidentsOf('readme')).toEqual([{ source: 'web-1', level: 'error', count: 3 }]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test.each<[string, string, (events: object[]) => string | Uint8Array]>([
  ['an array', 'array', (events) => JSON.stringify(events, null, 2)],
  ['an array in gzip', 'packed', (events) => gzipSync(JSON.stringify(events))],
  ['lines in gzip', 'lines', (events) => gzipSync(events.map((event) => JSON.stringify(event)).join('\n'))],
  ['a document', 'document', ([event]) => JSON.stringify(event, null, 2)],
])('%s becomes events, each once', async (_, word, write) => {
  const count = word === 'document' ? 1 : 40;
  await drop(`agents/${word} é+&.json`, write(failures(word, count)));
  await poll(() => incidentsOf(word)).toEqual([{ source: 'agents', level: 'error', count }]);
});

test('a notification that comes again and again counts nothing again', async () => {
  const before = (await settledLedger(outputs))['project-incidents'].received;
  const key = `agents/repeated-${run}.json`;
  const versionId = await drop(key, JSON.stringify(failures('repeated', 5)));
  await poll(() => incidentsOf('repeated')).toEqual([{ source: 'agents', level: 'error', count: 5 }]);
  const sqs = new SQSClient({});
  const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: 'sluice-local-drops' }));
  const record = { eventName: 'ObjectCreated:Put', s3: { bucket: { name: bucket }, object: { key, versionId } } };
  for (let n = 0; n < 3; n++) {
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify({ Records: [record] }) }));
  }
  // What comes after them is done after them.
  await drop(`agents/after-${run}.json`, JSON.stringify(failures('after', 1)));
  await poll(() => incidentsOf('after')).toEqual([{ source: 'agents', level: 'error', count: 1 }]);
  expect(await incidentsOf('repeated')).toEqual([{ source: 'agents', level: 'error', count: 5 }]);
  expect((await readLedger(outputs))['project-incidents'].received).toBe(before + 6);
});

test('lines that are no JSON are quarantined alone, byte for byte', async () => {
  const key = `agents/mixed-${run}.ndjson`;
  const lines = failures('mixed', 2).map((event) => JSON.stringify(event));
  await drop(
    key,
    Buffer.concat([Buffer.from(`${lines[0]}\n{broken\n`), Buffer.from([0xff, 0x0a]), Buffer.from(`${lines[1]}`)]),
  );
  await poll(() => incidentsOf('mixed')).toEqual([{ source: 'agents', level: 'error', count: 2 }]);
  expect(await entriesOf(key)).toMatchObject([
    {
      bucket,
      data: Buffer.concat([Buffer.from('{broken\n'), Buffer.from([0xff, 0x0a])]).toString('base64'),
      pieces: [
        { place: 'line 2', code: 'not-json' },
        { place: 'line 3', code: 'not-utf8' },
      ],
    },
  ]);
});

test('a file that cannot be read is quarantined whole, a large one as a copy', async () => {
  const small = gzipSync(JSON.stringify(failures('cut', 100))).subarray(0, -9);
  await drop(`agents/cut-${run}.json.gz`, small);
  await poll(() => entriesOf(`agents/cut-${run}.json.gz`)).toMatchObject([
    { code: 'bad-compression', reason: expect.any(String), taken: 0, data: small.toString('base64') },
  ]);
  const large = Buffer.alloc(5 * 1024 * 1024, 'no JSON at all, line for line\n');
  await drop(`agents/large-${run}.log`, large);
  await poll(() => entriesOf(`agents/large-${run}.log`)).toMatchObject([{ code: 'not-json', size: large.length }]);
  const [entry] = await entriesOf(`agents/large-${run}.log`);
  expect((await read(String(entry?.payload))).equals(large)).toBe(true);
});
