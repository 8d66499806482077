import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { withCloudLock } from './cloud-lock.ts';

const lockFile = () => join(mkdtempSync(join(tmpdir(), 'sluice-lock-')), 'deeper', 'cloud.lock');

test('work under one lock never overlaps, and who waits is told so', async () => {
  const file = lockFile();
  const events: string[] = [];
  const work = (name: string) => async () => {
    events.push(`${name} begins`);
    await sleep(30);
    events.push(`${name} ends`);
  };
  await Promise.all([
    withCloudLock(file, work('first')),
    withCloudLock(file, work('second'), () => events.push('second waits')),
  ]);
  expect(events).toEqual(['first begins', 'second waits', 'first ends', 'second begins', 'second ends']);
});

test('work that fails gives the lock back and its fault on', async () => {
  const file = lockFile();
  await expect(withCloudLock(file, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  await expect(withCloudLock(file, async () => 'done')).resolves.toBe('done');
});

test('a holder that is killed gives the lock back', async () => {
  const file = lockFile();
  const module = JSON.stringify(new URL('cloud-lock.ts', import.meta.url).href);
  const script = `import { withCloudLock } from ${module};
    withCloudLock(${JSON.stringify(file)}, () => { console.log('held'); return new Promise(() => setInterval(() => {}, 1e6)); });`;
  const holder = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(holder.stdout, 'data');
  let waited = false;
  const taken = withCloudLock(
    file,
    async () => 'taken',
    () => {
      waited = true;
    },
  );
  await sleep(50);
  expect(waited).toBe(true);
  holder.kill('SIGKILL');
  await expect(taken).resolves.toBe('taken');
});
