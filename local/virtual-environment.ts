import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type GuardedProcess, startGuarded } from './guarded-process.ts';
import { LocalFailure } from './local-failure.ts';
import { REQUIREMENTS_FILE, shownPath, VIRTUAL_ENVIRONMENT } from './local-folder.ts';
import { cleanPythonEnvironment, findPython } from './python.ts';

export interface EnvironmentOptions {
  onProgress(line: string): void;
  folder?: string;
  requirementsFile?: string;
  installLog: string;
}

/**
 * Makes the virtual environment with the pinned packages unless it is there, and answers its `bin` folder. A stamp
 * written last holds the requirements' hash: without it, or with another, the environment is made anew. Call it under
 * the cloud's lock.
 */
export async function ensureEnvironment(options: EnvironmentOptions): Promise<string> {
  const { folder = VIRTUAL_ENVIRONMENT, requirementsFile = REQUIREMENTS_FILE, installLog, onProgress } = options;
  const requirements = readFileSync(requirementsFile, 'utf8');
  const hash = createHash('sha256').update(requirements).digest('hex');
  const stamp = join(folder, 'sluice-requirements.sha256');
  const bin = join(folder, 'bin');
  if (isCurrent(stamp, hash, bin)) return bin;

  const python = await findPython();
  onProgress(`making a Python environment in ${shownPath(folder)} (the first time only)`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(dirname(folder), { recursive: true });
  mkdirSync(dirname(installLog), { recursive: true });
  await runStep(python, ['-m', 'venv', folder], installLog, () => {});

  const total = packageNames(requirements).length;
  onProgress(`installing ${total} Python packages, pinned by hash (about a minute)`);
  const pip = ['-m', 'pip', 'install', '--require-hashes', '--only-binary', ':all:', '--no-deps'];
  const quiet = ['--no-input', '--progress-bar', 'off', '--disable-pip-version-check'];
  await runStep(join(bin, 'python'), [...pip, ...quiet, '-r', requirementsFile], installLog, (text) => {
    onProgress(describeInstall(text, total));
  });
  writeFileSync(stamp, `${hash}\n`);
  return bin;
}

function isCurrent(stamp: string, hash: string, bin: string): boolean {
  // The environment's python is a link to the one that made it, which may have been removed since.
  return existsSync(stamp) && readFileSync(stamp, 'utf8').trim() === hash && existsSync(join(bin, 'python'));
}

/** The names of the packages in a requirements file; one pinned twice for different Pythons is one. */
export function packageNames(requirements: string): string[] {
  return [
    ...new Set(Array.from(requirements.matchAll(/^([a-z0-9][\w.-]*)(?:\[[^\]]*\])?==/gim), (match) => match[1] ?? '')),
  ];
}

function describeInstall(log: string, total: number): string {
  if (/^Installing collected packages/m.test(log)) return 'installing Python packages: all fetched, unpacking';
  return `installing Python packages: ${(log.match(/^Collecting /gm) ?? []).length} of ${total} fetched`;
}

async function runStep(command: string, args: string[], log: string, onOutput: (text: string) => void): Promise<void> {
  const step = await startGuarded({ command, args, env: cleanPythonEnvironment(), logFile: log, removeAfter: [] });
  const { code } = await watchOutput(step, log, onOutput);
  if (code === 0) return;
  throw new LocalFailure(
    'install-failed',
    `Installing the local cloud's Python packages failed (${lastLine(readFileSync(log, 'utf8'))}): check the network and ` +
      `proxy (HTTPS_PROXY, PIP_INDEX_URL), see ${shownPath(log)}, and run this again.`,
  );
}

async function watchOutput(step: GuardedProcess, log: string, onOutput: (text: string) => void) {
  for (;;) {
    const ended = await Promise.race([step.exited, sleep(5_000)]);
    if (ended) return ended;
    onOutput(readFileSync(log, 'utf8'));
  }
}

/** The last line that says something: pip ends with its error. */
function lastLine(text: string): string {
  const lines = text.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('[notice]'));
  return (lines.findLast((line) => /error/i.test(line)) ?? lines.at(-1) ?? 'no output').trim();
}
