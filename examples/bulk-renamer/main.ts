import { parseArgs } from 'node:util';
import { createLogger, type Logger } from '../../client/index.ts';
import type { Rename } from './plan.ts';
import { lookInto, renameFiles, undoLast } from './rename-files.ts';

const USAGE = `node examples/bulk-renamer/main.ts FOLDER PATTERN REPLACEMENT [--dry-run] [--ignore-case]
node examples/bulk-renamer/main.ts FOLDER --undo

  PATTERN      a regular expression; what it finds in a file's name is replaced
  REPLACEMENT  $1, $<name> and $& stand for what was found
  --dry-run    shows what would be renamed
  --undo       takes back what was renamed last\n`;

interface Arguments {
  positionals: string[];
  values: { 'dry-run'?: boolean; 'ignore-case'?: boolean; undo?: boolean };
}

/** Names of files may hold what a terminal acts upon. */
const shown = (text: string) => text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '?');
const say = (line: string) => void process.stdout.write(`${shown(line)}\n`);
const sayRename = ({ from, to }: Rename, how: string) => say(`  ${from} -> ${to}  ${how}`);

async function rename({ positionals, values }: Arguments, log: Logger): Promise<number> {
  const [folder = '', search = '', replace = ''] = positionals;
  const plan = await lookInto(folder, { search, replace, ignoreCase: values['ignore-case'] === true }, log);
  for (const refusal of plan.refusals) sayRename(refusal, `refused: ${refusal.reason}`);
  if (plan.refusals.length > 0) {
    say('nothing was renamed');
    return 1;
  }
  if (values['dry-run'] === true) {
    for (const one of plan.renames) sayRename(one, 'would be renamed');
    return 0;
  }
  if (plan.renames.length === 0) return 0;
  const { done, failed } = await renameFiles(folder, plan.renames, log);
  for (const one of done) sayRename(one, 'renamed');
  for (const one of failed) sayRename(one, 'failed');
  return failed.length === 0 ? 0 : 1;
}

async function undo([folder = '']: string[], log: Logger): Promise<number> {
  const undone = await undoLast(folder, log);
  if (undone === undefined) say('nothing was renamed here, so there is nothing to undo');
  for (const one of undone?.done ?? []) sayRename(one, 'renamed back');
  for (const one of undone?.failed ?? []) sayRename(one, 'could not be renamed back');
  return undone?.failed.length === 0 ? 0 : 1;
}

function readArguments(): Arguments | undefined {
  try {
    const flag = { type: 'boolean' } as const;
    const options = { 'dry-run': flag, 'ignore-case': flag, undo: flag };
    const found = parseArgs({ options, allowPositionals: true });
    return found.positionals.length === (found.values.undo === true ? 1 : 3) ? found : undefined;
  } catch {
    return undefined;
  }
}

async function main(): Promise<number> {
  const given = readArguments();
  if (given === undefined) {
    process.stderr.write(USAGE);
    return 2;
  }
  const log = createLogger({ source: 'bulk-renamer' });
  let code = 1;
  try {
    code = await (given.values.undo === true ? undo(given.positionals, log) : rename(given, log));
  } catch (error) {
    log.error('main', undefined, error);
    process.stderr.write(`${shown((error as Error).message)}\n`);
  } finally {
    const { put, logged } = await log.close();
    say(`${put} of ${logged} events put`);
  }
  return code;
}

process.exitCode = await main();
