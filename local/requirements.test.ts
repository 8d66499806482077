import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { PROJECT_FOLDER, REQUIREMENTS_FILE } from './local-folder.ts';
import { packageNames } from './virtual-environment.ts';

const requirements = readFileSync(REQUIREMENTS_FILE, 'utf8');
/** One entry a package: its first line, and the indented ones that go on. */
const entries = requirements.trimEnd().split(/\n(?! )/);

test('every package, direct or not, is pinned to one version and has a hash', () => {
  const form = /^[a-z0-9][\w.-]*(\[[\w,-]+\])?==[\w.+!-]+( ; [^\\]+)? \\\n( {4}--hash=sha256:[0-9a-f]{64}( \\\n)?)+$/;
  expect(entries.filter((entry) => !form.test(entry))).toEqual([]);
  expect(entries.length).toBeGreaterThan(40);
});

test('nothing in it names a host, a path or an index', () => {
  expect(requirements).not.toMatch(/https?:|file:|^-|--(index|extra|find|trusted)|\//m);
});

test('what was asked for is in it, at the version that was asked for', () => {
  const asked = readFileSync(join(PROJECT_FOLDER, 'local/requirements.in'), 'utf8').trim().split('\n');
  expect(asked).toEqual(['ministack[full]==1.5.33', 'cfn-lint==1.58.0']);
  for (const line of asked) {
    const [name = '', version = ''] = line.replace(/\[.*\]/, '').split('==');
    expect(entries.filter((entry) => entry.startsWith(`${name}==${version} `))).toHaveLength(1);
  }
});

test('a package that is pinned twice for different Pythons counts once', () => {
  expect(packageNames("a-b==1 ; python_version < '3.11' \\\n  --hash=x\na-b==2 \\\nc==3\n")).toEqual(['a-b', 'c']);
});
