import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { parse } from 'csv-parse/sync';
import { templateOf } from '../shared/events/template.ts';

/**
 * Grouping accuracy (GA) of `templateOf` as in the log parsing literature: a line is right when the set of lines that
 * share its template is exactly the set that shares its true group; GA is the share of right lines.
 *
 *     node bench/grouping.ts [--dir DIR] [--json]
 *
 * DIR holds folders NAME with a NAME_2k.log_structured.csv (columns Content and EventId), as Loghub publishes them.
 */

type Line = { content: string; group: string; template: string };
type Mistake = { lines: number; kind: 'split' | 'merged'; example: string };
type Score = { accuracy: number; groups: number; trueGroups: number; mistakes: Mistake[] };

const DEFAULT_DIRECTORY = join(import.meta.dirname, '..', '..', 'shared', 'loghub');
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
  return rows.map((row) => ({ content: row.Content, group: row.EventId, template: templateOf(row.Content) }));
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

function printTable(scores: Map<string, Score>, mean: number): void {
  console.log('set              accuracy   groups   true');
  for (const [name, score] of scores) {
    const cells = [score.accuracy.toFixed(4).padStart(8), String(score.groups).padStart(8)];
    console.log(`${name.padEnd(16)} ${cells.join(' ')} ${String(score.trueGroups).padStart(6)}`);
    for (const mistake of score.mistakes.slice(0, MISTAKES_SHOWN)) {
      console.log(`    ${String(mistake.lines).padStart(4)} lines ${mistake.kind}: ${mistake.example.slice(0, 90)}`);
    }
  }
  console.log(`mean             ${mean.toFixed(4).padStart(8)}`);
}

function printJson(scores: Map<string, Score>, mean: number): void {
  const sets = Object.fromEntries(
    [...scores].map(([name, { accuracy, groups, trueGroups }]) => [name, { accuracy, groups, trueGroups }]),
  );
  console.log(JSON.stringify({ sets, mean }));
}

function main(): void {
  const { values } = parseArgs({ options: { dir: { type: 'string' }, json: { type: 'boolean', default: false } } });
  const directory = values.dir ?? DEFAULT_DIRECTORY;
  const names = setNames(directory);
  if (names.length === 0) {
    console.error(`No NAME/NAME_2k.log_structured.csv under ${directory}. Name the folder of the sets with --dir DIR.`);
    process.exitCode = 1;
    return;
  }
  const scores = new Map(names.map((name) => [name, scoreOf(readLines(structuredFile(directory, name)))]));
  const mean = [...scores.values()].reduce((sum, score) => sum + score.accuracy, 0) / scores.size;
  if (values.json) printJson(scores, mean);
  else printTable(scores, mean);
}

main();
