import { describe, expect, test } from 'vitest';
import type { LogEvent } from '../shared/events/event.ts';
import type { LoggerOptions } from './logger-api.ts';
import { makeWorld } from './world.fixture.ts';

const world = (options: Partial<LoggerOptions<'audit'>> = {}) => makeWorld<'audit'>({ source: 'shop', ...options });
const messages = (events: readonly LogEvent[]) => events.map(({ message }) => message);

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
