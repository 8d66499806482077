import { appendFile, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isPlainName, type Rename } from './plan.ts';

/** In the folder whose files were renamed: a line of JSON for each time. */
const FILE = '.bulk-renamer-undo.jsonl';

export class UndoFileError extends Error {
  override readonly name = 'UndoFileError';
}

/** Written before anything is renamed, so that whatever happens then can be undone. */
export async function remember(folder: string, renames: readonly Rename[]): Promise<void> {
  await appendFile(join(folder, FILE), `${JSON.stringify(renames)}\n`, { mode: 0o600 });
}

/** What was renamed last, in the order that undoes it; undefined when there is nothing to undo. */
export async function lastRenames(folder: string): Promise<Rename[] | undefined> {
  const last = (await readLines(folder)).at(-1);
  return last === undefined ? undefined : parseRenames(last).reverse();
}

/** Forgets what was renamed last, but for what could not be undone. */
export async function forgetLast(folder: string, left: readonly Rename[]): Promise<void> {
  const lines = (await readLines(folder)).slice(0, -1);
  if (left.length > 0) lines.push(JSON.stringify([...left].reverse()));
  const file = join(folder, FILE);
  if (lines.length === 0) return rm(file);
  // To the side first: half of an undo file undoes nothing.
  await writeFile(`${file}.new`, `${lines.join('\n')}\n`, { mode: 0o600 });
  await rename(`${file}.new`, file);
}

async function readLines(folder: string): Promise<string[]> {
  try {
    return (await readFile(join(folder, FILE), 'utf8')).split('\n').filter((line) => line !== '');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/** Reads a line. Nobody but this program writes it, and still no name in it may lead out of the folder. */
export function parseRenames(line: string): Rename[] {
  let found: unknown;
  try {
    found = JSON.parse(line);
  } catch (cause) {
    throw new UndoFileError(`expected a line of JSON in ${FILE}`, { cause });
  }
  if (!Array.isArray(found) || !found.every(isRename)) throw new UndoFileError(`expected names of files in ${FILE}`);
  return found.map(({ from, to }) => ({ from, to }));
}

function isRename(value: unknown): value is Rename {
  if (typeof value !== 'object' || value === null) return false;
  const { from, to } = value as Record<string, unknown>;
  return isPlainName(from) && isPlainName(to);
}
