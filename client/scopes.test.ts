import { describe, expect, test } from 'vitest';
import type { LogEvent } from '../shared/events/event.ts';
import type { LoggerOptions } from './logger-api.ts';
import { makeWorld } from './world.fixture.ts';

const world = (options: Partial<LoggerOptions<'audit'>> = {}) => makeWorld<'audit'>({ source: 'shop', ...options });
const _messages = (events: readonly LogEvent[]) => events.map(({ message }) => message);

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
