import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readIncidents, readLedger } from '../../cli/demo/observe.ts';
import { kinesisStream } from '../../shared/aws/kinesis-stream.ts';
import { stackOutputs } from '../../shared/aws/stack-outputs.ts';
import type { LogEvent } from '../../shared/events/event.ts';
import { systemClock } from '../../shared/runtime/system-clock.ts';
import { packEvents } from '../../shared/stream/pack.ts';
import { putRecords } from '../../shared/stream/put-records.ts';
import { readArchive } from '../support/read-archive.ts';
import { readObjects } from '../support/read-objects.ts';
import { type UnseenLog, unseenLog } from './unseen-log.ts';

const run = promisify(execFile);
const ROOT = resolve(import.meta.dirname, '../..');
const PYTHON = join(ROOT, '.local/venv/bin/python');
const BUFFER = { maxBuffer: 64 * 1024 * 1024 };
const MINUTES = 60_000;

/** The products sample logs so often over its CSV: once a row, for what is out of stock, at its beginning and its end. */
const PRODUCT_EVENTS = 265;

interface Report {
  received: number;
  duplicates: number;
  filtered: number;
  quarantined: number;
  projected: number;
  exact: boolean;
  notices: Record<string, number>;
  incidents: { fingerprint: string; level: string; source: string; template: string; count: number; status: string }[];
  archive: { objects: number; rows: number };
  queries: Record<string, number>;
}

let folder: string;
let log: UnseenLog;
let report: Report;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-demo-'));
  // A new log each day, the same all day: a failure can be repeated.
  log = unseenLog(Math.floor(Date.now() / 86_400_000), 2_400);
  const file = join(folder, 'unseen.log');
  writeFileSync(file, log.bytes);
  const { stdout } = await run(process.execPath, ['cli/demo/demo.ts', '--json', '--keep', '--file', file], {
    cwd: ROOT,
    ...BUFFER,
  });
  report = JSON.parse(stdout) as Report;
}, 4 * MINUTES);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('a log that was never seen before is accounted for to the last event', () => {
  const put = log.events + PRODUCT_EVENTS;
  const repeated = Math.floor(log.events / 10) + Math.floor(PRODUCT_EVENTS / 10);
  expect({
    ...report,
    incidents: undefined,
    notices: undefined,
    filtered: undefined,
    projected: undefined,
    seconds: undefined,
  }).toEqual({
    received: put + repeated,
    duplicates: repeated,
    quarantined: 0,
    exact: true,
    archive: { objects: expect.any(Number), rows: put + repeated },
    queries: { 'errors-by-source-and-hour': 2, 'level-mix-by-day': expect.any(Number), 'top-templates': 20 },
  });
  expect(report.projected + report.filtered).toBe(put);
});

test('each failure in it is one incident with its exact count, and one notice at its level', () => {
  const fromLog = report.incidents.filter(({ source }) => source === 'unseen');
  const counts = fromLog.map(({ count }) => count).sort((a, b) => a - b);
  expect(counts).toEqual([...log.errors.values()].sort((a, b) => a - b));
  const critical = report.incidents.filter(({ level }) => level === 'critical').length;
  expect(report.notices.critical).toBe(critical);
});

test(
  'a producer in Python with plain PutRecords gets the same incidents, each event once',
  async () => {
    const outputs = (await stackOutputs('sluice-local')) ?? {};
    const before = await readIncidents(outputs);
    const sampled = before.filter(({ source }) => source === 'unseen');
    const lines = log.bytes
      .toString('latin1')
      .split('\n')
      .filter((line) => / (ERROR|FATAL) /.test(line));
    const documents = lines.map((message, index) =>
      JSON.stringify({
        id: `python-${index}`,
        source: 'unseen',
        level: / FATAL /.test(message) ? 'fatal' : 'err',
        message,
      }),
    );
    await produce(documents, outputs.StreamName ?? '');
    const doubled = new Map(sampled.map(({ fingerprint, count }) => [fingerprint, count * 2]));
    await expect
      .poll(async () => countsOf(await readIncidents(outputs)), { timeout: MINUTES, interval: 500 })
      .toEqual(doubled);
  },
  2 * MINUTES,
);

test(
  'records that cannot be understood are quarantined with payload and reason, and their neighbours get through',
  async () => {
    const outputs = (await stackOutputs('sluice-local')) ?? {};
    const before = await readLedger(outputs);
    const poison: [Buffer, string][] = [
      [Buffer.from([0xff, 0xfe, 0x80]), 'not-utf8'],
      [Buffer.from('   '), 'empty'],
      [gzipSync(Buffer.alloc(64 * 1024 * 1024)), 'too-large'],
      [gzipSync(Buffer.from('{"message":"cut off"}')).subarray(0, 20), 'bad-compression'],
    ];
    const neighbour = (n: number) =>
      Buffer.from(JSON.stringify({ level: 'error', source: 'neighbour', message: `neighbour ${n}` }));
    const entries = poison
      .flatMap(([data], n) => [data, neighbour(n)])
      .map((data) => ({ data, partitionKey: 'one shard' }));
    const { unsent } = await putRecords(entries, { send: kinesisStream(outputs.StreamName ?? ''), clock: systemClock });
    expect(unsent).toEqual([]);
    await expect
      .poll(async () => (await readLedger(outputs))['archive-events'].quarantined, { timeout: MINUTES, interval: 500 })
      .toBe(before['archive-events'].quarantined + poison.length);
    const kept = await readObjects(outputs.ArchiveBucket ?? '', 'quarantine/');
    const expected = poison.map(([data, code]) => ({ code, data: data.toString('base64') }));
    expect(kept.map(({ code, data }) => ({ code, data }))).toEqual(expected);
    expect(kept.every(({ reason }) => typeof reason === 'string' && reason.length > 10)).toBe(true);
    await expect
      .poll(async () => (await readIncidents(outputs)).find(({ source }) => source === 'neighbour')?.count, {
        timeout: MINUTES,
      })
      .toBe(poison.length);
  },
  2 * MINUTES,
);

test(
  'an event can be rebuilt exactly from its row in the archive',
  async () => {
    const outputs = (await stackOutputs('sluice-local')) ?? {};
    const event: LogEvent = {
      v: 1,
      id: `rebuilt-${Date.now()}`,
      type: 'log',
      time: new Date().toISOString(),
      level: 'critical',
      source: 'archive "test", ünïcode',
      message: 'two lines\nwith a tab\t, a quote " and 🪵',
      details: { nested: [1, null, { deep: 'ø' }], text: 'x'.repeat(300) },
      error: {
        type: 'TypeError',
        message: 'no such thing',
        stack: 'TypeError: no such thing\n    at main (app.js:1:2)',
      },
      locator: '7+',
      attributes: { region: 'eu-central-1', 'with.dot': '' },
      traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
      spanId: '00f067aa0ba902b7',
    };
    const [data] = packEvents([event]);
    const entries = [{ data: data ?? new Uint8Array(), partitionKey: 'archive' }];
    await putRecords(entries, { send: kinesisStream(outputs.StreamName ?? ''), clock: systemClock });
    const rebuilt = async () =>
      (await readArchive(outputs.ArchiveBucket ?? '', 'critical')).find(({ id }) => id === event.id);
    await expect.poll(rebuilt, { timeout: MINUTES, interval: 500 }).toStrictEqual(event);
  },
  2 * MINUTES,
);

function countsOf(incidents: Report['incidents']): Map<string, number> {
  return new Map(
    incidents.filter(({ source }) => source === 'unseen').map(({ fingerprint, count }) => [fingerprint, count]),
  );
}

async function produce(documents: string[], streamName: string): Promise<void> {
  const child = spawn(PYTHON, ['test/e2e/producer.py', streamName], {
    cwd: ROOT,
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  child.stdin.end(`${documents.join('\n')}\n`);
  const code = await new Promise((done) => child.on('close', done));
  expect(code).toBe(0);
}
