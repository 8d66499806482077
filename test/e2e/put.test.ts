import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readIncidents } from '../../cli/demo/observe.ts';
import { NODE_FOLDER, PROJECT_FOLDER, VIRTUAL_ENVIRONMENT } from '../../local/local-folder.ts';
import { scanTable } from '../../shared/aws/dynamodb-scan.ts';
import { deployedOutputs } from '../support/deployed-outputs.ts';
import { producerBlock } from '../support/readme.ts';

const run = promisify(execFile);
const MINUTES = 60_000;
const MESSAGE = 'payment 4711 failed';
/** A word that nobody else logs; digits would be masked. */
const WORD = `put${Date.now().toString(36).replaceAll(/\d/g, 'x')}`;

let outputs: Record<string, string>;
/** A person's folder: the command line is in its `node_modules`, and a log lies there. */
const folder = mkdtempSync(join(tmpdir(), 'sluice-put-'));

beforeAll(async () => {
  outputs = await deployedOutputs();
}, 4 * MINUTES);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function rowsOf(source: string) {
  const names = ['source_application', 'period', 'log_level', 'message', 'details'] as const;
  const rows = await scanTable(outputs.ApplicationLogsTable ?? '', names);
  return rows.filter((row) => row.source_application === source);
}

async function incidentsOf(source: string) {
  const incidents = (await readIncidents(outputs)).filter((incident) => incident.source === source);
  return incidents
    .filter(({ template }) => template.includes(WORD))
    .map(({ level, template, count }) => [level, template, count])
    .sort();
}

const poll = (ask: () => Promise<unknown>) => expect.poll(ask, { timeout: MINUTES, interval: 250 });

/** journalctl, where no journal is: it prints what it would of two entries. */
function makeJournalctl(bin: string): void {
  const entry = (priority: string, message: string) =>
    JSON.stringify({ MESSAGE: message, PRIORITY: priority, __REALTIME_TIMESTAMP: String(Date.now() * 1_000) });
  const lines = [entry('3', `${WORD} unit failed`), entry('6', `${WORD} unit started`)];
  writeFileSync(join(bin, 'journalctl'), `#!/bin/sh\n[ "$*" = "-o json" ] && cat <<'X'\n${lines.join('\n')}\nX\n`);
  chmodSync(join(bin, 'journalctl'), 0o755);
}

test("the README's commands put an event, the lines of a file and those of a pipe", {
  timeout: 2 * MINUTES,
}, async () => {
  const bin = join(folder, 'node_modules/.bin');
  mkdirSync(bin, { recursive: true });
  symlinkSync(join(PROJECT_FOLDER, 'bin/sluice'), join(bin, 'sluice'));
  makeJournalctl(bin);
  const lines = [
    `2026-11-21 10:00:00 ERROR ${WORD} refused order 1`,
    '',
    JSON.stringify({ level: 'fatal', message: `${WORD} is out of disk` }),
    `2026-11-21 10:00:01 ERROR ${WORD} refused order 2`,
  ];
  writeFileSync(join(folder, 'app.log'), lines.join('\n'));
  const env = { ...process.env, PATH: `${bin}:${NODE_FOLDER}:${process.env.PATH}` };
  const { stdout } = await run('bash', ['-euo', 'pipefail', '-c', producerBlock('put')], { cwd: folder, env });
  const id = /^put error event (\S+) onto /m.exec(stdout)?.[1];
  const row = async () => (await rowsOf('shop')).filter(({ period }) => String(period).endsWith(`#${id}`));
  await poll(row).toMatchObject([{ log_level: 'error', message: MESSAGE, details: expect.anything() }]);
  await poll(() => incidentsOf('app')).toEqual([
    ['critical', `${WORD} is out of disk`, 1],
    ['error', expect.stringMatching(/refused order <\*>$/), 2],
  ]);
  await poll(() => incidentsOf('web-1')).toEqual([['error', `${WORD} unit failed`, 1]]);
});

test("the README's Python puts a record that ends as a row of the application log", async () => {
  // The other producers of the README say the same, but with details.
  const rows = async () =>
    (await rowsOf('shop')).filter(({ message, details }) => message === MESSAGE && details === undefined).length;
  const before = await rows();
  const program = producerBlock('kinesis').replaceAll('sluice-dev', outputs.StreamName ?? '');
  await run(join(VIRTUAL_ENVIRONMENT, 'bin/python'), ['-c', program]);
  await poll(rows).toBe(before + 1);
});
