import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { captureStreams } from '../../test/support/captured-streams.ts';
import { runCli } from '../run-cli.ts';
import { findLocators } from './find-locators.ts';

const found = (text: string, file = 'module.ts') => {
  const result = findLocators(file, text);
  if (!result.ok) throw new Error(result.reason);
  return result.calls.map(({ line, column, call, locator }) => `${line}:${column} ${call} ${locator}`);
};

describe('calls of a logger', () => {
  test.each([
    ['by its name', `log.info('1'); orderLog.error(2, 'x'); this.#logger.debug(\`3\`); request_log.warning('4');`, 4],
    [
      'by how it was made',
      `const events = createLogger({ source: 'a' }); const own = events.child({}); events.info('1'); own.info('2');`,
      2,
    ],
    [
      'by its type',
      `function run(to: Logger<'audit'>, other: string) { to.write('audit', '7+'); to?.critical('8'); other.error('9'); }`,
      2,
    ],
    ['in a chain', `getLogger().error('1'); log.child({ a: 1 }).info('2');`, 2],
  ])('are found %s', (_, text, count) => {
    expect(found(text)).toHaveLength(count);
  });

  test('of others are passed over', () => {
    expect(
      found(`console.error('1'); catalog.info('2'); res.error('3'); log.flush('4'); error('5'); Math.log(6);`),
    ).toEqual([]);
  });

  test('say where they stand, and their locator in whatever notation', () => {
    const text = `log.info('7+');\n  log.error(8, 'ü');\n/* log.info('9') */ log.write('audit', '§');\nlog.debug(key); log.debug(\`a\${b}\`); log.debug();`;
    expect(found(text)).toEqual([
      '1:1 log.info 7+',
      '2:3 log.error 8',
      '3:21 log.write §',
      '4:1 log.debug undefined',
      '4:17 log.debug undefined',
      '4:37 log.debug undefined',
    ]);
  });

  test('stand in anything that TypeScript and JavaScript can be', () => {
    const text = `enum Kind { A }\n@sealed class Shop<T> { accessor x = 1; constructor(private log: Logger) {} }\nexport default <T,>(a: T) => a satisfies unknown;\nlog.info('1');`;
    expect(found(text)).toEqual(['4:1 log.info 1']);
    expect(
      found(`export const Page = () => <button onClick={() => log.info('1')}>a</button>;`, 'page.tsx'),
    ).toHaveLength(1);
    expect(
      found(`const { createLogger } = require('sluice/client'); const l = createLogger({}); l.info(1);`, 'a.cjs'),
    ).toEqual(['1:80 l.info 1']);
  });

  test('of what is no program are none, and the reason is said', () => {
    expect(findLocators('a.ts', 'const = {')).toMatchObject({ ok: false, reason: expect.stringMatching(/./) });
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(typeof findLocators('a.ts', text).ok).toBe('boolean');
      }),
    );
  });
});

describe('sluice locators', () => {
  let folder: string;
  const cli = async (...args: string[]) => {
    const capture = captureStreams();
    const code = await runCli(['locators', ...args], capture.streams);
    return { code, stdout: capture.stdout().replaceAll(folder, '.'), stderr: capture.stderr().replaceAll(folder, '.') };
  };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'sluice-locators-'));
    mkdirSync(join(folder, 'node_modules'));
    writeFileSync(join(folder, 'node_modules/other.js'), `log.info('1'); log.info('1');`);
    writeFileSync(join(folder, 'sound.ts'), `log.info('1');\nlog.error('2');\n`);
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  test('is content with modules in which each stands once', async () => {
    expect(await cli(folder)).toEqual({ code: 0, stdout: '1 files, 2 calls, 0 locators twice\n', stderr: '' });
  });

  test('names each that stands twice, with its places, and ends with 1', async () => {
    writeFileSync(join(folder, 'twice.ts'), `log.info('7+');\nif (x) log.error('7+', 'y');\nlog.info(key);\n`);
    const line = './twice.ts: the locator "7+" stands 2 times: 1:1 log.info, 2:8 log.error\n';
    expect(await cli(folder)).toEqual({
      code: 1,
      stdout: `${line}2 files, 5 calls, 1 without a literal locator, 1 locators twice\n`,
      stderr: '',
    });
    const { code, stdout } = await cli(join(folder, 'twice.ts'), '--json');
    expect({ code, ...JSON.parse(stdout) }).toMatchObject({
      code: 1,
      files: 1,
      calls: 3,
      duplicates: [{ locator: '7+', places: [{ line: 1 }, { line: 2 }] }],
      unchecked: [{ line: 3, column: 1, call: 'log.info' }],
    });
  });

  test('says what cannot be read, and what is not there', async () => {
    writeFileSync(join(folder, 'broken.ts'), 'const = {');
    expect(await cli(folder)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('./broken.ts: cannot be read: '),
    });
    expect(await cli(join(folder, 'nowhere'))).toMatchObject({
      code: 1,
      stderr: 'sluice: There is nothing at ./nowhere: check the path.\n',
    });
  });
});
