import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type InstalledPackage, installPackage, machineNode } from '../test/support/installed-package.ts';
import { buildLibrary } from './build-library.ts';

const run = promisify(execFile);
const ROOT = resolve(import.meta.dirname, '..');

describe('the library', () => {
  test('holds its own, the schema and the sending, and nothing else of the product or of others', async () => {
    const out = mkdtempSync(join(tmpdir(), 'sluice-library-'));
    const metafiles = await buildLibrary(ROOT, out);
    rmSync(out, { recursive: true });
    const inputs = new Set(metafiles.flatMap((metafile) => Object.keys(metafile.inputs)));
    const others = [...inputs].filter((file) => !/^(client|shared\/(events|stream|aws))\//.test(file));
    expect(others).toEqual([]);
    const imports = metafiles.flatMap(({ outputs }) => Object.values(outputs).flatMap((output) => output.imports));
    const packages = imports
      .filter(({ external, path }) => external && !path.startsWith('node:'))
      .map(({ path }) => path);
    expect([...new Set(packages)].sort()).toEqual([
      '@aws-sdk/client-kinesis',
      '@aws-sdk/client-sns',
      'winston-transport',
    ]);
  });
});

describe('the packed package', () => {
  let installed: InstalledPackage;
  beforeAll(async () => {
    installed = await installPackage(['pino', 'winston', 'winston-transport']);
  }, 120_000);
  afterAll(() => installed.remove());

  const write = (name: string, text: string): string => {
    const file = join(installed.folder, name);
    writeFileSync(file, text);
    return file;
  };
  const body = `
    const records = [];
    const log = createLogger({ source: 'shop', send: async (entries) => { records.push(...entries); return []; } });
    log.error('7+', 'payment failed', new TypeError('declined'), { order: 17 });
    log.close().then(({ put, waiting }) => console.log(JSON.stringify({ put, waiting, records: records.length, init: log.initIssues })));`;
  const nodes = [process.execPath, machineNode()].filter((node) => node !== undefined);

  test.each(nodes)('can be imported and required on %s', async (node) => {
    const programs = [
      write('module.mjs', `import { createLogger, sluiceMiddleware } from 'sluice/client';${body}`),
      write('common.cjs', `const { createLogger, sluiceMiddleware } = require('sluice/client');${body}`),
    ];
    for (const program of programs) {
      const { stdout, stderr } = await run(node, [program]);
      expect([JSON.parse(stdout), stderr]).toEqual([{ put: 1, waiting: 0, records: 1, init: [] }, '']);
    }
  });

  test.each(nodes)('has transports for pino and winston, imported and required on %s', async (node) => {
    const transport = `winston.createLogger({ transports: [new SluiceTransport({ send: async () => [] })] })`;
    const used = `${transport}.on('finish', () => console.log('sent')).end();`;
    const winston = [
      write('w.mjs', `import { SluiceTransport } from 'sluice/client/winston'; import winston from 'winston'; ${used}`),
      write(
        'w.cjs',
        `const { SluiceTransport } = require('sluice/client/winston'), winston = require('winston'); ${used}`,
      ),
    ];
    for (const program of winston) expect((await run(node, [program])).stdout).toBe('sent\n');
    const log = `pino(pino.transport({ target: 'sluice/client/pino', options: { streamName: 's t' } })).info('x');`;
    const pino = [
      write('p.mjs', `import pino from 'pino'; ${log}`),
      write('p.cjs', `const pino = require('pino'); ${log}`),
    ];
    for (const program of pino) {
      const { stderr } = await run(node, [program]);
      expect(stderr).toContain('sluice: 1 event of pino could not be sent: invalid: no stream is named');
    }
  });

  test('does not load the Kinesis client before the first call, so it can be missing where it is not used', async () => {
    const look = `Object.keys(require.cache).filter((file) => file.includes('client-kinesis')).length`;
    const program = write(
      'lazy.cjs',
      `require('sluice/client').createLogger({ source: 'a', streamName: 's' }); console.log(${look});`,
    );
    expect((await run(process.execPath, [program])).stdout).toBe('0\n');
  });

  test('has types for both kinds of module, each call of them checked', async () => {
    const calls = `
      const log = createLogger<'audit'>({ source: 'shop', levels: { audit: 'informational' }, timeZone: 'Europe/Berlin' });
      log.error('7+', 'payment failed', new Error('x'), { order: 17 });
      log.write('audit', 8, 'who did what');
      log.put({ level: 'audit', message: 'given', time: Date.now() });
      const report: Promise<{ put: number; waiting: number }> = log.flush();
      // @ts-expect-error: no such level
      log.write('loud', '9');
      // @ts-expect-error: the locator is missing
      log.info();
      export { report };`;
    const files = [
      write('typed.mts', `import { createLogger } from 'sluice/client';${calls}`),
      write('typed.cts', `import { createLogger } from 'sluice/client';${calls}`),
    ];
    const options = [
      '--noEmit',
      '--strict',
      '--module',
      'nodenext',
      '--target',
      'es2024',
      '--lib',
      'es2024,esnext.disposable',
    ];
    const types = ['--types', 'node', '--typeRoots', join(ROOT, 'node_modules/@types')];
    const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
    const { stdout } = await run(process.execPath, [tsc, ...options, ...types, ...files], {
      cwd: installed.folder,
    }).catch((error: { stdout: string }) => error);
    expect(stdout).toBe('');
  });

  test('has a command that finds locators', async () => {
    const file = write('twice.ts', `log.info('1');\nlog.error('1');\n`);
    const sluice = join(installed.folder, 'node_modules/sluice/bin/sluice');
    const failed = run(process.execPath, [sluice, 'locators', file]);
    await expect(failed).rejects.toMatchObject({
      code: 1,
      stdout: expect.stringContaining('stands 2 times: 1:1 log.info, 2:1 log.error'),
    });
  });

  test('holds no source and no test', () => {
    const has = (path: string) => existsSync(join(installed.folder, 'node_modules/sluice', path));
    expect(['dist/client/index.js', 'analytics/queries', 'README.md', 'LICENSE'].every(has)).toBe(true);
    expect(['client', 'cli', 'test', 'services', 'sluice.yml'].some(has)).toBe(false);
  });
});
