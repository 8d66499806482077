import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startGuarded } from './guarded-process.ts';
import { endGroup, groupRuns } from './process-group.ts';

const folder = () => mkdtempSync(join(tmpdir(), 'sluice-guard-'));
const env = { PATH: process.env.PATH ?? '' };

/** Starts another process that owns a guarded `sleep` with a child; answers that process and the group. */
async function startOwner(
  path: string,
  afterwards: string,
): Promise<{ owner: ReturnType<typeof spawn>; group: number }> {
  const module = JSON.stringify(new URL('guarded-process.ts', import.meta.url).href);
  const command = {
    command: 'sh',
    args: ['-c', 'sleep 1000 & sleep 1000'],
    env,
    logFile: join(path, 'log'),
    removeAfter: [join(path, 'state')],
  };
  writeFileSync(join(path, 'state'), 'state');
  const script = `import { startGuarded } from ${module};
    const guarded = await startGuarded(${JSON.stringify(command)});
    console.log(guarded.pid);
    ${afterwards}`;
  const owner = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = await once(owner.stdout, 'data');
  return { owner, group: Number(line) };
}

test('kill -9 of the owner ends the command and its children, and clears its state away', async () => {
  const path = folder();
  const { owner, group } = await startOwner(path, '');
  expect(groupRuns(group)).toBe(true);
  owner.kill('SIGKILL');
  await expect.poll(() => groupRuns(group), { timeout: 10_000 }).toBe(false);
  await expect.poll(() => existsSync(join(path, 'state'))).toBe(false);
});

test('an owner that ends by itself takes the command with it', async () => {
  const { group } = await startOwner(folder(), 'guarded.unref();');
  await expect.poll(() => groupRuns(group), { timeout: 10_000 }).toBe(false);
});

test('a released command outlives its owner', async () => {
  const { owner, group } = await startOwner(folder(), 'await guarded.release();');
  await once(owner, 'exit');
  expect(groupRuns(group)).toBe(true);
  await endGroup(group);
});

test('tells how the command ended and keeps what it wrote', async () => {
  const logFile = join(folder(), 'log');
  const args = ['-c', 'echo out; echo err >&2; exit 3'];
  const guarded = await startGuarded({ command: 'sh', args, env, logFile, removeAfter: [] });
  await expect(guarded.exited).resolves.toEqual({ code: 3, signal: null });
  expect(readFileSync(logFile, 'utf8')).toBe('out\nerr\n');
});

test('a command that cannot be started is a fault', async () => {
  const logFile = join(folder(), 'log');
  const started = startGuarded({ command: '/nowhere/at-all', args: [], env, logFile, removeAfter: [] });
  await expect(started).rejects.toThrow('ENOENT');
});
