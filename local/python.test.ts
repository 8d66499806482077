import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cleanPythonEnvironment, findPython } from './python.ts';

/** A program that answers the probe as a Python of this version would. */
function fakePython(name: string, answer: string): string {
  const file = join(mkdtempSync(join(tmpdir(), 'sluice-python-')), name);
  writeFileSync(file, `#!/bin/sh\necho ${answer}\n`, { mode: 0o755 });
  return file;
}

test('takes the first that is new enough and can make environments', async () => {
  const [old, bare, good] = [fakePython('old', '3 9 1'), fakePython('bare', '3 12 0'), fakePython('good', '3 10 1')];
  await expect(findPython(['/nowhere/python', old, bare, good, fakePython('later', '3 13 1')])).resolves.toBe(good);
});

test('a Python 4 is new enough', async () => {
  const four = fakePython('four', '4 0 1');
  await expect(findPython([four])).resolves.toBe(four);
});

test('without any the sentence says what is needed and what to do', async () => {
  await expect(findPython(['/nowhere/python'])).rejects.toMatchObject({
    code: 'python-missing',
    message:
      'The local cloud needs Python 3.10 or newer, and none was found on PATH: ' +
      'install one, or set AWS_ENDPOINT_URL to a local cloud that runs already.',
  });
});

test('one that is too old is named', async () => {
  const old = fakePython('python3', '3 9 1');
  await expect(findPython([old])).rejects.toThrow(`none was found on PATH (${old} is 3.9)`);
});

test('one without the venv module says which package brings it', async () => {
  const bare = fakePython('python3', '3 11 0');
  await expect(findPython([bare])).rejects.toMatchObject({ code: 'venv-missing' });
  await expect(findPython([bare])).rejects.toThrow('apt install python3-venv');
});

test("what would lead pip out of the environment is taken away, the user's mirror and proxy stay", () => {
  const before = {
    PYTHONPATH: '/x',
    PYTHONHOME: '/y',
    PIP_TARGET: '/z',
    PIP_USER: '1',
    VIRTUAL_ENV: '/v',
    PIP_INDEX_URL: 'a',
    HTTPS_PROXY: 'b',
  };
  expect(cleanPythonEnvironment(before)).toEqual({ PIP_INDEX_URL: 'a', HTTPS_PROXY: 'b' });
});
