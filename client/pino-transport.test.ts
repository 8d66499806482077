import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import fc from 'fast-check';
import pino from 'pino';
import { describe, expect, test } from 'vitest';
import { logEvent } from '../shared/events/event.ts';
import { collectedEvents } from './collected-events.fixture.ts';
import { createLogger, type LoggerOptions } from './index.ts';
import { type PinoConfig, PinoLines } from './pino-transport.ts';

const TRACE = { trace_id: '0af7651916cd43dd8448eb211c80319c', span_id: 'b7ad6b7169203331' };

function transport(config: PinoConfig = {}, options: Partial<LoggerOptions<string>> = {}) {
  const { send, events } = collectedEvents();
  const reports: unknown[] = [];
  const log = createLogger<string>({ source: 'fallback', send, ...options });
  const lines = new PinoLines(log, config, (report) => reports.push(report));
  const end = async () => {
    lines.end();
    await once(lines, 'finish');
    return events();
  };
  return { lines, end, reports, events };
}

describe('what pino logs', () => {
  test('has its level, source, time, trace, fields and errors with their stacks, in order', async () => {
    const { lines, end } = transport();
    const before = Date.now();
    const log = pino({ name: 'shop', level: 'trace', base: { pid: 7, hostname: 'h' } }, lines);
    log.trace('a');
    log.debug('b');
    log.info(TRACE, 'c');
    log.warn({ order: 17 }, 'd %d', 1);
    log.error(Object.assign(new TypeError('boom'), { code: 'E7' }), 'e');
    log.fatal(new RangeError('far'));
    const events = await end();
    expect(events.map(({ level, message, source }) => [level, message, source])).toStrictEqual([
      ['debug', 'a', 'shop'],
      ['debug', 'b', 'shop'],
      ['info', 'c', 'shop'],
      ['warning', 'd 1', 'shop'],
      ['error', 'e', 'shop'],
      ['critical', 'far', 'shop'],
    ]);
    expect(events[2]).toMatchObject({ traceId: TRACE.trace_id, spanId: TRACE.span_id });
    expect(events[3]?.details).toStrictEqual({ pid: 7, hostname: 'h', order: 17 });
    expect(events[4]?.error).toStrictEqual({
      type: 'TypeError',
      message: 'boom',
      stack: expect.stringMatching(/^TypeError: boom\n {4}at /),
    });
    expect(events[4]?.details).toMatchObject({ err: { code: 'E7' } });
    expect(events[5]?.error?.type).toBe('RangeError');
    expect(events.every(({ time }) => Date.parse(time) >= before && Date.parse(time) <= Date.now())).toBe(true);
    expect(new Set(events.map(({ id }) => id)).size).toBe(6);
  });

  test('by names and levels of its own is understood', async () => {
    const options = { messageKey: 'said', errorKey: 'cause', customLevels: { audit: 35, doom: 90 } };
    const config = { ...options, levels: { labels: { 35: 'audit', 90: 'doom' } }, custom: ['audit'] };
    const { lines, end } = transport(config, { levels: { audit: 'error' } });
    const log = pino({ ...options, base: null }, lines);
    log.audit('taken');
    log.doom('end');
    log.error(new TypeError('boom'), 'failed');
    const events = await end();
    expect(events.map(({ level, message }) => [level, message])).toStrictEqual([
      ['error', 'taken'],
      ['critical', 'end'],
      ['error', 'failed'],
    ]);
    expect(events[2]?.error).toMatchObject({ type: 'TypeError', message: 'boom' });
    expect(events.map(({ source }) => source)).toStrictEqual(['fallback', 'fallback', 'fallback']);
  });

  test('as labels, in another language of time, or as no JSON is an event', async () => {
    const { lines, end } = transport();
    const formatters = { level: (label: string) => ({ level: label }) };
    pino({ formatters, timestamp: pino.stdTimeFunctions.isoTime, base: null }, lines).warn('label');
    lines.write('ERROR printed by hand\n');
    lines.write('no newline at the end');
    expect((await end()).map(({ level, message }) => [level, message])).toStrictEqual([
      ['warning', 'label'],
      ['error', 'ERROR printed by hand'],
      ['info', 'no newline at the end'],
    ]);
  });

  test('is on the stream when flush resolves, and counted when the stream is down', async () => {
    const up = transport();
    pino(up.lines).info('flushed');
    await up.lines.flush();
    expect(up.events()).toHaveLength(1);
    const down = transport({}, { send: async (entries) => entries.map((_, index) => ({ index, reason: 'down' })) });
    pino(down.lines).info('not sent');
    await down.end();
    expect(down.reports).toMatchObject([{ logged: 1, put: 0, waiting: 1 }]);
  });
});

test('in a worker thread whose stream is down, the process ends and stderr says how many were lost', async () => {
  const target = fileURLToPath(new URL('pino-transport.ts', import.meta.url));
  const program = `import pino from 'pino';
    const log = pino({ name: 'shop' }, pino.transport({ target: ${JSON.stringify(target)} }));
    log.info('one'); log.info('two'); process.exit(3);`;
  // Nothing listens on port 9.
  const cloud = { AWS_ENDPOINT_URL: 'http://127.0.0.1:9', AWS_REGION: 'us-east-1', SLUICE_STREAM: 'none' };
  const keys = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' };
  const run = promisify(execFile)(process.execPath, ['--input-type=module', '-e', program], {
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    env: { ...process.env, ...cloud, ...keys },
  });
  await expect(run).rejects.toMatchObject({
    code: 3,
    stderr: expect.stringContaining('sluice: 2 events of pino could not be sent: unavailable: '),
  });
});

test('property: bytes in pieces of any size are the same events, and no text throws', async () => {
  const record = fc.oneof(
    fc
      .record({ level: fc.integer(), time: fc.integer(), msg: fc.string({ unit: 'grapheme' }) })
      .map((each) => JSON.stringify(each)),
    fc.jsonValue().map((value) => JSON.stringify(value)),
    fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll('\n', ' ')),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(record, { maxLength: 5 }), fc.integer({ min: 1, max: 9 }), async (lines, size) => {
      const { lines: stream, end } = transport();
      const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''));
      for (let at = 0; at < bytes.length; at += size) stream.write(bytes.subarray(at, at + size));
      const events = await end();
      expect(events).toHaveLength(lines.filter((line) => line.trim() !== '').length);
      for (const event of events) expect(logEvent.safeParse(event).error).toBeUndefined();
    }),
    { numRuns: 200 },
  );
});
