import { expect, test } from 'vitest';
import { captureStreams } from '../test/support/captured-streams.ts';
import { renderTable } from './render-table.ts';
import { colored, createTerminal, type TerminalOptions } from './terminal.ts';

function terminalOn(capture: ReturnType<typeof captureStreams>, options: Partial<TerminalOptions> = {}) {
  const { stdout, stderr, env } = capture.streams;
  return createTerminal({ stdout, stderr, env, json: false, color: true, verbose: false, ...options });
}

test.each([
  ['a terminal', { columns: 80 }, {}, true],
  ['a pipe', {}, {}, false],
  ['NO_COLOR', { columns: 80, env: { NO_COLOR: '1' } }, {}, false],
  ['--no-color', { columns: 80 }, { color: false }, false],
  ['a terminal that cannot', { columns: 80, env: { TERM: 'dumb' } }, {}, false],
])('%s: colours or not', (_, capture, options, isColored) => {
  const { colors } = terminalOn(captureStreams(capture), options);
  expect(colored('error', colors).includes('\u001b')).toBe(isColored);
});

test('a level that is none is written as it is', () => {
  expect(colored('constructor', terminalOn(captureStreams({ columns: 80 })).colors)).toBe('constructor');
});

test('answers go to stdout, remarks to stderr', () => {
  const capture = captureStreams();
  const terminal = terminalOn(capture);
  terminal.print('answer');
  terminal.note('remark');
  terminal.printJson({ a: '\u001b' });
  expect(capture.stdout()).toBe('answer\n{\n  "a": "\\u001b"\n}\n');
  expect(capture.stderr()).toBe('remark\n');
});

test('a table shows hostile cells inert, in one line each', () => {
  const table = renderTable(
    [{ head: 'name' }, { head: 'n', align: 'right' }],
    [
      ['a\n\u001b[2Jb', '7'],
      ['c', '10'],
    ],
    terminalOn(captureStreams()),
  );
  expect(table.split('\n')).toEqual([
    '┌───────────────┬────┐',
    '│ name          │  n │',
    '├───────────────┼────┤',
    '│ a\\n\\u001b[2Jb │  7 │',
    '│ c             │ 10 │',
    '└───────────────┴────┘',
  ]);
});

test('on a terminal the columns that give are cut to its width; in a pipe nothing is', () => {
  const columns = [{ head: 'id' }, { head: 'text', gives: true }];
  const rows = [['1', 'x'.repeat(100)]];
  const onTerminal = renderTable(columns, rows, terminalOn(captureStreams({ columns: 40 }), { color: false }));
  expect(Math.max(...onTerminal.split('\n').map((line) => line.length))).toBe(40);
  expect(onTerminal).toContain('x…');
  expect(renderTable(columns, rows, terminalOn(captureStreams()))).toContain('x'.repeat(100));
});
