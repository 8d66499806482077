import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, expect, test } from 'vitest';
import { openAnalytics } from '../../cli/demo/analytics.ts';
import { readIncidents } from '../../cli/demo/observe.ts';
import { NODE_FOLDER, PROJECT_FOLDER } from '../../local/local-folder.ts';
import { topicWithQueue } from '../contract/topic-with-queue.ts';
import { deployedOutputs } from '../support/deployed-outputs.ts';
import { documentBlock } from '../support/readme.ts';

const run = promisify(execFile);
const MINUTES = 60_000;
const EXAMPLES = join(PROJECT_FOLDER, 'examples');

/** The one command of a sample's README: its first block that is a shell's. */
function commandOf(name: string): string {
  const readme = readFileSync(join(EXAMPLES, name, 'README.md'), 'utf8');
  const [command, ...others] = [...readme.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, text = '']) => text);
  if (command === undefined || others.length > 0) throw new Error(`expected one sh block in the README of ${name}`);
  return command;
}

interface Row {
  level: string;
  message: string;
  locator: string;
  error_type: string | null;
}

let outputs: Record<string, string>;

/** Runs a sample as its README says; answers what it printed, and what came of it, looked up here. */
async function runSample(name: string, source: string) {
  const since = new Date().toISOString().replace('T', ' ').replace('Z', '');
  const before = await countsOf(source);
  const env = { ...process.env, PATH: `${NODE_FOLDER}:${process.env.PATH}` };
  const { stdout } = await run('bash', ['-euo', 'pipefail', '-c', commandOf(name)], { cwd: PROJECT_FOLDER, env });
  const after = await countsOf(source);
  const more = Object.entries(after).map(([template, count]): [string, number] => [
    template,
    count - (before[template] ?? 0),
  ]);
  const rows = (await openAnalytics(outputs).run(
    `SELECT DISTINCT id, level, message, locator, error_type, time FROM log_events
     WHERE source = '${source}' AND received_at >= TIMESTAMP '${since}' ORDER BY time, id`,
  )) as unknown as Row[];
  return { stdout, rows, incidents: Object.fromEntries(more.filter(([, count]) => count > 0)) };
}

async function countsOf(source: string): Promise<Record<string, number>> {
  const incidents = (await readIncidents(outputs)).filter((incident) => incident.source === source);
  return Object.fromEntries(incidents.map(({ template, count }) => [template, count]));
}

function levelsOf(rows: readonly Row[]): Record<string, number> {
  const levels: Record<string, number> = {};
  for (const { level } of rows) levels[level] = (levels[level] ?? 0) + 1;
  return levels;
}

const LOGGER_ROWS = [
  ['debug', '1'],
  ['info', '2'],
  ['warning', '3'],
  ['error', '4'],
  ['critical', '5'],
  ['info', '6'],
];

/** Each logs as itself, so they can run side by side: most of their time is waiting. */
const SAMPLE = { timeout: MINUTES, concurrent: true };

beforeAll(async () => {
  outputs = await deployedOutputs();
}, 4 * MINUTES);

test('every sample has a README with one command, and the list names each', () => {
  const names = readdirSync(EXAMPLES, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
  expect(names.map(commandOf)).toEqual(names.map((name) => `npm run example ${name}\n`));
  const list = readFileSync(join(EXAMPLES, 'README.md'), 'utf8');
  expect([...list.matchAll(/^\| \[([a-z-]+)\]/gm)].map(([, name]) => name).sort()).toEqual(names.sort());
});

test('products-csv logs at every level, and says when it is done', SAMPLE, async ({ expect }) => {
  const { rows, incidents } = await runSample('products-csv', 'products-csv');
  expect(levelsOf(rows)).toEqual({ critical: 7, error: 28, warning: 23, info: 2, debug: 205 });
  expect(rows.at(-1)).toMatchObject({ level: 'info', message: 'Done processing products.csv' });
  expect(Object.values(incidents).sort((a, b) => b - a)).toEqual([10, 7, 6, 5, 4, 3]);
});

test('bulk-renamer looks, renames, refuses a collision and takes back', SAMPLE, async ({ expect }) => {
  const { stdout, rows, incidents } = await runSample('bulk-renamer', 'bulk-renamer');
  const shown = [...stdout.matchAll(/^ {2}IMG_2026-11-19.jpg -> 19.11.2026.jpg {2}(.+)$/gm)].map(([, how]) => how);
  expect(shown).toEqual(['would be renamed', 'renamed']);
  expect(stdout).toContain('nothing was renamed\n');
  expect(stdout).toContain('\nIMG_2026-11-19.jpg\nIMG_2026-11-20.jpg\nIMG_2026-11-21.jpg\nholiday.jpg\n');
  expect(
    rows.filter(({ locator }) => locator === 'rename' || locator === 'undo').map(({ message }) => message),
  ).toEqual([expect.stringMatching(/^Done renaming in /), expect.stringMatching(/^Done undoing in /)]);
  expect(Object.values(incidents)).toEqual([3]);
});

test('alert-sender tells the topic that is there, and logs what went wrong with the others', {
  timeout: MINUTES,
}, async ({ expect }) => {
  const { stdout, rows, incidents } = await runSample('alert-sender', 'alert-sender');
  expect(stdout).toContain('Topic: 1 told\n  Uberhitzung in rack 7: Rack 7 is at 71 degrees\n');
  expect(levelsOf(rows)).toEqual({ info: 1, error: 2 });
  expect(Object.keys(incidents).sort()).toEqual([
    'An alert was not told: expected the ARN of a standard SNS topic, arn:aws:sns:REGION:ACCOUNT:NAME',
    'An alert was not told: missing: PublishBatch failed: NotFoundException',
  ]);
});

test('test-emitter: one error is one incident, ten of a kind are one that counts ten, information is none', {
  timeout: MINUTES,
}, async ({ expect }) => {
  const { stdout, rows, incidents } = await runSample('test-emitter', 'test-emitter');
  expect(levelsOf(rows)).toEqual({ error: 11, info: 3 });
  expect(incidents).toEqual({
    'Order <*> cannot be shipped: its address is not known': 1,
    'Payment <*> failed after <*> ms: the bank does not answer': 10,
  });
  expect(stdout.match(/^ {2}first error: /gm)).toHaveLength(2);
});

test('the logger in Python logs at every level, with its exception', SAMPLE, async ({ expect }) => {
  const { rows, incidents } = await runSample('python', 'python-logger');
  expect(rows.map(({ level, locator }) => [level, locator]).sort(byLocator)).toEqual(LOGGER_ROWS);
  expect(rows.find(({ level }) => level === 'error')?.error_type).toBe('ValueError');
  expect(Object.values(incidents)).toEqual([1, 1]);
});

test('the logger for shell scripts logs at every level', SAMPLE, async ({ expect }) => {
  const { rows, incidents } = await runSample('curl', 'curl-logger');
  expect(rows.map(({ level, locator }) => [level, locator]).sort(byLocator)).toEqual(LOGGER_ROWS);
  expect(rows.find(({ level }) => level === 'warning')?.message).toBe('Price of SL-1004 is old: "93 days"');
  expect(Object.values(incidents)).toEqual([1, 1]);
});

test(
  'the code of the documents tells the topic that is there, and logs what was not told',
  SAMPLE,
  async ({ expect }) => {
    const topic = await topicWithQueue(`examples-${randomUUID()}`);
    const folder = mkdtempSync(join(tmpdir(), 'sluice-alerts-'));
    const file = join(folder, 'stock.mts');
    const code = documentBlock('docs/send-alerts.md', { language: 'js', holding: 'sendAlerts' });
    writeFileSync(file, code.replace('sluice/client', join(PROJECT_FOLDER, 'client/index.ts')));
    const topics = { SHOP_TOPIC_ARN: topic.topicArn, BUYERS_TOPIC_ARN: `${topic.topicArn}-gone` };
    await run(process.execPath, [file], { env: { ...process.env, ...topics, SLUICE_STREAM: outputs.StreamName } });
    rmSync(folder, { recursive: true });
    expect(await topic.receive()).toEqual([{ body: 'Stock of SL-1004 is wrong', attributes: { level: 'error' } }]);
    await topic.remove();
    const counted = async () => Object.keys(await countsOf('stock'));
    await expect
      .poll(counted, { timeout: MINUTES, interval: 250 })
      .toEqual(['An alert was not told: missing: PublishBatch failed: NotFoundException']);
  },
);

const byLocator = ([, a = '']: string[], [, b = '']: string[]) => a.localeCompare(b);
