import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Replayed } from '../../cli/routes/replay-routes.ts';
import { runCli } from '../../cli/run-cli.ts';
import type { ComparedNotice } from '../../shared/alerts/compare-notices.ts';
import { kinesisStream } from '../../shared/aws/kinesis-stream.ts';
import { systemClock } from '../../shared/runtime/system-clock.ts';
import { putRecords } from '../../shared/stream/put-records.ts';
import { eventually } from '../contract/local-cloud.ts';
import { captureStreams } from '../support/captured-streams.ts';
import { deployedOutputs } from '../support/deployed-outputs.ts';
import { readArchive } from '../support/read-archive.ts';

const MINUTES = 60_000;
const RUN = randomUUID();
const SOURCE = `routes-${RUN}`;
/** What carries this run's attribute goes to another receiver. */
const NEXT = `
alerts:
  receivers: [{ name: ops, sns: [{ topic: critical }] }]
  route:
    routes: [{ name: next, matchers: ['attributes.run="${RUN}"'], receiver: ops }]
`;

let outputs: Record<string, string>;
let folder: string;
let next: string;

beforeAll(async () => {
  outputs = await deployedOutputs();
  folder = mkdtempSync(join(tmpdir(), 'sluice-routes-'));
  next = join(folder, 'next.yml');
  writeFileSync(next, NEXT);
  const fields = { v: 1, type: 'log', level: 'error', source: SOURCE, attributes: { run: RUN } };
  const now = Date.now();
  const event = (n: number) => ({ ...fields, time: new Date(now + n).toISOString(), message: `no ${n}` });
  const entries = Array.from({ length: 10 }, (_, n) => ({
    data: Buffer.from(JSON.stringify({ id: `${RUN}-${n}`, ...event(n) })),
    partitionKey: RUN,
  }));
  await putRecords(entries, { send: kinesisStream(outputs.StreamName ?? ''), clock: systemClock });
  await eventually('ten events in the archive', async () => {
    const events = await readArchive(outputs.ArchiveBucket ?? '', 'error');
    return events.filter(({ attributes }) => attributes?.run === RUN).length >= 10 ? true : undefined;
  });
}, 4 * MINUTES);

afterAll(() => rmSync(folder, { recursive: true }));

async function replay(...args: string[]) {
  const capture = captureStreams({ env: process.env });
  const code = await runCli(['routes', 'replay', ...args], capture.streams);
  return { code, stdout: capture.stdout(), stderr: capture.stderr() };
}

test('a replay of the archive shows what the deployed routes would lose and the new ones win, by receiver', async () => {
  const { code, stdout } = await replay('--since', '1h', '--config', next, '--examples', '1000', '--json');
  expect(code).toBe(0);
  const { events, won, lost, receivers } = JSON.parse(stdout) as Replayed;
  expect([events >= 10, won >= 3, lost >= 3]).toEqual([true, true, true]);
  // Other tests deploy routes of their own: what is compared is this run's events.
  const ours = (notices: readonly ComparedNotice[]) =>
    notices.filter(({ source }) => source === SOURCE).map(({ kind, count }) => [kind, count]);
  const burst = [
    ['first', 1],
    ['resolved', 10],
    ['summary', 10],
  ];
  const changes = receivers.map(({ receiver, examples }) => [
    receiver,
    ours(examples.won).sort(),
    ours(examples.lost).sort(),
  ]);
  expect(changes.filter(([, more, fewer]) => more?.length || fewer?.length).sort()).toEqual([
    ['level-topic error', [], burst],
    ['ops', burst, []],
  ]);
  expect(receivers.find(({ receiver }) => receiver === 'ops')).toMatchObject({ before: 0, after: 3, won: 3, lost: 0 });
});

test('the same configuration wins and loses nothing', async () => {
  const { code, stdout } = await replay('--since', '1h', '--config', next, '--present', next);
  expect([code, stdout]).toEqual([0, expect.stringContaining('Nobody would be told anything else.')]);
});

test('without events it fails and says that nothing was tried', async () => {
  await sleep(1_000);
  const { code, stdout, stderr } = await replay('--since', '1s', '--config', next);
  expect([code, stdout, stderr]).toEqual([1, '', expect.stringContaining('got none: nothing was replayed')]);
});
