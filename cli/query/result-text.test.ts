import { expect, test } from 'vitest';
import type { AthenaResult } from '../../shared/aws/athena-query.ts';
import { resultCsv, resultObjects } from './result-text.ts';

function result(type: string, ...values: (string | null)[]): AthenaResult {
  return { columns: [{ name: 'c', type }], rows: values.map((value) => [value]), scannedBytes: 0 };
}

test.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '\n=1', '＝1', "=cmd|'/c calc'!A1"])(
  'the text %j is no formula in a spreadsheet',
  (text) => {
    const [, cell = ''] = resultCsv(result('varchar', text), { isTerminal: false }).split(/(?<=^c)\r\n/);
    expect(cell.replace(/^"/, '').startsWith("'")).toBe(true);
  },
);

test('negative numbers stay numbers; in a column of numbers anything else is a text', () => {
  expect(resultCsv(result('bigint', '-5', '=1'), { isTerminal: false })).toBe("c\r\n-5\r\n'=1\r\n");
});

test('quoted by RFC 4180, a null is empty', () => {
  const csv = resultCsv(result('varchar', 'a,b', 'say "x"', 'two\nlines', null), { isTerminal: false });
  expect(csv).toBe('c\r\n"a,b"\r\n"say ""x"""\r\n"two\nlines"\r\n\r\n');
});

test('on a terminal the cells are inert', () => {
  expect(resultCsv(result('varchar', '\u001b[2J'), { isTerminal: true })).toBe('c\r\n\\u001b[2J\r\n');
  expect(resultCsv(result('varchar', '\u001b[2J'), { isTerminal: false })).toBe('c\r\n\u001b[2J\r\n');
});

test.each([
  ['bigint', '42', 42],
  ['double', '-0.5', -0.5],
  ['decimal(10,2)', '1.50', 1.5],
  ['bigint', '9007199254740993', '9007199254740993'],
  ['double', 'NaN', 'NaN'],
  ['varchar', '42', '42'],
  ['varchar', null, null],
  ['bigint', null, null],
])('as JSON a %s %j is %j', (type, value, json) => {
  expect(resultObjects(result(type, value))).toEqual([{ c: json }]);
});
