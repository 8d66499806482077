import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type LiteralType, sqlLiteral, textLiteral } from './athena-literal.ts';
import { toLocalDialect } from './athena-local-dialect.ts';
import { selectFault } from './athena-statement.ts';
import { sqlTokens } from './sql-tokens.ts';

test('whatever a text holds, its literal is one token of text that means it', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom("'", '"', '-', '/', '*', ';', 'a', '\n', '\\', '{') }), (text) => {
      const literal = textLiteral(text);
      expect(sqlTokens(`SELECT ${literal}`).slice(2)).toEqual([{ type: 'text', text: literal }]);
      expect(literal.slice(1, -1).replaceAll("''", "'")).toBe(text);
    }),
  );
});

test.each<[LiteralType, string, string]>([
  ['string', "o'brien", "'o''brien'"],
  ['integer', '7', '7'],
  ['integer', '-7', '(-7)'],
  ['number', '0.95', '0.95'],
  ['date', '2026-11-21', "DATE '2026-11-21'"],
  ['timestamp', '2026-11-21T08:00:00.250Z', "TIMESTAMP '2026-11-21 08:00:00.250'"],
  ['timestamp', '2026-11-21 08:00', "TIMESTAMP '2026-11-21 08:00'"],
])('%s %s is %s', (type, value, sql) => {
  expect(sqlLiteral(type, value)).toEqual({ sql });
});

test.each<[LiteralType, string]>([
  ['string', 'a\0b'],
  ['integer', '7 OR 1=1'],
  ['integer', '--7'],
  ['integer', '1.5'],
  ['integer', ''],
  ['integer', '٧'],
  ['number', '1e9'],
  ['number', 'NaN'],
  ['date', '2026-02-30'],
  ['date', "2026-11-21' OR '1"],
  ['timestamp', '2026-11-21T25:00'],
  ['timestamp', '2026-11-21'],
])('%s %j is refused', (type, value) => {
  expect(sqlLiteral(type, value)).toHaveProperty('fault');
});

test.each([
  'SELECT 1',
  'with a AS (SELECT 1) select * FROM a',
  'SELECT \'delete; drop\', "insert" -- create; table\nFROM t /* unload */',
  'SELECT last_update, created FROM t',
  "SELECT 'it''s'",
])('%s is a statement that reads', (sql) => {
  expect(selectFault(sql)).toBeUndefined();
});

test.each([
  ['', 'it must begin with SELECT or WITH, got ""'],
  ["UNLOAD (SELECT 1) TO 's3://b/'", 'it must begin with SELECT or WITH, got "UNLOAD"'],
  ['INSERT INTO t SELECT 1', 'it must begin with SELECT or WITH, got "INSERT"'],
  ['(SELECT 1)', 'it must begin with SELECT or WITH, got "("'],
  ['SELECT 1; DROP TABLE t', 'it must be one statement, got a semicolon'],
  ['WITH a AS (SELECT 1) INSERT INTO t SELECT * FROM a', 'it may only read, got INSERT'],
  ['WITH a AS (SELECT 1) /**/ deLETE FROM t', 'it may only read, got DELETE'],
  ["SELECT 'open", "it has a ' that is not closed"],
  ['SELECT "open', 'it has a " that is not closed'],
  ['SELECT 1 /* open', 'it has a comment that is not closed'],
])('%j is refused', (sql, fault) => {
  expect(selectFault(sql)).toBe(fault);
});

test.each([
  ['SELECT approx_percentile(x, 0.5)', 'SELECT approx_quantile(x, 0.5)'],
  ['SELECT APPROX_DISTINCT (id)', 'SELECT approx_count_distinct (id)'],
  ["SELECT json_extract_scalar(details, '$.a')", "SELECT json_extract_string(details, '$.a')"],
  ['SELECT \'approx_distinct(x)\', "approx_distinct" FROM approx_distinct', undefined],
  ['SELECT count(*) -- approx_distinct(x)\nFROM t', undefined],
])('%s, translated for DuckDB', (sql, local) => {
  expect(toLocalDialect(sql)).toBe(local ?? sql);
});

test('the pieces of any text are the text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (sql) => {
      expect(
        sqlTokens(sql)
          .map(({ text }) => text)
          .join(''),
      ).toBe(sql);
    }),
  );
});
