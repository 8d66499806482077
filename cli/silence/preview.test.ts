import { expect, it, test } from 'vitest';
import { parseMatcher } from '../../shared/alerts/matcher.ts';
import { hiddenGroups, previewQuery } from './preview.ts';

const SINCE = new Date('2026-11-21T00:30:00.000Z');
const matchers = (...texts: string[]) => texts.map(parseMatcher);

test('the query reads no more days, levels and sources than it must, and quotes what it is given', () => {
  const sql = previewQuery(matchers("source=o'neill", 'level=error', 'level=~"err.*"'), SINCE);
  expect(sql).toContain("dt >= '2026-11-20'");
  expect(sql).toContain("time >= TIMESTAMP '2026-11-21 00:30:00'");
  expect(sql.match(/^ {4}AND (?:source|level) .*$/gm)).toEqual([
    "    AND source = 'o''neill'",
    "    AND level = 'error'",
  ]);
});

it('groups by the attributes that the matchers look at, each once', () => {
  const sql = previewQuery(matchers('attributes.region=eu', 'attributes.region!=us', 'attributes.team=~".+"'), SINCE);
  expect(sql).toContain("min(element_at(attributes, 'region')) AS a0, min(element_at(attributes, 'team')) AS a1\n");
  expect(sql).toContain('GROUP BY level, source, fingerprint, a0, a1');
});

const columns = ['level', 'source', 'fingerprint', 'template', 'events', 'a0'].map((name) => ({
  name,
  type: 'varchar',
}));
const page = (...rows: (string | null)[][]) => ({ columns, rows, scannedBytes: 0 });

it('shows what every matcher matches, of all pages, the most frequent first', () => {
  const found = hiddenGroups(
    [
      page(
        ['error', 'shop', 'v1:a', 'it broke', '2', 'eu'],
        ['error', 'shop', 'v1:a', 'it broke', '40', 'us'],
        ['error', 'web', 'v1:b', 'it broke too', '9', 'eu'],
      ),
      page(
        ['error', 'shop', 'v1:a', 'it broke', '3', 'eu-west'],
        ['warning', 'shop', 'v1:c', 'it may break', '7', 'eu'],
        ['error', 'shop', 'v1:d', 'no region', '70', null],
        ['unheard-of', 'shop', 'v1:e', 'of another version', '1', 'eu'],
      ),
    ],
    matchers('source=shop', 'attributes.region=~"eu.*"'),
  );
  expect(found.map(({ level, template, events }) => [level, template, events])).toEqual([
    ['warning', 'it may break', 7],
    ['error', 'it broke', 5],
  ]);
});
