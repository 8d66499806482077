import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readIncidents } from '../../cli/demo/observe.ts';
import type { Level } from '../../shared/events/levels.ts';
import { deployedOutputs } from '../support/deployed-outputs.ts';
import { type InstalledPackage, installPackage, machineNode } from '../support/installed-package.ts';
import { readArchive } from '../support/read-archive.ts';
import { documentBlock, producerBlock } from '../support/readme.ts';

const run = promisify(execFile);
const MINUTES = 60_000;
const POLL = { timeout: MINUTES / 2, interval: 250 };

let outputs: Record<string, string>;
let installed: InstalledPackage;

beforeAll(async () => {
  outputs = await deployedOutputs();
  installed = await installPackage();
}, 4 * MINUTES);

afterAll(() => installed.remove());

/** Runs code as an application's own program. */
function runProgram(name: string, code: string, node = process.execPath) {
  const file = join(installed.folder, name);
  writeFileSync(file, code);
  return run(node, [file], { env: { ...process.env, SLUICE_STREAM: outputs.StreamName }, timeout: MINUTES });
}

const archived = async (level: Level, source: string) =>
  (await readArchive(outputs.ArchiveBucket ?? '', level)).filter((event) => event.source === source);

test("the README's code ends as incidents, with the counts that it prints", async () => {
  const { stdout, stderr } = await runProgram('readme.mjs', producerBlock('client'));
  expect([stdout, stderr]).toEqual(['4 events put, 0 wait\n', '']);
  const incidents = async () =>
    (await readIncidents(outputs))
      .filter(({ source }) => source === 'orders')
      .map(({ level, template, count }) => [level, template, count])
      .sort();
  await expect.poll(incidents, POLL).toEqual([
    ['critical', 'the payment provider does not answer', 1],
    ['error', expect.stringMatching(/TypeError|payment/), 1],
  ]);
  await expect
    .poll(() => archived('error', 'orders'), POLL)
    .toMatchObject([
      {
        message: 'payment 4711 failed: card declined',
        locator: '2',
        error: { type: 'TypeError', message: 'card declined' },
        attributes: { order: '4711', request: 'r-17', card: '[redacted]' },
      },
    ]);
});

describe('whatever ends a process', () => {
  const program = (source: string, end: string) => `
    import { createLogger } from 'sluice/client';
    const log = createLogger({ source: '${source}', flushInterval: 60_000 });
    for (let n = 1; n <= 1_000; n++) log.error(n, 'last words ' + n);
    ${end}`;

  test.each([
    ['nothing else to do', 'exits-idle', '', 0],
    ['process.exit', 'exits-at-once', 'process.exit(3);', 3],
    ['an exception', 'exits-broken', "throw new Error('broken');", 1],
    ['SIGTERM', 'exits-killed', "process.kill(process.pid, 'SIGTERM'); setInterval(() => {}, 1_000);", undefined],
  ])('%s: its last thousand events arrive', async (_, source, end, code) => {
    const ended = await runProgram(`${source}.mjs`, program(source, end)).catch((error: object) => error);
    expect(ended).toMatchObject(code === 0 ? { stderr: '' } : code === undefined ? { signal: 'SIGTERM' } : { code });
    const messages = async () => new Set((await archived('error', source)).map(({ message }) => message)).size;
    await expect.poll(messages, POLL).toBe(1_000);
  });
});

test.skipIf(machineNode() === undefined)("an application's own Node, with CommonJS, sends too", async () => {
  const code = `const { createLogger } = require('sluice/client');
    const log = createLogger({ source: 'common', packing: 'json' });
    log.warning('1', 'from CommonJS');
    log.close().then(({ put }) => console.log(put));`;
  expect((await runProgram('common.cjs', code, machineNode())).stdout).toBe('1\n');
  await expect.poll(() => archived('warning', 'common'), POLL).toMatchObject([{ message: 'from CommonJS' }]);
});

test("the function of docs/client.md sends an invocation's events before it answers", async () => {
  const handler = documentBlock('docs/client.md', { language: 'js', holding: 'sluiceMiddleware(log)' });
  const call = `
    const context = (awsRequestId) => ({ awsRequestId, getRemainingTimeInMillis: () => 10_000 });
    await handler({ id: 1 }, context('first'));
    await handler({ id: 2 }, context('second'));
    console.log(JSON.stringify(log.counts()));
    process.exit(0);`;
  const { stdout } = await runProgram('handler.mjs', handler + call);
  expect(JSON.parse(stdout)).toMatchObject({ logged: 2, put: 2, waiting: 0 });
  const invocations = async () => (await archived('info', 'checkout')).map(({ attributes }) => attributes).sort();
  await expect.poll(invocations, POLL).toEqual(
    expect.arrayContaining([
      { order: '1', 'faas.invocation_id': 'first' },
      { order: '2', 'faas.invocation_id': 'second' },
    ]),
  );
});
