import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const LIBRARIES = ['x86_64-linux-gnu', 'aarch64-linux-gnu'].flatMap((machine) => [
  `usr/lib/${machine}`,
  `lib/${machine}`,
]);

/** Programs of Debian that were unpacked, not installed. */
export interface DebianPrograms {
  /** Where they were unpacked: what is `/usr/sbin/nginx` elsewhere is `usr/sbin/nginx` in it. */
  root: string;
  /** So that they find the libraries that were unpacked with them. */
  env: { LD_LIBRARY_PATH: string };
}

/**
 * Downloads Debian packages with apt-get and unpacks them into a folder, unless they are there already: no root is needed, and
 * nothing on the machine is changed. Libraries that a small system lacks must be among the packages. Throws where there is no
 * apt-get or no registry.
 */
export function debianPrograms(root: string, packages: readonly string[]): DebianPrograms {
  if (!existsSync(join(root, 'ready'))) fetchPackages(root, packages);
  const paths = LIBRARIES.map((path) => join(root, path)).filter((path) => existsSync(path));
  return { root, env: { LD_LIBRARY_PATH: paths.join(':') } };
}

function fetchPackages(root: string, packages: readonly string[]): void {
  const downloads = join(root, 'downloads');
  rmSync(root, { recursive: true, force: true });
  mkdirSync(downloads, { recursive: true });
  const aptGet = (...args: string[]) => {
    // Lists of its own: the machine's may be missing, or so old that what they name is gone.
    const lists = ['-o', `Dir::State::lists=${join(root, 'lists')}`, '-o', `Dir::Cache=${join(root, 'cache')}`];
    execFileSync('apt-get', [...lists, ...args], { cwd: downloads, stdio: 'ignore', timeout: 60_000 });
  };
  for (const folder of ['lists/partial', 'cache/archives/partial']) mkdirSync(join(root, folder), { recursive: true });
  aptGet('update');
  aptGet('download', ...packages);
  for (const file of readdirSync(downloads)) execFileSync('dpkg-deb', ['-x', join(downloads, file), root]);
  for (const folder of ['downloads', 'lists', 'cache']) rmSync(join(root, folder), { recursive: true });
  writeFileSync(join(root, 'ready'), '');
}
