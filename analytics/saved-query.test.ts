import { describe, expect, it } from 'vitest';
import { parseSavedQuery, positional } from './saved-query.ts';

const text = `-- name: errors-by-source
-- description: Errors of each source
-- param: since date 2026-01-01 The first day
-- param: source string - The source
-- param: words string "two words" What it says

-- an ordinary comment
SELECT source, count(*) FROM log_events
WHERE dt >= {{since}} AND source = {{source}} AND dt <> {{since}} AND message = {{words}};
`;

describe('a saved query', () => {
  it('has a name, a description, parameters and a statement', () => {
    expect(parseSavedQuery(text)).toStrictEqual({
      name: 'errors-by-source',
      description: 'Errors of each source',
      params: [
        { name: 'since', type: 'date', default: '2026-01-01', description: 'The first day' },
        { name: 'source', type: 'string', description: 'The source' },
        { name: 'words', type: 'string', default: 'two words', description: 'What it says' },
      ],
      sql: `SELECT source, count(*) FROM log_events
WHERE dt >= {{since}} AND source = {{source}} AND dt <> {{since}} AND message = {{words}}`,
    });
  });

  it('becomes positional for Athena, a parameter as often as it is used', () => {
    expect(positional(parseSavedQuery(text))).toStrictEqual({
      sql: `SELECT source, count(*) FROM log_events
WHERE dt >= ? AND source = ? AND dt <> ? AND message = ?`,
      order: ['since', 'source', 'since', 'words'],
    });
  });

  it('is read the same with Windows line ends', () => {
    expect(parseSavedQuery(text.replaceAll('\n', '\r\n'))).toStrictEqual(parseSavedQuery(text));
  });

  it.each([
    ['-- description: d\nSELECT 1', 'Expected one line "-- name: …" at the top of a saved query, got 0'],
    [
      '-- name: a\n-- name: b\n-- description: d\nSELECT 1',
      'Expected one line "-- name: …" at the top of a saved query, got 2',
    ],
    ['-- name: a\nSELECT 1', 'Expected one line "-- description: …" at the top of a saved query, got 0'],
    ['-- name: a\n-- description: d\n', 'Expected a statement below the header of a, got none'],
    [
      '-- name: a\n-- description: d\n-- param: n float 1 x\nSELECT {{n}}',
      'Expected "-- param: NAME TYPE DEFAULT DESCRIPTION" with a type of string, integer, number, date, timestamp, got "n float 1 x"',
    ],
    ['-- name: a\n-- description: d\nSELECT {{n}}', 'Expected a line "-- param: n …" in a, which uses {{n}}'],
    [
      '-- name: a\n-- description: d\n-- param: n integer 1 x\nSELECT 1',
      'Expected {{n}} somewhere in a, which declares it; remove the line or use it',
    ],
    [
      '-- name: a\n-- description: d\n-- param: n integer 1 x\n-- param: n integer 1 x\nSELECT {{n}}',
      'Expected each parameter of a once, got one twice',
    ],
  ])('is refused when its header is %j', (broken, message) => {
    expect(() => parseSavedQuery(broken)).toThrow(message);
  });
});
