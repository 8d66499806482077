import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';

const LOGGER = join(import.meta.dirname, 'sluice-logger.sh');

function bash(script: string, args: readonly string[] = []): string {
  const env = { ...process.env, LOGS_API_KEY: 'key', LOGS_API_URL: 'url', SLUICE_SOURCE: 'backup' };
  return execFileSync('bash', ['-euo', 'pipefail', '-c', `. "$0"; ${script}`, LOGGER, ...args], {
    env,
    encoding: 'utf8',
  });
}

/** Of the control characters of ASCII those that text is made with. */
const isKept = (character: string) => (character >= ' ' && character !== '\u007f') || '\t\n\r'.includes(character);

/** What takes the place of curl: it keeps what it was sent, and answers as it is told. */
const STUB = (code: number) => `curl() { cat; echo; return ${code}; };`;

test('any text becomes a text of JSON; control characters are left out', () => {
  const hostile = [
    '"',
    '\\',
    '\\"',
    'a\nb\r\tc',
    '$(id) `id` $HOME %s %n',
    "it's",
    '\u0001\u001b[31m\u007f',
    '😀 \u2028',
    '*',
    '-n',
    '',
  ];
  const drawn = fc.sample(fc.string({ unit: 'binary', maxLength: 40 }), { numRuns: 30, seed: 4711 });
  // Neither NUL nor half a character can be an argument of a process.
  const texts = [...hostile, ...drawn.map((text) => text.replaceAll('\0', '').toWellFormed())];
  const lines = bash('for text in "$@"; do sluice_json "$text"; echo; done', texts).trimEnd().split('\n');
  const shown = texts.map((text) => [...text].filter(isKept).join('').replace(/\n+$/, ''));
  expect(lines.map((line) => JSON.parse(line))).toEqual(shown);
});

test('what was logged goes as one list of events, each with an id of its own', () => {
  const output = bash(
    `${STUB(0)} sluice_log error b/1 'Disk "a" is full'; sluice_log info b/2 done; sluice_flush; echo $sluice_put`,
  );
  const [body = '', put] = output.trimEnd().split('\n');
  const events = JSON.parse(body) as Record<string, string>[];
  expect(events.map(({ id: _, time: __, ...event }) => event)).toEqual([
    { log_level: 'error', source_application: 'backup', locator: 'b/1', message: 'Disk "a" is full' },
    { log_level: 'info', source_application: 'backup', locator: 'b/2', message: 'done' },
  ]);
  expect(new Set(events.map(({ id }) => id)).size).toBe(2);
  expect(put).toBe('2');
});

test('what could not be sent waits, and goes with the same id the next time', () => {
  const output = bash(
    `${STUB(22)} sluice_log error 1 one; sluice_flush || echo $?; ${STUB(0)} sluice_flush; echo $sluice_put`,
  );
  const [first, code, second, put] = output.trimEnd().split('\n');
  expect([code, put]).toEqual(['1', '1']);
  expect(second).toBe(first);
});
