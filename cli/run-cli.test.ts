import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { captureStreams } from '../test/support/captured-streams.ts';
import { QUERIES_FOLDER } from './query/saved-queries.ts';
import { runCli } from './run-cli.ts';

/** Points at this endpoint: where nothing answers, a command that gets as far as a call fails with 1. */
function pointAt(endpoint: string): void {
  vi.stubEnv('AWS_ENDPOINT_URL', endpoint);
  vi.stubEnv('AWS_REGION', 'us-east-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
}

async function cli(args: string[]) {
  const capture = captureStreams({ env: process.env });
  const code = await runCli(args, capture.streams);
  return { code, stdout: capture.stdout(), stderr: capture.stderr() };
}

beforeEach(() => pointAt('http://127.0.0.1:1'));
afterEach(() => vi.unstubAllEnvs());

test.each([
  [['put'], 'put takes exactly one of --message, --file and -, got none'],
  [['put', '--message', 'a', '--file', 'b'], 'put takes exactly one of --message, --file and -, got 2'],
  [['put', 'app.log'], 'put takes no argument but a single -, got "app.log": did you mean --file or --message?'],
  [['put', '--file', 'b', '--level', 'error'], '--level and --details belong to --message'],
  [
    ['put', '--message', 'a', '--level', 'loud'],
    '--level must be one of critical, error, warning, info, debug, got "loud"',
  ],
  [['put', '--message', 'a', '--details', '{'], '--details must be JSON such as \'{"order": 17}\', got "{"'],
  [['put', '--message', 'a', '--source', ''], '--source must be 1 to 256 characters, got 0'],
  [['put', '-', '--repeat-every', '0'], '--repeat-every must be a whole number from 1'],
  [['put', '--message', 'a', '--repeat-every', '2'], '--repeat-every belongs to --file or -'],
  [['logs'], "required option '--source <name>' not specified"],
  [['logs', '--source', 'a', '--since', 'noon'], '--since must be like 90s'],
  [['incidents', 'list', '--status', 'shut'], 'Allowed choices are open, acknowledged, resolved, regressed'],
  [['incidents', 'show'], "missing required argument 'fingerprint'"],
  [['query', 'run', 'top-tmplates'], 'did you mean top-templates?'],
  [['query', 'run', 'top-templates', '--param', 'limit'], '--param must be name=value, got "limit"'],
  [
    ['query', 'run', 'top-templates', '--param', 'limit=x'],
    '--param limit must be a value of type integer such as 7, got "x"',
  ],
  [['query', 'run', 'top-templates', '--format', 'xml'], 'Allowed choices are table, json, csv'],
  [['logs', '--source', 'a', '--stage', 'a b'], '--stage must be a name of letters, digits and hyphens'],
  [['shout'], "unknown command 'shout'"],
  [['put', '--mesage', 'a'], '(Did you mean --message?)'],
  [[], 'Usage: sluice'],
])('%j is written wrong: exit code 2, nothing on stdout', async (args, sentence) => {
  const { code, stdout, stderr } = await cli(args);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain(sentence);
});

test.each([
  [['put', '--file', '/nowhere/app.log'], 'There is no file /nowhere/app.log'],
  [['put', '--file', '/'], '/ is a folder: name a file in it.'],
  [['put', '--message', 'a'], 'Nothing answers at that address: check AWS_ENDPOINT_URL'],
  [['incidents', 'list', '--json'], 'Nothing answers at that address'],
])('%j cannot be done: exit code 1, one sentence on stderr, nothing on stdout', async (args, sentence) => {
  const { code, stdout, stderr } = await cli(args);
  expect({ code, stdout, lines: stderr.trimEnd().split('\n').length }).toEqual({ code: 1, stdout: '', lines: 1 });
  expect(stderr).toContain(`sluice: ${sentence}`);
});

test('a stage that is not deployed is a sentence that says how to deploy it', async () => {
  const missing =
    '<ErrorResponse><Error><Code>ValidationError</Code><Message>Stack with id sluice-dev does not exist</Message></Error></ErrorResponse>';
  const server = createServer((_, response) =>
    response.writeHead(400, { 'content-type': 'text/xml' }).end(missing),
  ).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const endpoint = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
  pointAt(endpoint);
  const { code, stderr } = await cli(['incidents', 'list', '--stage', 'dev']);
  server.close();
  expect({ code, stderr }).toEqual({
    code: 1,
    stderr: `sluice: Stage dev is not deployed at ${endpoint}: run npx serverless deploy --stage dev.\n`,
  });
});

test.each([
  [['--help']],
  [['help', 'put']],
  [['put', '--help']],
  [['incidents', '--help']],
  [['logs', '--help']],
  [['query', '--help']],
  [['local', '--help']],
  [['doctor', '--help']],
])('%j is answered on stdout with examples, exit code 0', async (args) => {
  const { code, stdout, stderr } = await cli(args);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(/^Usage: sluice/);
  expect(stdout).toContain('Examples:\n  $ sluice ');
});

test('with --json stdout is one JSON value', async () => {
  const { code, stdout, stderr } = await cli(['query', 'list', '--json']);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const names = (JSON.parse(stdout) as { name: string }[]).map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(['errors-by-source-and-hour', 'level-mix-by-day', 'top-templates']));
});

test('a saved query is shown with its parameters and its SQL as it stands in the file', async () => {
  const { code, stdout } = await cli(['query', 'show', 'level-mix-by-day']);
  const sql = readFileSync(join(QUERIES_FOLDER, 'level-mix-by-day.sql'), 'utf8');
  expect(code).toBe(0);
  expect(stdout).toContain('│ days      │ integer │ 30      │');
  expect(stdout.trimEnd().endsWith(sql.slice(sql.indexOf('FROM events\n')).trimEnd())).toBe(true);
});
