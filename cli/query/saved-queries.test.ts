import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { SavedQuery } from '../../analytics/saved-query.ts';
import { bindParameters, findSavedQuery, loadSavedQueries } from './saved-queries.ts';

const query: SavedQuery = {
  name: 'q',
  description: 'd',
  params: [
    { name: 'source', type: 'string', description: 'no default' },
    { name: 'limit', type: 'integer', default: '10', description: 'has one' },
  ],
  sql: 'SELECT {{source}}, {{source}} FROM t LIMIT {{limit}}',
};
const params = (values: Record<string, string>) => new Map(Object.entries(values));

test('parameters stand as literals, defaults where none was given', () => {
  expect(bindParameters(query, params({ source: 'shop' }))).toBe("SELECT 'shop', 'shop' FROM t LIMIT 10");
});

test.each([
  ["x' OR 1=1 --", "'x'' OR 1=1 --'"],
  ["'); DROP TABLE log_events; --", "'''); DROP TABLE log_events; --'"],
  ['{{limit}}', "'{{limit}}'"],
  ['$& $1 \\', "'$& $1 \\'"],
])('the text %j stays a text', (source, literal) => {
  expect(bindParameters(query, params({ source }))).toBe(`SELECT ${literal}, ${literal} FROM t LIMIT 10`);
});

test('every fault is named at once', () => {
  expect(() => bindParameters(query, params({ limit: '1; DROP TABLE t', other: '1' }))).toThrow(
    '--param source must be given, it has no default; ' +
      '--param limit must be a value of type integer such as 7, got "1; DROP TABLE t"; ' +
      'q has no parameter other, it has source, limit',
  );
});

test('the nearest name is offered', () => {
  expect(() => findSavedQuery(loadSavedQueries(), 'top-template')).toThrow('did you mean top-templates?');
});

test('all that come with the product can be loaded and run with their defaults', () => {
  const queries = loadSavedQueries();
  expect(queries.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['errors-by-source-and-hour', 'level-mix-by-day', 'top-templates']),
  );
  for (const one of queries) {
    const sql = bindParameters(one, new Map());
    expect(sql).not.toContain('{{');
    // The archive is at least once, and what is read is what is paid.
    expect(sql).toMatch(/GROUP BY id|count\(DISTINCT id\)/);
    expect(sql).toMatch(/\bdt (>|>=|=|BETWEEN) /);
  }
});

test.each([
  ['DELETE FROM log_events', 'it must begin with SELECT or WITH, got "DELETE"'],
  ["SELECT '{{n}}' FROM t", "a parameter may not stand in quotes or in a comment, got '{{n}}'"],
  ['SELECT 1 /* {{n}} */', 'a parameter may not stand in quotes or in a comment'],
])('a file that holds %s is refused by name', (sql, fault) => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-queries-'));
  const param = sql.includes('{{n}}') ? '-- param: n integer 1 any\n' : '';
  writeFileSync(join(folder, 'bad.sql'), `-- name: bad\n-- description: bad\n${param}${sql}\n`);
  expect(() => loadSavedQueries(folder)).toThrow(`analytics/queries/bad.sql: the statement is refused: ${fault}`);
});
