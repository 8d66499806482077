import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';

const ENTRY = JSON.stringify(join(import.meta.dirname, 'index.ts'));

/** A program whose stream prints how many records it was given; while it is down it refuses all. */
const program = (body: string) => `
import { createLogger } from ${ENTRY};
let isDown = false;
const log = createLogger({
  source: 'shop',
  flushInterval: 600_000,
  send: async (entries) => {
    if (isDown) throw new Error('down');
    console.log('put', entries.length);
    return [];
  },
});
${body}`;

interface Ended {
  code: number | null;
  signal: string | null;
  stdout: string;
  stderr: string;
}

/** Runs a program to its end; `signal` goes to it once it prints `ready`. */
async function run(body: string, signal?: NodeJS.Signals): Promise<Ended> {
  const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', program(body)], {
    env: { ...process.env, NODE_NO_WARNINGS: '1', SLUICE_STREAM: '' },
  });
  if (signal !== undefined) {
    child.stdout.on('data', (chunk) => {
      if (String(chunk).includes('ready')) child.kill(signal);
    });
  }
  const [stdout, stderr, [code, killedBy]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit') as Promise<[number | null, string | null]>,
  ]);
  return { code, signal: killedBy, stdout, stderr };
}

describe('what waits when a process ends', () => {
  test('is sent when it has nothing else to do', async () => {
    expect(await run(`log.info('1', 'last words');`)).toEqual({ code: 0, signal: null, stdout: 'put 1\n', stderr: '' });
  });

  test('is sent on SIGTERM, which then ends it as it would have', async () => {
    const body = `log.info('1', 'last words'); setInterval(() => {}, 1_000); console.log('ready');`;
    expect(await run(body, 'SIGTERM')).toEqual({ code: null, signal: 'SIGTERM', stdout: 'ready\nput 1\n', stderr: '' });
  });

  test('is sent on SIGTERM, and the application ends when it wants to', async () => {
    const body = `process.on('SIGTERM', () => setTimeout(() => process.exit(7), 300));
      log.info('1', 'last words'); setInterval(() => {}, 1_000); console.log('ready');`;
    expect(await run(body, 'SIGTERM')).toMatchObject({ code: 7, stdout: 'ready\nput 1\n', stderr: '' });
  });

  test('is told as lost where it cannot be sent any more, and how many they are', async () => {
    const lost = 'sluice: 3 of the last 3 events of shop were lost: the process ended before they could be sent\n';
    const body = `for (const n of [1, 2, 3]) log.error(n, 'x');`;
    expect(await run(`${body} process.exit(5);`)).toEqual({ code: 5, signal: null, stdout: '', stderr: lost });
    expect(await run(`isDown = true; ${body}`)).toMatchObject({ code: 0, stdout: '', stderr: lost });
    expect(await run(`${body} throw new Error('broken');`)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(lost),
    });
  });

  test.each([
    ['was closed', 'await log.close();'],
    ['was disposed of', 'await log[Symbol.asyncDispose]();'],
  ])('is told as lost too when the logger %s while the stream was down', async (_, end) => {
    const lost = 'sluice: 1 of the last 1 events of shop were lost: the process ended before they could be sent\n';
    expect(await run(`isDown = true; log.info('1', 'x'); ${end}`)).toMatchObject({ code: 0, stdout: '', stderr: lost });
  });

  test('is told as lost for want of a stream, by its name', async () => {
    const body = `const other = createLogger({ source: 'till' }); other.info('1', 'x'); await other.close();`;
    expect(await run(body)).toMatchObject({
      stderr:
        'sluice: 1 of the last 1 events of till were lost: no stream is named, as streamName or in SLUICE_STREAM\n',
    });
  });

  test('is nothing once the logger is closed, and minded again when it logs again', async () => {
    const closed = `log.info('1', 'x'); await log.close(); console.log('listeners', process.listenerCount('exit'));`;
    expect(await run(closed)).toMatchObject({ code: 0, stdout: 'put 1\nlisteners 0\n' });
    expect(await run(`${closed} log.info('2', 'y');`)).toMatchObject({ stdout: 'put 1\nlisteners 0\nput 1\n' });
  });
});
