import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import winston from 'winston';
import { collectedEvents } from './collected-events.fixture.ts';
import { createLogger } from './index.ts';
import { SluiceTransport, type SluiceTransportOptions } from './winston-transport.ts';

const TRACE = { trace_id: '0af7651916cd43dd8448eb211c80319c', span_id: 'b7ad6b7169203331' };

function logger(options: winston.LoggerOptions = {}, transportOptions: SluiceTransportOptions = {}) {
  const { send, events } = collectedEvents();
  const transport = new SluiceTransport({ source: 'fallback', send, ...transportOptions });
  const log = winston.createLogger({ level: 'silly', transports: [transport], ...options });
  const end = async () => {
    log.end();
    await once(transport, 'finish');
    return events();
  };
  return { log, transport, end, events };
}

describe('what winston logs', () => {
  test('has its level, source, trace and fields, whatever a format made of the level, in order', async () => {
    const { colorize, combine, timestamp } = winston.format;
    const { log, end } = logger({ defaultMeta: { service: 'shop' }, format: combine(colorize(), timestamp()) });
    log.silly('a');
    log.debug('b');
    log.info('c', TRACE);
    log.warn('d', { order: 17, at: new Date(0), big: 1n });
    log.error('e');
    log.http('f');
    const events = await end();
    expect(events.map(({ level, message, source }) => [level, message, source])).toStrictEqual([
      ['debug', 'a', 'shop'],
      ['debug', 'b', 'shop'],
      ['info', 'c', 'shop'],
      ['warning', 'd', 'shop'],
      ['error', 'e', 'shop'],
      ['info', 'f', 'shop'],
    ]);
    expect(events[2]).toMatchObject({ traceId: TRACE.trace_id, spanId: TRACE.span_id });
    expect(events[3]?.details).toMatchObject({ order: 17, at: '1970-01-01T00:00:00.000Z' });
    expect(events[5]?.attributes).toStrictEqual({ 'sluice.level': 'http' });
  });

  test('of errors has type, message, stack and cause, in each way of giving one', async () => {
    const { log, end } = logger();
    const error = new TypeError('boom', { cause: new RangeError('far') });
    log.error('payment failed:', error);
    log.error('payment failed', { error, order: 17 });
    log.error(error);
    log.log({ level: 'error', message: 'payment failed', err: error });
    const events = await end();
    expect(events.map(({ error: read }) => [read?.type, read?.message])).toStrictEqual(
      new Array(4).fill(['TypeError', 'boom']),
    );
    for (const { error: read } of events) expect(read?.stack).toMatch(/^TypeError: boom\n {4}at /);
    for (const { error: read } of [events[0], events[1], events[3]].map((event) => ({ error: event?.error }))) {
      expect(read?.stack).toContain('Caused by: RangeError: far');
    }
    expect(events.map(({ message }) => message)).toStrictEqual([
      'payment failed: boom',
      'payment failed',
      'boom',
      'payment failed',
    ]);
    expect(events[1]?.details).toStrictEqual({ order: 17 });
  });

  test('at levels of syslog or of its own comes out by category', async () => {
    const syslog = logger({ levels: winston.config.syslog.levels, level: 'debug' });
    for (const level of Object.keys(winston.config.syslog.levels)) syslog.log.log(level, level);
    expect((await syslog.end()).map(({ level }) => level)).toStrictEqual([
      'critical',
      'critical',
      'critical',
      'error',
      'warning',
      'info',
      'info',
      'debug',
    ]);
    const own = logger({ levels: { audit: 0, info: 1 }, level: 'info' }, { levels: { audit: 'error' } });
    own.log.log('audit', 'taken');
    expect((await own.end()).map(({ level }) => level)).toStrictEqual(['error']);
  });

  test('below the level of the transport, or silenced, is not sent', async () => {
    const { log, end } = logger({}, { level: 'warn' });
    log.info('no');
    log.warn('yes');
    expect((await end()).map(({ message }) => message)).toStrictEqual(['yes']);
  });

  test('goes through the logger that the application has, which stays open', async () => {
    const { send, events } = collectedEvents();
    const shared = createLogger({ source: 'shop', send });
    const { log, end } = logger({}, { logger: shared });
    log.info('by winston');
    await end();
    shared.info(1, 'by the client');
    await shared.close();
    expect(events().map(({ message, source }) => [message, source])).toStrictEqual([
      ['by winston', 'shop'],
      ['by the client', 'shop'],
    ]);
  });

  test('never fails, whatever it is given', async () => {
    const { log, end } = logger({ format: winston.format((info) => info)() });
    const circular: Record<string, unknown> = {
      get broken() {
        throw new Error('getter');
      },
    };
    circular.self = circular;
    log.info('circular', { circular });
    log.info('symbols', { s: Symbol('x'), f: () => 1, u: undefined });
    log.log({ level: 'info', message: { an: 'object' } as unknown as string });
    log.log({ level: 'error', message: circular as unknown as string });
    log.log({ level: 'info' } as winston.LogEntry);
    expect(await end()).toHaveLength(5);
  });
});
