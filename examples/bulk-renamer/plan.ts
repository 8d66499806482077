import { runInNewContext } from 'node:vm';

export interface Rename {
  from: string;
  to: string;
}

/** Why a file cannot have its new name. */
export interface Refusal extends Rename {
  reason: string;
}

export interface Plan {
  renames: Rename[];
  refusals: Refusal[];
}

export interface Pattern {
  /** A regular expression of JavaScript. */
  search: string;
  /** `$1`, `$<name>` and `$&` stand for what was found. */
  replace: string;
  ignoreCase?: boolean;
}

export class PatternError extends Error {
  override readonly name = 'PatternError';
}

const LONGEST_PATTERN = 500;
/** Time for all names together: some patterns take for ever on some names. */
const MATCH_MILLISECONDS = 1_000;
const MOST_FILES = 10_000;
/** Of most file systems, in bytes of UTF-8. */
const LONGEST_NAME = 255;

/** What the pattern makes of the names. Throws a `PatternError` for one that is none, or that takes too long. */
export function replaceInNames(names: readonly string[], { search, replace, ignoreCase }: Pattern): string[] {
  if (search === '' || search.length > LONGEST_PATTERN || replace.length > LONGEST_PATTERN) {
    throw new PatternError(`expected a pattern and a replacement of at most ${LONGEST_PATTERN} characters`);
  }
  const code = 'names.map((name) => name.replace(new RegExp(search, flags), replace))';
  const flags = ignoreCase === true ? 'giu' : 'gu';
  try {
    // In a context of its own, because only there a match that does not end can be ended.
    return [...runInNewContext(code, { names, search, flags, replace }, { timeout: MATCH_MILLISECONDS })].map(String);
  } catch (error) {
    const { code: reason, message } = error as NodeJS.ErrnoException;
    if (reason !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw new PatternError(`expected a regular expression: ${message}`);
    throw new PatternError(`expected a pattern that matches within ${MATCH_MILLISECONDS} ms: this one was stopped`);
  }
}

/**
 * What is to be renamed, and what cannot be: a new name must be a plain one, and nobody else's, neither of a file that is
 * there nor of another that is renamed. `taken` are all names of the folder, `names` those that may be renamed.
 */
export function planRenames(names: readonly string[], taken: readonly string[], pattern: Pattern): Plan {
  if (names.length > MOST_FILES) throw new PatternError(`expected at most ${MOST_FILES} files, got ${names.length}`);
  const found = replaceInNames(names, pattern)
    .map((to, index) => ({ from: names[index] as string, to }))
    .filter(({ from, to }) => from !== to);
  const owners = new Map<string, string[]>();
  const claim = (key: string, owner: string) => {
    const known = owners.get(key);
    if (known === undefined) owners.set(key, [owner]);
    else known.push(owner);
  };
  for (const name of taken) claim(sameName(name), name);
  for (const { from, to } of found) if (sameName(to) !== sameName(from)) claim(sameName(to), from);
  const plan: Plan = { renames: [], refusals: [] };
  for (const rename of found) {
    const reason = reasonAgainst(rename, owners.get(sameName(rename.to)) ?? []);
    if (reason === undefined) plan.renames.push(rename);
    else plan.refusals.push({ ...rename, reason });
  }
  return plan;
}

/** Names that some file systems take for one. */
const sameName = (name: string) => name.normalize('NFC').toLowerCase();

function reasonAgainst({ from, to }: Rename, owners: readonly string[]): string | undefined {
  if (!isPlainName(to)) return 'expected a name of 1 to 255 bytes without / and \\ that begins with no dot';
  const others = owners.filter((owner) => owner !== from);
  if (others.length === 0) return undefined;
  return others.includes(to) ? 'there is a file of this name' : `${others.length} other files would have this name`;
}

/** Whether this is a file's name in its folder, and no path that leads out of it. */
export function isPlainName(name: unknown): name is string {
  if (typeof name !== 'string' || name === '' || name.startsWith('.')) return false;
  return Buffer.byteLength(name) <= LONGEST_NAME && !/[/\\\0]/.test(name);
}
