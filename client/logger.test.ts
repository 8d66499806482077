import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { LogEvent } from '../shared/events/event.ts';
import { logEvent } from '../shared/events/event.ts';
import { LEVELS } from '../shared/events/levels.ts';
import type { LoggerOptions } from './logger-api.ts';
import { makeWorld } from './world.fixture.ts';

const world = (options: Partial<LoggerOptions<'audit'>> = {}) => makeWorld<'audit'>({ source: 'shop', ...options });
const messages = (events: readonly LogEvent[]) => events.map(({ message }) => message);

describe('a call', () => {
  test('becomes an event with everything that was said', async () => {
    const { log, events } = world();
    log.error('orders.place/3', 'payment failed', new TypeError('card declined'), { order: 17, items: ['a'] });
    await log.flush();
    expect(events()).toEqual<LogEvent[]>([
      {
        v: 1,
        id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/),
        type: 'log',
        time: '2026-11-21T12:00:00.000Z',
        level: 'error',
        source: 'shop',
        message: 'payment failed: card declined',
        details: { items: ['a'] },
        error: { type: 'TypeError', message: 'card declined', stack: expect.stringContaining('logger.test.ts') },
        locator: 'orders.place/3',
        attributes: { order: '17' },
      },
    ]);
  });

  test('takes a message, an error, or both, and a locator in any notation', async () => {
    const { log, events } = world();
    log.warning('7+', 'only a message');
    log.error(8, undefined, new RangeError('only an error'));
    log.error('§ 9', new RangeError('in the place of the message'));
    log.critical('10', 'thrown was no error', 'a text');
    log.debug('11');
    await log.flush();
    expect(events().map(({ level, locator, message }) => [level, locator, message])).toEqual([
      ['warning', '7+', 'only a message'],
      ['error', '8', 'RangeError: only an error'],
      ['error', '§ 9', 'RangeError: in the place of the message'],
      ['critical', '10', 'thrown was no error: a text'],
      ['debug', '11', ''],
    ]);
  });

  test('needs no this', async () => {
    const { log, events } = world();
    const { info, flush } = log;
    info('1', 'handed around');
    await flush();
    expect(messages(events())).toEqual(['handed around']);
  });

  test('keeps what was said when the application changes it later', async () => {
    const { log, events } = world();
    const order = { lines: [1] };
    log.info('1', 'placed', undefined, { order });
    order.lines.push(2);
    await log.flush();
    expect(events()[0]?.details).toEqual({ order: { lines: [1] } });
  });

  test('says what an error says beside its message, and what caused it', async () => {
    const { log, events } = world();
    const cause = new Error('socket hang up');
    log.error('1', 'fetch', Object.assign(new Error('no answer', { cause }), { code: 'ECONNRESET', status: 502 }));
    await log.flush();
    const [event] = events();
    expect(event?.details).toEqual({ error: { code: 'ECONNRESET', status: 502 } });
    expect(event?.error?.stack).toContain('\nCaused by: Error: socket hang up\n    at ');
  });

  test('that is larger than an event may be is cut, and says so', async () => {
    const { log, events } = world();
    log.info('1', 'x'.repeat(100_000));
    await log.flush();
    expect(events()[0]?.message).toMatch(/^x+… \[cut 34504 bytes\]$/);
    expect(events()[0]?.attributes).toEqual({ 'sluice.cut': 'message=100000' });
  });

  test('never throws, whatever it is given, and makes sound events of it', async () => {
    const anything = fc.anything({
      withBigInt: true,
      withDate: true,
      withMap: true,
      withSet: true,
      withNullPrototype: true,
    });
    const hostile = fc.oneof(anything, fc.constantFrom(...Object.keys(HOSTILE)));
    await fc.assert(
      fc.asyncProperty(hostile, hostile, hostile, hostile, async (...drawn) => {
        const call = drawn.map((value) => (typeof value === 'string' ? (HOSTILE[value]?.() ?? value) : value));
        const { log, events } = world();
        (log.error as (...given: unknown[]) => void)(...call);
        (log.put as (...given: unknown[]) => void)(call[0]);
        (log.child as (...given: unknown[]) => typeof log)(call[3]).info('1', 'by a child');
        log.run(call[2] as object, () => log.info('2', 'in a context'));
        const { logged, put } = await log.flush();
        expect(put).toBe(logged);
        expect(logged).toBeGreaterThanOrEqual(3);
        for (const event of events()) expect(logEvent.safeParse(event).error).toBeUndefined();
      }),
      { numRuns: 300 },
    );
  });
});

const refusing: ProxyHandler<object> = {
  get() {
    throw new Error('no');
  },
  ownKeys() {
    throw new Error('no');
  },
};

function circular(): object {
  const value: Record<string, unknown> = { name: 'round' };
  value.self = value;
  return value;
}

function throwing(): object {
  return {
    get secret() {
      throw new Error('no');
    },
    toString() {
      throw new Error('no');
    },
  };
}

/** By name, since what cannot be read cannot be printed either. */
const HOSTILE: Record<string, () => unknown> = {
  'a symbol': () => Symbol('s'),
  'a function': () => () => 1,
  'a circle': circular,
  'getters that throw': throwing,
  'a proxy that throws': () => new Proxy({}, refusing),
  'an error that throws': () => new Proxy(new Error('x'), refusing),
  bytes: () => Buffer.from('abc'),
  'lone surrogates': () => '\ud800\0',
  'own __proto__': () => JSON.parse('{"__proto__": {"polluted": true}}'),
  'an event with odd fields': () => ({
    level: 'info',
    message: 1,
    id: {},
    time: 1e300,
    type: [],
    source: 7,
    traceId: 1,
  }),
};

describe('levels', () => {
  test('less severe than wanted are not sent', async () => {
    const { log, events } = world({ level: 'warning', levels: { audit: 'informational' } });
    for (const level of LEVELS) log[level]('1', level);
    log.write('audit', '2', 'audit');
    await log.flush();
    expect(messages(events())).toEqual(['critical', 'error', 'warning']);
    expect([...LEVELS, 'audit' as const].filter((level) => log.isEnabled(level))).toEqual([
      'critical',
      'error',
      'warning',
    ]);
  });

  test('of the application count as one of the five, by category, and keep their name', async () => {
    const levels = { audit: 'informational', breach: { category: 'error', level: 'critical' }, fail: 'error' } as const;
    const { log, events } = makeWorld<'audit' | 'breach' | 'fail'>({ source: 'shop', levels });
    for (const level of ['audit', 'breach', 'fail'] as const) log.write(level, '1', 'said');
    await log.flush();
    expect(events().map(({ level, attributes }) => [level, attributes?.['sluice.level']])).toEqual([
      ['info', 'audit'],
      ['critical', 'breach'],
      ['error', 'fail'],
    ]);
  });

  test('that nobody named are logged as info, and reported', async () => {
    const { log, events } = world();
    log.write('loud' as 'audit', '1', 'heard');
    await log.flush();
    expect(events().map(({ level, message }) => [level, message])).toEqual([['info', 'heard']]);
    expect(log.runIssues).toMatchObject([{ code: 'bad-call', count: 1, message: expect.stringContaining('got loud') }]);
  });
});

describe('an event that is already one', () => {
  test('keeps its id, time, error and trace', async () => {
    const { log, events } = world();
    const error = { type: 'ValueError', message: 'bad', stack: 'Traceback' };
    log.put({
      level: 'error',
      message: 'from elsewhere',
      id: 'own',
      time: Date.UTC(2026, 10, 21),
      error,
      details: { a: 1 },
    });
    await log.flush();
    expect(events()).toEqual([
      {
        v: 1,
        id: 'own',
        type: 'log',
        time: '2026-11-21T00:00:00.000Z',
        level: 'error',
        source: 'shop',
        message: 'from elsewhere',
        details: { a: 1 },
        error,
      },
    ]);
  });
});
