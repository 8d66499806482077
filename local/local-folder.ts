import { join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of the project: what the other paths start from. */
export const PROJECT_FOLDER = resolve(fileURLToPath(new URL('..', import.meta.url)));

export const REQUIREMENTS_FILE = join(PROJECT_FOLDER, 'local', 'requirements.txt');

/** The virtual environment: one for the project, however many clouds run in it. */
export const VIRTUAL_ENVIRONMENT = join(PROJECT_FOLDER, '.local', 'venv');

/** Node 24, which the npm package `node` brings, and the folder that must be first on a Lambda's PATH. */
export const NODE_FOLDER = join(PROJECT_FOLDER, 'node_modules', '.bin');

/** What one local cloud keeps on disk. */
export interface LocalFolder {
  path: string;
  state: string;
  lock: string;
  log: string;
  installLog: string;
  /** The cloud's own temporary files: unpacked Lambda code above all. Removed when it stops. */
  temporary: string;
}

/** `.local` in the project, or the folder that SLUICE_LOCAL_DIR names: tests run a cloud of their own in one. */
export function localFolder(path = process.env.SLUICE_LOCAL_DIR ?? join(PROJECT_FOLDER, '.local')): LocalFolder {
  const folder = resolve(path);
  return {
    path: folder,
    state: join(folder, 'cloud.json'),
    lock: join(folder, 'cloud.lock'),
    log: join(folder, 'cloud.log'),
    installLog: join(folder, 'install.log'),
    temporary: join(folder, 'tmp'),
  };
}

/** A path as a person in the project's folder would type it. */
export function shownPath(path: string): string {
  const short = relative(PROJECT_FOLDER, path);
  return short.startsWith('..') ? path : short;
}
