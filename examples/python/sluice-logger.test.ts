import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { cleanPythonEnvironment, findPython } from '../../local/python.ts';

const run = promisify(execFile);

test('the tests of the logger in Python pass', async () => {
  const env = { ...cleanPythonEnvironment(), PYTHONDONTWRITEBYTECODE: '1' };
  const options = { cwd: import.meta.dirname, env };
  const { stderr } = await run(await findPython(), ['-m', 'unittest', 'discover', '-s', '.'], options);
  expect(stderr).toMatch(/^Ran 7 tests/m);
});
