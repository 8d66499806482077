import { describe, expect, test } from 'vitest';
import type { LogEvent } from '../shared/events/event.ts';
import { type LoggerOptions, makeWorld } from './world.fixture.ts';

const logger = (options: Partial<LoggerOptions<'audit'>> = {}) => makeWorld<'audit'>({ source: 'shop', ...options });

describe('a call', () => {
  test('becomes an event with everything that was said', async () => {
    const { log, events } = logger();
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
});
