import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { ensureEnvironment } from './virtual-environment.ts';

const REQUIREMENTS = `sluice-no-such-package==1.0 --hash=sha256:${'0'.repeat(64)}\n`;

function prepare() {
  const base = mkdtempSync(join(tmpdir(), 'sluice-venv-'));
  const requirementsFile = join(base, 'requirements.txt');
  writeFileSync(requirementsFile, REQUIREMENTS);
  const lines: string[] = [];
  const onProgress = (line: string) => lines.push(line);
  return { folder: join(base, 'venv'), installLog: join(base, 'install.log'), requirementsFile, onProgress, lines };
}

test('a finished environment is used at once', async () => {
  const { lines, ...options } = prepare();
  mkdirSync(join(options.folder, 'bin'), { recursive: true });
  writeFileSync(join(options.folder, 'bin', 'python'), '');
  const hash = createHash('sha256').update(REQUIREMENTS).digest('hex');
  writeFileSync(join(options.folder, 'sluice-requirements.sha256'), `${hash}\n`);
  await expect(ensureEnvironment(options)).resolves.toBe(join(options.folder, 'bin'));
  expect(lines).toEqual([]);
});

test('an unfinished one is made anew; packages that cannot be had are a sentence, and nothing counts as finished', async () => {
  const { lines, ...options } = prepare();
  mkdirSync(options.folder);
  writeFileSync(join(options.folder, 'left-over'), '');
  vi.stubEnv('PIP_NO_INDEX', '1');
  const made = ensureEnvironment(options);
  await expect(made).rejects.toMatchObject({
    code: 'install-failed',
    message: expect.stringMatching(
      /^Installing the local cloud's Python packages failed \(ERROR: .*sluice-no-such-package.*\): check the network/,
    ),
  });
  vi.unstubAllEnvs();
  expect(existsSync(join(options.folder, 'left-over'))).toBe(false);
  expect(existsSync(join(options.folder, 'sluice-requirements.sha256'))).toBe(false);
  expect(lines.slice(0, 2)).toEqual([
    `making a Python environment in ${options.folder} (the first time only)`,
    'installing 1 Python packages, pinned by hash (about a minute)',
  ]);
}, 60_000);
