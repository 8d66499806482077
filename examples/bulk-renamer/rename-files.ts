import { link, lstat, readdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from '../../client/index.ts';
import { type Pattern, type Plan, planRenames, type Rename } from './plan.ts';
import { forgetLast, lastRenames, remember } from './undo-file.ts';

export interface Renamed {
  done: Rename[];
  failed: Rename[];
}

/** Looks what would be renamed in a folder: files, no folders, nothing hidden. Changes nothing. */
export async function lookInto(folder: string, pattern: Pattern, log: Logger): Promise<Plan> {
  log.debug('look-1', `Looking into ${folder}`, undefined, { ...pattern });
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isFile() && !entry.name.startsWith('.')).map(({ name }) => name);
  const taken = entries.map(({ name }) => name);
  const plan = planRenames(names.sort(), taken, pattern);
  for (const { from, to, reason } of plan.refusals) {
    log.error('look-2', `Cannot rename ${from} to ${to}: ${reason}`, undefined, { from, to });
  }
  if (plan.renames.length + plan.refusals.length === 0)
    log.warning('look-3', 'No file is to be renamed', undefined, { files: names.length });
  return plan;
}

/** Renames what was planned, and remembers it first. */
export async function renameFiles(folder: string, renames: readonly Rename[], log: Logger): Promise<Renamed> {
  await remember(folder, renames);
  const renamed = await moveEach(folder, renames, log);
  log.info('rename', `Done renaming in ${folder}`, undefined, countsOf(renamed));
  return renamed;
}

/** Takes back what was renamed last; undefined when there is nothing to undo. */
export async function undoLast(folder: string, log: Logger): Promise<Renamed | undefined> {
  const last = await lastRenames(folder);
  if (last === undefined) return undefined;
  const back = last.map(({ from, to }) => ({ from: to, to: from }));
  const renamed = await moveEach(folder, back, log);
  await forgetLast(
    folder,
    renamed.failed.map(({ from, to }) => ({ from: to, to: from })),
  );
  log.info('undo', `Done undoing in ${folder}`, undefined, countsOf(renamed));
  return renamed;
}

const countsOf = ({ done, failed }: Renamed) => ({ renamed: done.length, failed: failed.length });

async function moveEach(folder: string, renames: readonly Rename[], log: Logger): Promise<Renamed> {
  const renamed: Renamed = { done: [], failed: [] };
  for (const rename of renames) {
    const { from, to } = rename;
    try {
      await move(join(folder, from), join(folder, to));
      renamed.done.push(rename);
      log.info('move-1', `Renamed ${from} to ${to}`);
    } catch (error) {
      renamed.failed.push(rename);
      log.critical('move-2', `Renaming ${from} to ${to} failed`, error);
    }
  }
  return renamed;
}

/** Gives a file its new name first and takes the old one then: unlike a rename this replaces no file, whoever came by. */
async function move(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
  } catch (error) {
    if (!(await wasMoved(from, to))) throw error;
  }
  await unlink(from).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
}

/** Whether an interrupted run had moved it, wholly or half. */
async function wasMoved(from: string, to: string): Promise<boolean> {
  const [old, now] = await Promise.all([from, to].map((file) => lstat(file).catch(() => undefined)));
  return now !== undefined && (old === undefined || (old.ino === now.ino && old.dev === now.dev));
}
