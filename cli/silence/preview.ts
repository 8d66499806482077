import { compileMatchers, type Matcher } from '../../shared/alerts/matcher.ts';
import { textLiteral } from '../../shared/aws/athena-literal.ts';
import type { AthenaResult } from '../../shared/aws/athena-query.ts';
import type { Fingerprint } from '../../shared/events/fingerprint.ts';
import { isLevel, type Level } from '../../shared/events/levels.ts';

/** Events of one kind that a silence would have hidden. */
export interface HiddenGroup {
  events: number;
  level: Level;
  source: string;
  template: string;
  fingerprint: string;
}

export interface Hidden {
  /** The most frequent first. */
  groups: HiddenGroup[];
  /** There were more kinds of events than are looked at: the silence would have hidden at least these. */
  isCut: boolean;
}

const ATTRIBUTE = 'attributes.';
/** Kinds of events that are looked at, the most frequent ones. */
const MOST_GROUPS = 5_000;
const HOUR = 3_600_000;

/**
 * Asks the archive for the events from a time on, by what the matchers look at. Matchers that name a value narrow what is
 * read; all of them are applied to the answer, by the very code that routes.
 */
export function previewQuery(matchers: readonly Matcher[], since: Date): string {
  const labels = attributesOf(matchers);
  const columns = labels.map((label, n) => `, min(${columnOf(label)}) AS a${n}`);
  const narrowed = matchers
    // An empty value is that of an event without the label as well.
    .filter(({ operator, value }) => operator === '=' && value !== '')
    .map(({ label, value }) => `    AND ${columnOf(label)} = ${textLiteral(value)}`);
  const named = labels.map((_, n) => `, a${n}`).join('');
  return [
    '-- The archive may hold an event more than once: each id is one event.',
    'WITH events AS (',
    `  SELECT id, min(level) AS level, min(source) AS source, min(template) AS template, min(fingerprint) AS fingerprint${columns.join('')}`,
    '  FROM log_events',
    // The day is that of arrival: an event may have arrived a little before or long after it happened.
    `  WHERE dt >= ${textLiteral(new Date(since.getTime() - HOUR).toISOString().slice(0, 10))}`,
    `    AND time >= TIMESTAMP ${textLiteral(since.toISOString().slice(0, 19).replace('T', ' '))}`,
    "    AND type = 'log'",
    ...narrowed,
    '  GROUP BY id',
    ')',
    `SELECT level, source, fingerprint, min(template) AS template, count(*) AS events${named}`,
    'FROM events',
    `GROUP BY level, source, fingerprint${named}`,
    // One more than is looked at tells whether there are more.
    `ORDER BY events DESC LIMIT ${MOST_GROUPS + 1}`,
  ].join('\n');
}

/** What of the answer the silence would have hidden. */
export function hiddenGroups(pages: readonly AthenaResult[], matchers: readonly Matcher[]): Hidden {
  const matches = compileMatchers(matchers);
  const labels = attributesOf(matchers);
  const groups = new Map<string, HiddenGroup>();
  for (const cell of pages.flatMap(cellsOf)) {
    const level = cell('level');
    if (!isLevel(level)) continue;
    const attributes = Object.fromEntries(labels.map((label, n) => [nameOf(label), cell(`a${n}`)]));
    const [source, fingerprint] = [cell('source'), cell('fingerprint')];
    if (!matches({ event: { level, source, attributes }, fingerprint: fingerprint as Fingerprint })) continue;
    const key = `${fingerprint} ${level}`;
    const events = (groups.get(key)?.events ?? 0) + Number(cell('events'));
    groups.set(key, { events, level, source, template: cell('template'), fingerprint });
  }
  const rows = pages.reduce((sum, page) => sum + page.rows.length, 0);
  return { groups: [...groups.values()].sort((a, b) => b.events - a.events), isCut: rows > MOST_GROUPS };
}

/** One sentence. */
export function hiddenText({ groups, isCut }: Hidden): string {
  const events = groups.reduce((sum, group) => sum + group.events, 0);
  const among = isCut ? `, of the ${MOST_GROUPS} most frequent kinds of events: there are more` : '';
  if (events === 0) return `Over the last day it would have hidden nothing${among}.`;
  const count = `${isCut ? 'at least ' : ''}${events} events of ${groups.length} kinds`;
  return `Over the last day it would have hidden ${count}${among}:`;
}

/** The cells of each row, by the name of their column. */
function cellsOf({ columns, rows }: AthenaResult): ((name: string) => string)[] {
  const places = new Map(columns.map(({ name }, place) => [name, place]));
  return rows.map((row) => (name) => row[places.get(name) ?? -1] ?? '');
}

function attributesOf(matchers: readonly Matcher[]): string[] {
  return [...new Set(matchers.map(({ label }) => label).filter((label) => label.startsWith(ATTRIBUTE)))];
}

function columnOf(label: string): string {
  return label.startsWith(ATTRIBUTE) ? `element_at(attributes, ${textLiteral(nameOf(label))})` : label;
}

function nameOf(label: string): string {
  return label.slice(ATTRIBUTE.length);
}
