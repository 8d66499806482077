import { readFileSync } from 'node:fs';
import { arch, availableParallelism, cpus, loadavg, platform, release, totalmem } from 'node:os';
import { join } from 'node:path';

/** What the figures were measured on. Nothing in it names the machine itself. */
export interface Machine {
  processor: string;
  cores: number;
  memoryGiB: number;
  system: string;
  node: string;
  v8: string;
  /** Processes that wanted to run in the last minute, before the benchmark began. */
  load: number;
}

export function describeMachine(): Machine {
  return {
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    system: `${platform()} ${release().split('-')[0]} ${arch()}`,
    node: process.version,
    v8: process.versions.v8,
    load: Math.round((loadavg()[0] ?? 0) * 10) / 10,
  };
}

const ROOT = join(import.meta.dirname, '..', '..');

/** The version of a package as it is installed. */
export function versionOf(packageName: string): string {
  const file = join(ROOT, 'node_modules', packageName, 'package.json');
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}
