import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readIncidents } from '../../cli/demo/observe.ts';
import { scanTable } from '../../shared/aws/dynamodb-scan.ts';
import { deployedOutputs } from '../support/deployed-outputs.ts';
import { type InstalledPackage, installPackage } from '../support/installed-package.ts';
import { producerBlock } from '../support/readme.ts';

const run = promisify(execFile);
const MINUTES = 60_000;

let outputs: Record<string, string>;
/** An application's folder, with Sluice, pino and winston in its `node_modules`. */
let installed: InstalledPackage;

beforeAll(async () => {
  outputs = await deployedOutputs();
  installed = await installPackage(['pino', 'winston', 'winston-transport']);
}, 4 * MINUTES);

afterAll(() => installed.remove());

/** Runs the README's code as it stands, as a program of an application that has Sluice installed. */
async function runReadme(name: string, code: string): Promise<string> {
  const file = join(installed.folder, `${name}.mjs`);
  writeFileSync(file, code);
  const { stdout, stderr } = await run(process.execPath, [file], {
    env: { ...process.env, SLUICE_STREAM: outputs.StreamName },
    timeout: MINUTES,
  });
  return stdout + stderr;
}

async function rowsOf(message: string) {
  const names = ['source_application', 'log_level', 'message', 'details'] as const;
  const rows = await scanTable(outputs.ApplicationLogsTable ?? '', names);
  return rows.filter((row) => String(row.message).startsWith(message));
}

async function incidentsOf(wanted: string) {
  const incidents = await readIncidents(outputs);
  return incidents
    .filter(({ template }) => template === wanted)
    .map(({ source, level, count }) => ({ source, level, count }));
}

test.each([
  ['pino', producerBlock('pino'), 'order 4711 failed', 'order <*> failed'],
  ['winston', producerBlock('winston'), 'payment 4711 failed: no credit', 'payment <*> failed: no credit'],
])(
  "the README's code of %s ends as an incident and a row of the application log",
  async (name, code, message, template) => {
    expect(await runReadme(name, code)).toBe('');
    await expect
      .poll(() => rowsOf(message), { timeout: MINUTES / 2, interval: 250 })
      .toMatchObject([{ source_application: 'shop', log_level: 'error', message }]);
    await expect
      .poll(() => incidentsOf(template), { timeout: MINUTES / 2, interval: 250 })
      .toEqual([{ source: 'shop', level: 'error', count: 1 }]);
  },
);
