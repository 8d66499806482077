import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where the sets lie beside the project, unless --dir names another folder. They are never copied into it. */
export const DEFAULT_LOG_DIRECTORY = join(import.meta.dirname, '..', '..', '..', 'shared', 'loghub');

export interface RealLogs {
  /** Raw lines, as programs wrote them. Empty when the folder is missing. */
  lines: string[];
  sets: string[];
}

/** Every line of each NAME/NAME_2k.log, by set. */
export function readSets(directory: string): { name: string; lines: string[] }[] {
  const fileOf = (name: string) => join(directory, name, `${name}_2k.log`);
  const names = existsSync(directory) ? readdirSync(directory).sort() : [];
  const linesOf = (name: string) => readFileSync(fileOf(name), 'utf8').split('\n');
  return names
    .filter((name) => existsSync(fileOf(name)))
    .map((name) => ({ name, lines: linesOf(name).map((line) => line.trimEnd()) }))
    .map(({ name, lines }) => ({
      name,
      lines: lines.filter((line, place) => line !== '' || place < lines.length - 1),
    }));
}

/** Every fourth line of each set. */
export function readRealLogs(directory: string): RealLogs {
  const sets = readSets(directory);
  const lines = sets.flatMap((set) => set.lines.filter((line, index) => index % 4 === 0 && line.length > 20));
  return { lines, sets: sets.map(({ name }) => name) };
}

/** What a page says when there are none. */
export const NO_REAL_LOGS =
  'real logs: the folder of Loghub samples is not there, so all messages were made up (--dir DIR)';

/** What a page says of the messages. */
export function realLogNote(sets: readonly string[]): string {
  if (sets.length === 0) return NO_REAL_LOGS;
  return `Every fourth message is a real log line (Loghub: ${sets.join(', ')}); the others are made up, from a fixed seed.`;
}
