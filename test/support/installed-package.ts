import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const ROOT = resolve(import.meta.dirname, '../..');

export interface InstalledPackage {
  /** An application's folder; `sluice` and what it depends on are in its `node_modules`. */
  folder: string;
  remove: () => void;
}

/** What is packed as it is; `dist/` is built beside it. */
const PACKED = ['package.json', 'README.md', 'LICENSE', 'bin', 'analytics/queries'];

/**
 * Packs this package as `npm pack` does, and unpacks it where `npm install` would; what it depends on, and what the
 * application has beside it, are links to ours.
 */
export async function installPackage(beside: readonly string[] = []): Promise<InstalledPackage> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-installed-'));
  const modules = join(folder, 'node_modules');
  mkdirSync(join(modules, 'sluice'), { recursive: true });
  const archive = await pack(folder);
  await run('tar', ['-xzf', archive, '-C', join(modules, 'sluice'), '--strip-components', '1']);
  const { dependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { dependencies: object };
  for (const name of [...Object.keys(dependencies), ...beside]) {
    mkdirSync(dirname(join(modules, name)), { recursive: true });
    symlinkSync(join(ROOT, 'node_modules', name), join(modules, name));
  }
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** In a folder of its own: two tests that pack at the same time must not build into each other's files. */
async function pack(folder: string): Promise<string> {
  const stage = join(folder, 'stage');
  for (const path of PACKED) cpSync(join(ROOT, path), join(stage, path), { recursive: true });
  await run(process.execPath, [join(ROOT, 'packaging/build.ts'), join(stage, 'dist')]);
  const { stdout } = await run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], {
    cwd: stage,
  });
  const [packed] = JSON.parse(stdout) as { filename: string }[];
  return join(folder, packed?.filename ?? '');
}

/** The Node that the machine has beside ours, if any: an application's own. */
export function machineNode(): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter).filter((path) => !path.includes('node_modules'));
  return folders.map((path) => join(path, 'node')).find((path) => existsSync(path));
}
