import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

const ROOT = resolve(import.meta.dirname, '..');
const DEPCRUISE = join(ROOT, 'node_modules/.bin/depcruise');

interface Cruise {
  summary: { violations: { rule: { name: string }; from: string }[]; totalCruised: number };
}

/** The names of the rules that a tree breaks, each with the file that breaks it. */
function brokenRules(folder: string, roots: string[]): string[] {
  const args = ['--config', '.dependency-cruiser.cjs', '--output-type', 'json', ...roots];
  let output: string;
  try {
    output = execFileSync(DEPCRUISE, args, { cwd: folder, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  } catch (error) {
    output = (error as { stdout: string }).stdout;
  }
  const { violations } = (JSON.parse(output) as Cruise).summary;
  return [...new Set(violations.map(({ rule, from }) => `${rule.name}: ${from}`))].sort();
}

/** Each rule, and the import that must break it: in this file, of that one. */
const PLANTED: [rule: string, file: string, imported: string][] = [
  ['pure-events', 'shared/events/planted.ts', '../stream/target.ts'],
  ['pure-incidents', 'shared/incidents/planted.ts', '../stream/target.ts'],
  ['pure-alerts', 'shared/alerts/planted.ts', '../incidents/target.ts'],
  ['pure-archive', 'shared/archive/planted.ts', '../alerts/target.ts'],
  ['pure-rules', 'shared/rules/planted.ts', '../stream/target.ts'],
  ['pure-remediation', 'shared/remediation/planted.ts', '../alerts/target.ts'],
  ['pure-health', 'shared/health/planted.ts', '../alerts/target.ts'],
  ['pure-alerts', 'shared/alerts/planted.ts', 'node:fs'],
  ['stream-is-pure-with-ports', 'shared/stream/planted.ts', '../aws/target.ts'],
  ['stream-is-pure-with-ports', 'shared/stream/planted.ts', 'node:fs'],
  ['only-adapters-import-the-sdk', 'shared/runtime/planted.ts', '@aws-sdk/client-sns'],
  ['only-adapters-import-the-sdk', 'services/one/planted.ts', '@aws-sdk/client-sns'],
  ['shared-imports-shared', 'shared/runtime/planted.ts', '../../client/target.ts'],
  ['services-import-shared', 'services/one/planted.ts', '../two/target.ts'],
  ['services-import-shared', 'services/one/planted.ts', '../../client/target.ts'],
  ['client-is-small', 'client/planted.ts', '../shared/aws/target.ts'],
  ['nobody-imports-services', 'cli/planted.ts', '../services/two/target.ts'],
  ['nobody-imports-handlers', 'test/planted.ts', '../services/two/handler.ts'],
  ['nobody-imports-the-edges', 'local/planted.ts', '../cli/target.ts'],
  ['nobody-imports-the-edges', 'shared/aws/planted.ts', '../../test/target.ts'],
  ['packaging-imports-tools', 'packaging/planted.ts', '../client/target.ts'],
  ['edges-stay-apart', 'cli/planted.ts', '../test/target.ts'],
  ['no-cycles', 'client/planted.ts', './planted.ts'],
  ['no-unresolvable', 'client/planted.ts', './nowhere.ts'],
];

describe('the arrows between folders', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'sluice-arrows-'));
    for (const file of ['.dependency-cruiser.cjs', 'tsconfig.json', 'package.json'])
      cpSync(join(ROOT, file), join(folder, file));
    symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  });

  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  test.each(PLANTED)('%s is broken by %s when it imports %s', (rule, file, imported) => {
    write(file, `import '${imported}';\nimport type { Target } from '${imported}';\nexport type Planted = Target;\n`);
    if (imported.startsWith('.') && !imported.includes('nowhere') && !imported.includes('planted')) {
      write(join(dirname(file), imported), 'export type Target = string;\n');
    }
    expect(brokenRules(folder, [file])).toContain(`${rule}: ${file}`);
  });

  test('a rule that nobody broke is not reported', () => {
    write('shared/alerts/planted.ts', "import '../events/target.ts';\n");
    write('shared/events/target.ts', 'export const target = 1;\n');
    expect(brokenRules(folder, ['shared/alerts/planted.ts'])).toEqual([]);
  });

  function write(file: string, text: string): void {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  }
});

describe('the tree', () => {
  const files = execFileSync('git', ['ls-files'], { cwd: ROOT, encoding: 'utf8' }).split('\n').filter(Boolean);
  const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');

  test('every rule has a planted violation', () => {
    const rules = [...read('.dependency-cruiser.cjs').matchAll(/^ {6}name: '([a-z-]+)'/gm)].map(([, name]) => name);
    const proven = new Set(PLANTED.map(([rule]) => rule));
    expect(rules.length).toBeGreaterThan(8);
    expect(rules.filter((rule) => !proven.has(rule ?? ''))).toEqual([]);
  });

  test('no source file is longer than 300 lines', () => {
    const long = files.filter((file) => /\.(ts|cjs)$/.test(file) && read(file).split('\n').length > 301);
    expect(long).toEqual([]);
  });

  test('no file names a place on the machine that it was written on', () => {
    const text = files.filter((file) => /\.(ts|cjs|md|yml|json|sql|py)$/.test(file) && file !== 'package-lock.json');
    const pattern = new RegExp(['/work', '/main|/root', '/'].join(''));
    expect(text.filter((file) => pattern.test(read(file)))).toEqual([]);
  });
});
