import { expect, it, test } from 'vitest';
import { parseMatcher } from '../../shared/alerts/matcher.ts';
import { hiddenGroups, hiddenText, previewQuery } from './preview.ts';

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

it('reads no more than the events with an attribute that is named, or without it where the value is empty', () => {
  const sql = previewQuery(matchers("attributes.region=it's", 'attributes.team=""', 'attributes.zone!=a'), SINCE);
  expect(sql.match(/^ {4}AND .*attributes.*$/gm)).toEqual(["    AND element_at(attributes, 'region') = 'it''s'"]);
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
  expect(found.isCut).toBe(false);
  expect(found.groups.map(({ level, template, events }) => [level, template, events])).toEqual([
    ['warning', 'it may break', 7],
    ['error', 'it broke', 5],
  ]);
});

it('says so when there are more kinds of events than it looked at', () => {
  const kinds = (count: number) =>
    page(...Array.from({ length: count }, (_, n) => ['error', 'shop', `v1:${n}`, 't', '2', null]));
  const text = (count: number, ...on: string[]) => hiddenText(hiddenGroups([kinds(count)], matchers(...on)));
  expect(previewQuery(matchers('source=~"sh.p"'), SINCE)).toContain('LIMIT 5001');
  expect(text(5_000, 'source=~"sh.p"')).toBe('Over the last day it would have hidden 10000 events of 5000 kinds:');
  expect(text(5_001, 'fingerprint=~"v1:7"')).toBe(
    'Over the last day it would have hidden at least 2 events of 1 kinds, of the 5000 most frequent kinds of events: there are more:',
  );
  expect(text(5_001, 'source=~"w.b"')).toBe(
    'Over the last day it would have hidden nothing, of the 5000 most frequent kinds of events: there are more.',
  );
});
