import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { endGroup, groupRuns, processStamp } from './process-group.ts';

/** A shell that leads a group of its own and has children, which say that they run. */
async function startGroup(script: string): Promise<number> {
  const shell = spawn('sh', ['-c', script], { detached: true, stdio: ['ignore', 'pipe', 'ignore'] });
  await once(shell.stdout, 'data');
  return shell.pid ?? 0;
}

test('ending a group ends its leader and every child', async () => {
  const group = await startGroup('sleep 1000 & sleep 1000 & echo up; wait');
  expect(groupRuns(group)).toBe(true);
  await expect(endGroup(group)).resolves.toBe(true);
  expect(groupRuns(group)).toBe(false);
});

test('a group that does not heed is forced', async () => {
  const group = await startGroup("trap '' TERM; (trap '' TERM; sleep 1000) & echo up; while :; do sleep 1; done");
  await expect(endGroup(group, 200)).resolves.toBe(true);
  expect(groupRuns(group)).toBe(false);
});

test('children whose leader is dead already are ended too', async () => {
  const group = await startGroup('sleep 1000 & echo up; exec kill -KILL $$');
  await expect.poll(() => processStamp(group)).toBeUndefined();
  expect(groupRuns(group)).toBe(true);
  await expect(endGroup(group)).resolves.toBe(true);
});

test('ending a group that is gone is no fault', async () => {
  const group = await startGroup('echo up');
  await expect.poll(() => groupRuns(group)).toBe(false);
  await expect(endGroup(group)).resolves.toBe(true);
});

test('a stamp is the same for a process as long as it runs, and undefined afterwards', async () => {
  const group = await startGroup('echo up; sleep 1000');
  const stamp = processStamp(group);
  expect(stamp).toMatch(/./);
  expect(processStamp(group)).toBe(stamp);
  await endGroup(group);
  expect(processStamp(group)).toBeUndefined();
});
