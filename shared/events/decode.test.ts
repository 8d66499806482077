import { describe, expect, test } from 'vitest';
import { type Arrival, decodeEvent } from './decode.ts';
import { logEvent } from './event.ts';
import { LIMITS, utf8Bytes } from './limits.ts';

const ARRIVAL: Arrival = { id: 's-1:7#0', arrivedAt: Date.parse('2026-11-21T10:00:00.000Z'), source: 'unknown' };
const NOW = '2026-11-21T10:00:00.000Z';
const BASE = { v: 1, id: 's-1:7#0', type: 'log', time: NOW, level: 'info', source: 'unknown' };

function decodeText(text: string) {
  const event = decodeEvent({ text }, ARRIVAL);
  expect(logEvent.safeParse(event).error).toBeUndefined();
  return event;
}

function decodeJson(text: string) {
  const event = decodeEvent({ json: JSON.parse(text), text }, ARRIVAL);
  expect(logEvent.safeParse(event).error).toBeUndefined();
  return event;
}

const decode = (value: unknown) => decodeJson(JSON.stringify(value));

const CANONICAL = {
  v: 1,
  id: '01a0a0a0-0190-7190-8190-0190a0a00190',
  type: 'log',
  time: '2026-11-21T09:59:59.123Z',
  level: 'error',
  source: 'orders',
  message: 'no stock',
  details: { order: 7 },
  error: { type: 'StockError', message: 'none left', stack: 'StockError: none left\n    at f (a.js:1:1)' },
  locator: '7+',
  attributes: { region: 'eu-west-1' },
  traceId: '0af7651916cd43dd8448eb211c80319c',
  spanId: 'b7ad6b7169203331',
};

describe('a canonical event', () => {
  test('that is whole passes as the parsed object itself', () => {
    const json = structuredClone(CANONICAL);
    expect(decodeEvent({ json, text: JSON.stringify(json) }, ARRIVAL)).toBe(json);
  });

  test('without id, type, level and source gets the id of its record, and defaults', () => {
    expect(decode({ v: 1, message: 'x', time: NOW })).toStrictEqual({ ...BASE, message: 'x' });
  });

  test('of a newer version keeps its version, its known fields, and the unknown ones in the details', () => {
    const newer = { ...CANONICAL, v: 9, tenant: 'acme', flags: [1] };
    expect(decode(newer)).toStrictEqual({
      ...CANONICAL,
      v: 9,
      details: { order: 7, tenant: 'acme', flags: [1] },
    });
  });

  test('with unknown fields that the details have too keeps both', () => {
    expect(decode({ ...CANONICAL, order: 8 }).details).toStrictEqual({ order: 8, details: { order: 7 } });
  });

  test('with fields of the wrong type loses none of them', () => {
    const event = decode({
      v: 'two',
      id: 7,
      type: 1,
      time: 'soon',
      level: 5,
      source: true,
      message: { a: 1 },
      locator: 7,
    });
    expect(event).toStrictEqual({
      ...BASE,
      id: '7',
      type: '1',
      source: 'true',
      message: '{"v":"two","id":7,"type":1,"time":"soon","level":5,"source":true,"message":{"a":1},"locator":7}',
      locator: '7',
      attributes: { 'sluice.time': 'soon', 'sluice.v': 'two' },
      details: { message: { a: 1 } },
    });
  });

  test('with attributes that are no texts has them made texts', () => {
    expect(decode({ v: 1, message: 'x', attributes: { a: 1, b: true, c: null, d: [1] } }).attributes).toStrictEqual({
      a: '1',
      b: 'true',
      c: 'null',
      d: '[1]',
    });
  });

  test('with nulls for what it has not is the same as without them', () => {
    const event = decode({ v: 1, message: 'x', error: null, locator: null, traceId: null, attributes: null });
    expect(event).toStrictEqual({ ...BASE, message: 'x' });
  });
});

describe('the HTTP payload', () => {
  test('is read by its own names', () => {
    const event = decode({
      log_level: 'Warn',
      message: 'slow',
      details: { ms: 3100 },
      source_application: 'shop',
      node: 3,
    });
    expect(event).toStrictEqual({
      ...BASE,
      level: 'warning',
      source: 'shop',
      message: 'slow',
      details: { ms: 3100, node: 3 },
    });
  });
});

describe('bad values', () => {
  test('an unknown level is info, the text kept', () => {
    expect(decode({ v: 1, message: 'ERROR x', level: 'purple' })).toStrictEqual({
      ...BASE,
      message: 'ERROR x',
      attributes: { 'sluice.level': 'purple' },
    });
  });

  test.each([['never'], ['1999-01-01T00:00:00.000Z'], ['2026-11-22T10:00:00.001Z'], [12], [false]])(
    'the time %j is replaced by the arrival, the original kept',
    (time) => {
      const event = decode({ ...CANONICAL, time });
      expect([event.time, event.attributes]).toStrictEqual([NOW, { region: 'eu-west-1', 'sluice.time': String(time) }]);
    },
  );

  test('a time exactly a day off stays', () => {
    expect(decode({ ...CANONICAL, time: '2026-11-22T10:00:00.000Z' }).time).toBe('2026-11-22T10:00:00.000Z');
  });

  test('two long ids that begin alike stay two, the originals kept', () => {
    const [a, b] = ['a', 'b'].map((end) => decode({ ...CANONICAL, id: `${'x'.repeat(300)}${end}` }));
    expect(a?.id).not.toBe(b?.id);
    expect(a?.attributes?.['sluice.id']).toBe(`${'x'.repeat(300)}a`);
  });

  test('over-long short fields are cut and named', () => {
    const event = decode({ ...CANONICAL, source: 's'.repeat(257), type: '😀'.repeat(40) });
    expect(event.source).toBe(`${'s'.repeat(255)}…`);
    expect(event.type).toBe(`${'😀'.repeat(31)}…`);
    expect(event.attributes?.['sluice.cut']).toBe('type=160 source=257');
  });
});

describe('sizes', () => {
  const sizeOf = (value: unknown) => utf8Bytes(JSON.stringify(value));

  test('a message at the limit stays, one byte more is cut and marked', () => {
    const whole = decode({ ...CANONICAL, message: 'm'.repeat(LIMITS.message) });
    expect([whole.message.length, whole.attributes]).toStrictEqual([LIMITS.message, CANONICAL.attributes]);
    const cut = decode({ ...CANONICAL, message: 'é'.repeat(LIMITS.message / 2 + 1) });
    expect(utf8Bytes(cut.message)).toBeLessThanOrEqual(LIMITS.message);
    expect(cut.message).toMatch(/é… \[cut \d+ bytes\]$/);
    expect(cut.attributes?.['sluice.cut']).toBe(`message=${LIMITS.message + 2}`);
  });

  test('details over the limit become cut JSON text, and attributes stay', () => {
    const details = { list: Array.from({ length: 40_000 }, (_, index) => `"${index}"`) };
    const event = decode({ ...CANONICAL, details });
    expect(event.details).toMatch(/^\{"list":\["\\"0\\"","\\"1\\"".*… \[cut \d+ bytes\]$/);
    expect(sizeOf(event.details) + sizeOf(event.attributes)).toBeLessThanOrEqual(LIMITS.extras);
    expect(event.attributes).toStrictEqual({ ...CANONICAL.attributes, 'sluice.cut': `details=${sizeOf(details)}` });
  });

  test('a hundred thousand attributes are cut, and so are large ones', () => {
    const many = Object.fromEntries(Array.from({ length: 100_000 }, (_, index) => [`k${index}`, 'v']));
    for (const attributes of [many, { a: 'x'.repeat(200_000), b: 'y' }]) {
      const event = decode({ ...CANONICAL, attributes, details: 'z'.repeat(100_000) });
      expect(sizeOf(event.details) + sizeOf(event.attributes)).toBeLessThanOrEqual(LIMITS.extras);
      expect(event.attributes?.['sluice.cut']).toMatch(/^details=\d+ attributes=\d+$/);
    }
  });

  test('an event whose parts are within their limits but not together is cut until it fits', () => {
    const message = '\u0001'.repeat(LIMITS.message);
    const event = decode({
      ...CANONICAL,
      message,
      details: '\u0002'.repeat(20_000),
      error: { type: 'E', message: message.slice(0, 16_000) },
    });
    expect(sizeOf(event)).toBeLessThanOrEqual(LIMITS.event);
    expect(event.attributes?.['sluice.cut']).toMatch(/^message=65536/);
  });

  test('the stack and message of an error have limits of their own', () => {
    const event = decode({
      ...CANONICAL,
      error: { type: 'T'.repeat(300), message: 'm'.repeat(20_000), stack: 's'.repeat(40_000) },
    });
    expect(utf8Bytes(event.error?.stack ?? '')).toBeLessThanOrEqual(LIMITS.stack);
    expect(event.attributes?.['sluice.cut']).toBe('errorType=300 error.message=20000 error.stack=40000');
  });
});

describe('hostile records', () => {
  test('keys named __proto__ and constructor are data and pollute nothing', () => {
    const text = '{"message":"x","__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}';
    const event = decodeJson(text);
    expect(JSON.stringify(event.details)).toBe(
      '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}',
    );
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    const attributes = decodeJson('{"v":1,"message":"x","attributes":{"__proto__":1,"constructor":2}}').attributes;
    expect(JSON.stringify(attributes)).toBe('{"__proto__":"1","constructor":"2"}');
    const own = '{"v":1,"message":"x","attributes":{},"__proto__":{"level":"error","id":"stolen"}}';
    expect(decodeJson(own)).toMatchObject({ id: ARRIVAL.id, level: 'info' });
  });

  test('JSON nested a hundred thousand deep is text, or keeps the fields that are not', () => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    const list = decodeJson(deep);
    expect(list.message).toMatch(/^\[{60000}.*… \[cut \d+ bytes\]$/);
    expect(list.attributes).toStrictEqual({ 'sluice.cut': 'depth message=200000' });
    const event = decodeJson(`{"v":1,"id":"7","message":"m","level":"error","deeper":${deep}}`);
    expect(event).toMatchObject({ id: '7', message: 'm', level: 'error' });
    expect(JSON.stringify(event.details)).toContain('[[[[[[[[');
    expect(event.attributes?.['sluice.cut']).toMatch(/^depth details=\d+$/);
    expect(
      decodeJson(`{"log":"x","stream":"stdout","deeper":${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}}`).message,
    ).toBe('x');
    expect(decode({ log: deep, stream: 'stdout' }).message).toMatch(/^\[\[/);
    expect(decode({ log: `{"message":"x","d":${deep}}`, stream: 'stdout' }).message).toMatch(
      /^\{"message":"x","d":\[\[/,
    );
  });

  test('lone surrogates and NUL become U+FFFD, everywhere', () => {
    const text = '{"v":1,"message":"a\\ud800b\\u0000c","details":{"k\\udc00":["\\u0000"]},"source":"\\ud83d\\ude00"}';
    expect(decodeJson(text)).toStrictEqual({
      ...BASE,
      message: 'a\uFFFDb\uFFFDc',
      details: { 'k\uFFFD': ['\uFFFD'] },
      source: '😀',
    });
    expect(decodeText('a\0b').message).toBe('a\uFFFDb');
  });

  test('keys that differ only in what is replaced stay apart, however many they are', () => {
    const keys = Array.from({ length: 60_000 }, (_, index) => {
      const units = [0xd800 + (index >> 10), 0xd800 + (index & 1023)].map((unit) => `\\u${unit.toString(16)}`);
      return `"${units.join('')}":${index}`;
    });
    const event = decodeJson(`{"v":1,"message":"x",${keys.slice(0, 3).join()}}`);
    expect(event.details).toStrictEqual({ '\uFFFD\uFFFD': 0, '\uFFFD\uFFFD~3': 1, '\uFFFD\uFFFD~4': 2 });
    expect(decodeJson(`{"v":1,"message":"x",${keys.join()}}`).message).toBe('x');
  });

  test('a canonical event with escapes that are sound is not copied', () => {
    const text = JSON.stringify(CANONICAL).replace('no stock', '\\u001b[31mno\\u00e9 \\ud83d\\ude00');
    const json: unknown = JSON.parse(text);
    expect(decodeEvent({ json, text }, ARRIVAL)).toBe(json);
  });

  test('an arrival that is no time does not throw', () => {
    expect(decodeEvent({ text: 'x' }, { ...ARRIVAL, arrivedAt: Number.NaN }).time).toBe('1970-01-01T00:00:00.000Z');
  });
});

describe('JSON of no known shape', () => {
  test('is one event, the JSON kept in the details', () => {
    const value = { order: 7, lines: [{ sku: 'a' }] };
    expect(decode(value)).toStrictEqual({ ...BASE, message: JSON.stringify(value), details: value });
  });

  test.each([[3], [true], [null], [[1, 'x']]])('%j is one event', (value) => {
    expect(decode(value)).toStrictEqual({ ...BASE, message: JSON.stringify(value), details: value });
  });

  test('a text is read as plain text', () => {
    expect(decode('2026-11-21 ERROR x')).toStrictEqual({ ...BASE, level: 'error', message: '2026-11-21 ERROR x' });
  });
});

describe('plain text', () => {
  test('is the message, its level found in it', () => {
    expect(decodeText('[Sun Dec 04 2005] [warn] x')).toStrictEqual({
      ...BASE,
      level: 'warning',
      message: '[Sun Dec 04 2005] [warn] x',
    });
  });

  test('with a stack trace carries the error too, and is an error', () => {
    const text = 'TypeError: boom\n    at f (a.js:1:1)';
    const error = { type: 'TypeError', message: 'boom', stack: text };
    expect(decodeText(text)).toStrictEqual({ ...BASE, level: 'error', message: text, error });
  });
});
