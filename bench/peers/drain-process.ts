import { execFile, spawn } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

const HERE = import.meta.dirname;
const LOCAL = join(HERE, '..', '..', '.local');
const ENVIRONMENT = join(LOCAL, 'bench-venv');
const PYTHON = join(ENVIRONMENT, 'bin', 'python');
const READY = join(ENVIRONMENT, 'ready');
const PIP = ['-m', 'pip', 'install', '--quiet', '--require-hashes', '--no-deps', '-r', join(HERE, 'requirements.txt')];

export interface DrainProcess {
  /** Nanoseconds of processor time. */
  run: () => Promise<number>;
  stop: () => void;
}

/** Drain3 in a Python process of its own, waiting for runs. Undefined, with the reason told, where there is no Python. */
export async function startDrain(messages: readonly string[]): Promise<DrainProcess | { missing: string }> {
  try {
    await ensureDrain();
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n')[0] : String(error);
    return { missing: `drain3: it could not be installed from PyPI (${reason})` };
  }
  const input = join(LOCAL, 'bench-messages.json');
  writeFileSync(input, JSON.stringify(messages));
  const child = spawn(PYTHON, [join(HERE, 'drain.py'), input], { stdio: ['pipe', 'pipe', 'inherit'] });
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    run: async () => {
      child.stdin.write('run\n');
      const answer = await answers.next();
      if (answer.done) throw new Error('drain3 ended before it had answered');
      return Number(answer.value);
    },
    stop: () => {
      child.stdin.end();
      rmSync(input, { force: true });
    },
  };
}

async function ensureDrain(): Promise<void> {
  if (existsSync(READY)) return;
  rmSync(ENVIRONMENT, { recursive: true, force: true });
  mkdirSync(LOCAL, { recursive: true });
  const execute = promisify(execFile);
  await execute('python3', ['-m', 'venv', ENVIRONMENT]);
  await execute(PYTHON, PIP);
  writeFileSync(READY, '');
}
