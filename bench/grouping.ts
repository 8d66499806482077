import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { templateOf } from '../shared/events/template.ts';
import { figure } from './harness/render.ts';
import { atLeast, type Benchmark, type BenchmarkOptions } from './harness/result.ts';
import { hostileMessage } from './input/hostile.ts';

/**
 * Grouping accuracy (GA) of `templateOf` as in the log parsing literature: a line is right when the set of lines that
 * share its template is exactly the set that shares its true group; GA is the share of right lines.
 *
 *     npm run -s bench grouping -- [--dir DIR] [--json]
 *
 * DIR holds folders NAME with a NAME_2k.log_structured.csv (columns Content and EventId), as Loghub publishes them.
 */

type Line = { content: string; group: string; template: string };
type Mistake = { lines: number; kind: 'split' | 'merged'; example: string };
type Score = { accuracy: number; groups: number; trueGroups: number; mistakes: Mistake[] };

const MISTAKES_SHOWN = 5;

function structuredFile(directory: string, name: string): string {
  return join(directory, name, `${name}_2k.log_structured.csv`);
}

function setNames(directory: string): string[] {
  if (!existsSync(directory)) return [];
  return readdirSync(directory)
    .filter((name) => existsSync(structuredFile(directory, name)))
    .sort();
}

function readLines(file: string): Line[] {
  const rows: { Content: string; EventId: string }[] = parse(readFileSync(file, 'utf8'), {
    columns: true,
    bom: true,
    relax_column_count: true,
  });
  return rows.map((row) => lineOf(row.Content, row.EventId));
}

function lineOf(content: string, group: string): Line {
  return { content, group, template: templateOf(content) };
}

/** A hostile message after each 49 lines: 2 %. Those that are alike are a group of their own. */
function withHostileLines(lines: Line[]): Line[] {
  return lines.flatMap((line, index) => {
    if (index % 49 !== 48) return [line];
    const message = hostileMessage(Math.floor(index / 49));
    return [line, lineOf(message, message)];
  });
}

function mistakeOf(lines: Line[], templates: number): Mistake {
  const example = lines[0]?.template ?? '';
  return { lines: lines.length, kind: templates > 1 ? 'split' : 'merged', example };
}

function scoreOf(lines: Line[]): Score {
  const byTemplate = Map.groupBy(lines, (line) => line.template);
  const byGroup = Map.groupBy(lines, (line) => line.group);
  const mistakes: Mistake[] = [];
  let right = 0;
  for (const members of byGroup.values()) {
    const templates = new Set(members.map((line) => line.template));
    const sharing = byTemplate.get(members[0]?.template ?? '')?.length ?? 0;
    if (templates.size === 1 && sharing === members.length) right += members.length;
    else mistakes.push(mistakeOf(members, templates.size));
  }
  mistakes.sort((a, b) => b.lines - a.lines);
  return { accuracy: right / lines.length, groups: byTemplate.size, trueGroups: byGroup.size, mistakes };
}

/** The accuracy of each set in a folder, their mean, and what it is with 2 % hostile messages. Undefined when there is none. */
export function measureGrouping(directory: string) {
  const names = setNames(directory);
  if (names.length === 0) return undefined;
  const sets = names.map((name) => ({ name, lines: readLines(structuredFile(directory, name)) }));
  const scores = new Map(sets.map(({ name, lines }) => [name, scoreOf(lines)]));
  const hostile = sets.map(({ lines }) => scoreOf(withHostileLines(lines)));
  return { scores, mean: meanOf([...scores.values()]), hostileMean: meanOf(hostile) };
}

function meanOf(scores: readonly Score[]): number {
  return scores.reduce((sum, { accuracy }) => sum + accuracy, 0) / scores.length;
}

/** As published for Drain with regular expressions of its own for each set: logpai/logparser. */
const DRAIN_MEAN = 0.828;
const BRAIN_MEAN = 0.986;

async function run({ directory }: BenchmarkOptions) {
  const base = { name: 'grouping', title: 'Grouping accuracy', notes: [NOTE] };
  const measured = measureGrouping(directory);
  if (measured === undefined) return { ...base, tables: [], budgets: [], missing: [NO_SETS] };
  const { scores, mean, hostileMean } = measured;
  const sets = [...scores].map(([name, { accuracy, groups, trueGroups }]) => {
    return [name, accuracy.toFixed(4), String(groups), String(trueGroups)];
  });
  const mistakes = [...scores].flatMap(([name, score]) =>
    score.mistakes
      .slice(0, MISTAKES_SHOWN)
      .map(({ lines, kind, example }) => [name, String(lines), kind, `\`${example.slice(0, 90)}\``]),
  );
  const means = [
    ['mean of the sets', mean.toFixed(4), '', ''],
    ['mean with 2 % hostile messages', hostileMean.toFixed(4), '', ''],
    ['Brain, published, tuned for each set', figure(BRAIN_MEAN), '', ''],
    ['Drain, published, tuned for each set', figure(DRAIN_MEAN), '', ''],
  ];
  return {
    ...base,
    tables: [
      {
        title: 'Share of lines that are grouped exactly right',
        columns: ['set', 'accuracy', 'groups', 'true groups'],
        rows: [...sets, ...means],
      },
      { title: 'The commonest mistakes', columns: ['set', 'lines', 'kind', 'template'], rows: mistakes },
    ],
    budgets: [atLeast('mean grouping accuracy', mean, 0.9, 'of the lines')],
    missing: [],
  };
}

const NO_SETS = 'grouping accuracy: no NAME/NAME_2k.log_structured.csv in the folder (--dir DIR)';
const NOTE = `Template alone, no state, no setting for any set, the same on every machine. A line is right when the set of lines
that share its template is exactly the set that shares its true group. \`npm run -s bench grouping -- --dir DIR --json\`
measures any folder of that form.`;

export const groupingBenchmark: Benchmark = { name: 'grouping', title: 'Grouping accuracy', run };
