import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { LogEvent } from '../shared/events/event.ts';
import { logEvent } from '../shared/events/event.ts';
import { LEVELS } from '../shared/events/levels.ts';
import { Fault } from '../shared/stream/fault.ts';
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

describe('scopes', () => {
  test('a child says what its parents say and more, over the same buffer', async () => {
    const { log, events } = world({ attributes: { version: '1.2' } });
    const orders = log.child({ attributes: { module: 'orders' }, source: 'shop/orders' });
    orders.child({ attributes: { module: 'orders.place' }, spanId: 'b7ad6b7169203331' }).info('1', 'placed');
    log.info('2', 'parent');
    await orders.flush();
    expect(events()).toMatchObject([
      { source: 'shop/orders', attributes: { version: '1.2', module: 'orders.place' }, spanId: 'b7ad6b7169203331' },
      { source: 'shop', attributes: { version: '1.2' } },
    ]);
  });

  test('a context holds for all that is logged in the work, after waiting too, and for nothing else', async () => {
    const { log, events } = world();
    const handle = (request: string) =>
      log.run({ attributes: { request }, traceId: `trace-${request}` }, async () => {
        await new Promise((resolve) => setImmediate(resolve));
        log.run({ attributes: { step: 1 } }, () => log.info('1', 'inner'));
      });
    await Promise.all([handle('a'), handle('b')]);
    log.info('2', 'outside');
    await log.flush();
    expect(events().map(({ traceId, attributes }) => ({ traceId, ...attributes }))).toEqual([
      { traceId: 'trace-a', request: 'a', step: '1' },
      { traceId: 'trace-b', request: 'b', step: '1' },
      { traceId: undefined },
    ]);
  });

  test('reset begins anew: issues and context of the invocation before are gone, events that wait are not', async () => {
    const { log, events } = world();
    log.reset({ attributes: { request: 'first' } });
    log.info('1', 'in the first');
    log.write('loud' as 'audit', '2', 'odd');
    log.reset();
    expect(log.runIssues).toEqual([]);
    log.info('3', 'in the second');
    await log.flush();
    expect(events().map(({ attributes }) => attributes)).toEqual([
      { request: 'first' },
      { request: 'first' },
      undefined,
    ]);
  });

  test('named paths and what is always secret are hidden everywhere', async () => {
    const { log, events } = world({ redact: ['user.email', 'iban'], attributes: { apiKey: 'k' } });
    const error = Object.assign(new Error('refused'), { config: { headers: { Authorization: 'Bearer x' } } });
    const user = { email: 'a@example.org', name: 'Ada', bank: { IBAN: 'DE00' } };
    log.run({ attributes: { password: 'p' } }, () => log.error('1', 'no', error, { user, iban: 'DE01' }));
    await log.flush();
    expect(events()[0]).toMatchObject({
      attributes: { apiKey: '[redacted]', password: '[redacted]', iban: '[redacted]' },
      details: {
        user: { email: '[redacted]', name: 'Ada', bank: { IBAN: '[redacted]' } },
        error: { config: { headers: { Authorization: '[redacted]' } } },
      },
    });
  });

  test('text is rendered in the time zone, one line an event', () => {
    const { log, echoed } = world({ echo: 'stderr', timeZone: 'Europe/Berlin' });
    log.error('7+', 'two\nlines \u001b[31m', undefined, { order: 17 });
    expect(echoed).toEqual(['2026-11-21T13:00:00.000+01:00 ERROR    shop 7+ two\\nlines \\u001b[31m order=17']);
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

describe('options', () => {
  test('that cannot be used are reported, once each, and the logger is there', async () => {
    const bad = {
      source: '',
      streamName: 'no such/name',
      level: 'loud',
      levels: {
        audit: 'sometimes',
        error: 'error',
        'two words': 'error',
        breach: { category: 'error', level: 'info' },
      },
      timeZone: 'Mars/Olympus',
      redact: [1, 'a..b'],
      maxBuffered: 0,
      maxBufferedBytes: 'much',
      flushInterval: -1,
      packing: 'rar',
      partitionKey: '',
      flushOnExit: 'yes',
    };
    const { log, events } = makeWorld(bad as unknown as LoggerOptions);
    expect(log.initIssues.map(({ code, message }) => `${code} ${message.split(':')[0]}`).sort()).toEqual(
      [
        'source',
        'streamName',
        'level',
        ...['levels.audit', 'levels', 'levels', 'levels.breach'],
        ...['timeZone', 'redact', 'redact', 'maxBuffered', 'maxBufferedBytes', 'flushInterval'],
        ...['packing', 'partitionKey', 'flushOnExit'],
      ]
        .map((name) => `bad-option ${name}`)
        .sort(),
    );
    log.info('1', 'still here');
    await log.flush();
    expect(messages(events())).toEqual(['still here']);
  });

  test.each([[undefined], [null], [7], ['shop']])('%j instead of options is reported', (options) => {
    expect(makeWorld(options as unknown as LoggerOptions).log.initIssues.map(({ message }) => message)).toEqual([
      'source: expected a text of 1 to 256 characters, got nothing; unknown is used',
    ]);
  });

  test('that are sound leave nothing to report', () => {
    expect(world({ levels: { audit: 'informational' }, redact: ['a[*].b', '**.c', '*.d'] }).log.initIssues).toEqual([]);
  });
});

describe('when the stream does not answer', () => {
  const down = () => Promise.reject(new Fault('unavailable', 'PutRecords failed: ECONNREFUSED'));

  test('flush ends after a round of tries, says what waits, and all of it is sent when the stream is back', async () => {
    const { log, stream, pass, events } = world();
    stream.send = down;
    log.error('1', 'first');
    const flushed = log.flush();
    await pass(20_000);
    expect(await flushed).toMatchObject({
      ...{ logged: 1, put: 0, waiting: 1, dropped: 0, refused: 0 },
      runIssues: [
        { code: 'not-sent', message: 'unavailable: PutRecords failed: ECONNREFUSED; they wait and are tried again' },
      ],
    });
    stream.send = async () => [];
    log.error('2', 'second');
    await pass(60_000);
    expect(messages(events())).toEqual(['first', 'second']);
    expect(log.counts()).toEqual({ logged: 2, put: 2, waiting: 0, dropped: 0, refused: 0 });
  });

  test('a call that never comes back holds flush no longer than its time', async () => {
    const { log, stream, pass } = world();
    stream.send = () => new Promise(() => undefined);
    log.info('1', 'waits');
    const flushed = log.flush({ timeout: 700 });
    await pass(701);
    expect(await flushed).toMatchObject({ waiting: 1, runIssues: [{ code: 'flush-timeout' }] });
  });

  test('a full buffer drops the oldest debug first, never critical, counts them, and tells the stream afterwards', async () => {
    const { log, stream, pass, events } = world({ maxBuffered: 10 });
    stream.send = down;
    for (let index = 0; index < 4; index++) {
      for (const level of LEVELS) log[level]('1', `${level} ${index}`);
    }
    expect(log.counts()).toEqual({ logged: 20, put: 0, waiting: 10, dropped: 10, refused: 0 });
    for (let index = 4; index < 16; index++) log.critical('1', `critical ${index}`);
    expect(log.counts()).toEqual({ logged: 32, put: 0, waiting: 16, dropped: 16, refused: 0 });
    expect(log.runIssues).toMatchObject([{ code: 'dropped', count: 16 }]);
    stream.send = async () => [];
    await pass(60_000);
    const all = events();
    expect(messages(all.slice(0, -1))).toEqual(Array.from({ length: 16 }, (_, index) => `critical ${index}`));
    expect(all.at(-1)).toMatchObject({
      level: 'warning',
      locator: 'sluice/client',
      message: '16 events were dropped, because the buffer was full',
      attributes: { debug: '4', info: '4', warning: '4', error: '4' },
    });
    expect(log.counts()).toEqual({ logged: 33, put: 17, waiting: 0, dropped: 16, refused: 0 });
  });

  test('what Kinesis calls invalid three times is given up, and counted', async () => {
    const { log, stream, pass } = world();
    stream.send = () => Promise.reject(new Fault('invalid', 'PutRecords failed: ValidationException'));
    log.info('1', 'poison');
    await pass(60_000);
    expect(log.counts()).toEqual({ logged: 1, put: 0, waiting: 0, dropped: 0, refused: 1 });
    expect(log.runIssues.map(({ code, count }) => [code, count])).toEqual([
      ['not-sent', 2],
      ['refused', 1],
    ]);
  });

  test('issues are kept within bounds', () => {
    const { log } = world();
    for (let index = 0; index < 1_000; index++) log.write(`level${index}` as 'audit', '1', 'x');
    expect(log.runIssues).toHaveLength(101);
    expect(log.runIssues.at(-1)).toMatchObject({ code: 'more-issues', count: 900 });
  });
});

describe('sending in the background', () => {
  test('by age: what waits goes after the interval', async () => {
    const { log, pass, events } = world({ flushInterval: 500 });
    log.info('1', 'early');
    await pass(400);
    log.info('2', 'late');
    await pass(99);
    expect(events()).toEqual([]);
    await pass(1);
    await pass(0);
    expect(messages(events())).toEqual(['early', 'late']);
  });

  test('by size: what fills a payload unit goes at once, the rest with its age', async () => {
    const { log, pass, records, events } = world();
    for (let index = 0; index < 2_000; index++) log.info('1', `GET /orders/${index} took ${(index * 7919) % 1000} ms`);
    await pass(0);
    expect(records.length).toBeGreaterThan(1);
    const { length } = events();
    expect(length).toBeLessThan(2_000);
    await pass(1_000);
    await pass(0);
    expect(events().map(({ message }) => Number(/\d+/.exec(message)?.[0]))).toEqual(
      Array.from({ length: 2_000 }, (_, i) => i),
    );
  });

  test('flush takes what was logged before it, however much is logged meanwhile', async () => {
    const { log, stream, events } = world();
    stream.send = async () => {
      log.info('2', 'meanwhile');
      return [];
    };
    log.info('1', 'before');
    const { put } = await log.flush();
    expect(put).toBeGreaterThanOrEqual(1);
    expect(messages(events())[0]).toBe('before');
  });

  test('one JSON event a record, where others read the stream too', async () => {
    const { log, records } = world({ packing: 'json' });
    log.info('1', 'one');
    log.info('2', 'two');
    await log.flush();
    expect(records.map((data) => JSON.parse(Buffer.from(data).toString()).message)).toEqual(['one', 'two']);
  });

  test('await using flushes', async () => {
    const { log, events } = world();
    {
      await using scoped = log;
      scoped.info('1', 'last words');
    }
    expect(messages(events())).toEqual(['last words']);
  });
});
