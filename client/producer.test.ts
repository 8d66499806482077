import { describe, expect, test } from 'vitest';
import type { LogEvent } from '../shared/events/event.ts';
import { LEVELS } from '../shared/events/levels.ts';
import { Fault } from '../shared/stream/fault.ts';
import type { LoggerOptions } from './logger-api.ts';
import { makeWorld } from './world.fixture.ts';

const world = (options: Partial<LoggerOptions<'audit'>> = {}) => makeWorld<'audit'>({ source: 'shop', ...options });
const messages = (events: readonly LogEvent[]) => events.map(({ message }) => message);

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

  test('the stream is told of what was dropped although the buffer is full of errors', async () => {
    const { log, stream, pass, events } = world({ maxBuffered: 10 });
    stream.send = down;
    for (let index = 0; index < 15; index++) log.error('1', `error ${index}`);
    stream.send = async () => {
      stream.send = async () => [];
      for (let index = 15; index < 30; index++) log.error('1', `error ${index}`);
      return [];
    };
    await pass(60_000);
    const notices = events().filter(({ locator }) => locator === 'sluice/client');
    const told = notices.map(({ attributes }) => Number(attributes?.error)).reduce((sum, count) => sum + count, 0);
    expect(told).toBe(log.counts().dropped);
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
