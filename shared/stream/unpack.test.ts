import { createHash } from 'node:crypto';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeEvent, type Payload } from '../events/decode.ts';
import type { LogEvent } from '../events/event.ts';
import { packEvents } from './pack.ts';
import { type RefusalCode, UNPACK_CAPS, type UnpackCaps, unpackRecord } from './unpack.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const json = (value: unknown): Payload => ({ json: value, text: JSON.stringify(value) });

function payloadsOf(data: Uint8Array | string, caps?: Partial<UnpackCaps>): Payload[] | RefusalCode {
  const result = unpackRecord(typeof data === 'string' ? bytes(data) : data, caps);
  return result.ok ? result.payloads : result.code;
}

/** A short aggregate of user records under one partition key; every length below 128 bytes, or two bytes of varint. */
function aggregate(records: Uint8Array[]): Buffer {
  const length = (size: number) => (size < 128 ? [size] : [(size % 128) + 128, Math.floor(size / 128)]);
  const field = (tag: number, content: Uint8Array) =>
    Buffer.concat([Buffer.from([tag, ...length(content.length)]), content]);
  const parts = records.map((data) => field(0x1a, Buffer.concat([Buffer.from([0x08, 0]), field(0x1a, data)])));
  const body = Buffer.concat([field(0x0a, bytes('k')), ...parts]);
  return Buffer.concat([Buffer.from('f3899ac2', 'hex'), body, createHash('md5').update(body).digest()]);
}

describe('a record', () => {
  test('of one JSON object is one payload with its own text', () => {
    expect(payloadsOf('{"a": 1}')).toEqual([{ json: { a: 1 }, text: '{"a": 1}' }]);
    expect(payloadsOf('\n {"a":\n 1} \r\n')).toEqual([{ json: { a: 1 }, text: '{"a":\n 1}' }]);
  });

  test('of a JSON array is a payload for each element', () => {
    expect(payloadsOf('[{"a": 1}, "x", 3, null, []]')).toEqual([{ a: 1 }, 'x', 3, null, []].map(json));
  });

  test('of newline-delimited JSON is a payload for each line, lines that are no JSON among them', () => {
    expect(payloadsOf('{"a":1}\r\n\n  {"a":2}\nnot json\n{broken\n')).toEqual([
      json({ a: 1 }),
      json({ a: 2 }),
      { text: 'not json' },
      { text: '{broken' },
    ]);
  });

  test.each([
    ['2026-11-21 ERROR one line'],
    ['TypeError: x\n    at f (a.js:1:1)\n    at g (b.js:2:2)'],
    ['[Sun Dec 04 04:47:44 2005] [error] mod_jk'],
    ['{broken'],
    ['{broken\n{"a":1}'],
    ['first a text\n{"a":1}'],
    ['"quoted"'],
    ['42'],
  ])('of other text is one payload: %j', (text) => {
    expect(payloadsOf(text)).toEqual([{ text }]);
  });

  test('that begins with a byte order mark is read without it', () => {
    expect(payloadsOf('\uFEFF{"a":1}')).toEqual([json({ a: 1 })]);
  });

  test('of an array nested too deep to be written again is one text', () => {
    const text = `[${'['.repeat(100_000)}${']'.repeat(100_000)}]`;
    expect(payloadsOf(text)).toEqual([{ text }]);
  });

  test('in a Buffer that is a view into a larger one is read alone', () => {
    const whole = bytes('xxx{"a":1}yyy');
    expect(payloadsOf(whole.subarray(3, 10))).toEqual([json({ a: 1 })]);
    expect(payloadsOf(Buffer.from(whole.buffer, 3, 7))).toEqual([json({ a: 1 })]);
  });
});

describe('a compressed record', () => {
  const lines = bytes('{"a":1}\n{"a":2}\n');
  const two = [json({ a: 1 }), json({ a: 2 })];

  test.each([
    ['gzip', gzipSync],
    ['zstd', zstdCompressSync],
  ] as const)('of %s is unpacked, of several members too', (_, compress) => {
    expect(payloadsOf(compress(lines))).toEqual(two);
    expect(payloadsOf(Buffer.concat([compress(bytes('{"a":1}\n')), compress(bytes('{"a":2}'))]))).toEqual(two);
  });

  test.each([
    ['gzip', gzipSync],
    ['zstd', zstdCompressSync],
  ] as const)('of %s is refused over the cap, in one member or many, and passes at the cap', (_, compress) => {
    const bomb = compress(Buffer.alloc(64 * 1024 * 1024, 0x61));
    expect(payloadsOf(bomb)).toBe('too-large');
    const member = compress(Buffer.alloc(600, 0x61));
    expect(payloadsOf(Buffer.concat([member, member]), { maxBytes: 1_199 })).toBe('too-large');
    expect(payloadsOf(Buffer.concat([member, member]), { maxBytes: 1_200 })).toEqual([{ text: 'a'.repeat(1_200) }]);
    expect(payloadsOf(Buffer.concat([member, member, compress(Buffer.alloc(0))]), { maxBytes: 1_200 })).toEqual([
      { text: 'a'.repeat(1_200) },
    ]);
  });

  test.each([
    ['gzip', gzipSync],
    ['zstd', zstdCompressSync],
  ] as const)('of %s that is cut, damaged or followed by garbage is refused: nothing of it is lost', (_, compress) => {
    const packed = compress(lines);
    const damaged = Buffer.from(packed);
    damaged.fill(0xaa, 5, 15);
    const cases = [packed.subarray(0, -3), packed.subarray(0, 4), damaged, Buffer.concat([packed, bytes('garbage')])];
    expect(cases.map((data) => payloadsOf(data))).toEqual(new Array(4).fill('bad-compression'));
  });

  test('within another is refused', () => {
    const nested = [gzipSync(gzipSync(lines)), zstdCompressSync(gzipSync(lines)), gzipSync(aggregate([lines]))];
    expect(nested.map((data) => payloadsOf(data))).toEqual(['nested', 'nested', 'nested']);
  });
});

describe('an aggregated record', () => {
  test('is the payloads of its user records, each plain, packed or a list', () => {
    const data = aggregate([bytes('{"a":1}'), gzipSync(bytes('[{"a":2},{"a":3}]')), bytes('plain')]);
    expect(payloadsOf(data)).toEqual([json({ a: 1 }), json({ a: 2 }), json({ a: 3 }), { text: 'plain' }]);
  });

  test('with a bad checksum is a plain record, and no UTF-8', () => {
    expect(payloadsOf(aggregate([bytes('{"a":1}')]).fill(0, 20))).toBe('not-utf8');
  });

  test('with a user record that cannot be read is refused whole and says which', () => {
    const result = unpackRecord(aggregate([bytes('{"a":1}'), Buffer.from([0xff]), bytes('x')]));
    expect(result).toMatchObject({
      ok: false,
      code: 'not-utf8',
      reason: expect.stringContaining('user record 2 of 3: '),
    });
  });

  test('within another, or empty, is refused', () => {
    expect(payloadsOf(aggregate([aggregate([bytes('x')])]))).toBe('nested');
    expect(payloadsOf(aggregate([]))).toBe('empty');
  });

  test('shares the caps among its user records', () => {
    const data = aggregate([gzipSync(Buffer.alloc(600, 0x61)), gzipSync(Buffer.alloc(600, 0x61))]);
    expect(payloadsOf(data, { maxBytes: 1_199 })).toBe('too-large');
    expect(payloadsOf(data, { maxBytes: 1_200 })).toHaveLength(2);
    expect(payloadsOf(aggregate([bytes('[1,2]'), bytes('[3]')]), { maxEvents: 2 })).toBe('too-many-events');
    const wide = aggregate([gzipSync(bytes('é'.repeat(300))), gzipSync(bytes('é'.repeat(300)))]);
    expect(payloadsOf(wide, { maxBytes: 1_199 })).toBe('too-large');
  });
});

describe('a refusal', () => {
  test.each([
    ['empty', ''],
    ['empty', ' \r\n\t '],
    ['empty', '\uFEFF'],
    ['empty', '[]'],
  ] as const)('is %s for %j', (code, text) => {
    expect(payloadsOf(text)).toBe(code);
  });

  test('is not-utf8 for bytes that are no text', () => {
    const cases = [[0xff, 0xfe], [0xc3], [0xed, 0xa0, 0x80], [0x7b, 0x22, 0xff, 0x22, 0x7d], [0x1f], [0x28, 0xb5]];
    expect(cases.map((data) => payloadsOf(Uint8Array.from(data)))).toEqual([
      ...new Array(4).fill('not-utf8'),
      [{ text: '\x1f' }],
      'not-utf8',
    ]);
  });

  test('is too-many-events just over the cap, of an array and of lines', () => {
    const cap = UNPACK_CAPS.maxEvents;
    expect([cap, cap + 1].map((count) => payloadsOf(`[${new Array(count).fill('{}').join()}]`).length)).toEqual([
      cap,
      'too-many-events'.length,
    ]);
    expect([cap, cap + 1].map((count) => payloadsOf('{}\n'.repeat(count)).length)).toEqual([
      cap,
      'too-many-events'.length,
    ]);
  });
});

describe('unpacking', () => {
  const values = fc.array(fc.dictionary(fc.string(), fc.jsonValue({ noUnicodeString: false })), {
    minLength: 1,
    maxLength: 20,
  });
  const forms = {
    array: (list: unknown[]) => bytes(JSON.stringify(list)),
    lines: (list: unknown[]) => bytes(list.map((value) => JSON.stringify(value)).join('\n')),
    gzip: (list: unknown[]) => gzipSync(JSON.stringify(list)),
    zstd: (list: unknown[]) => zstdCompressSync(JSON.stringify(list)),
  };

  test.each(Object.entries(forms))('is the inverse of packing: %s', (_, pack) => {
    fc.assert(
      fc.property(values, (list) => {
        const wired = JSON.parse(JSON.stringify(list)) as unknown[];
        expect(JSON.stringify(payloadsOf(pack(list)))).toBe(JSON.stringify(wired.map(json)));
      }),
    );
  });

  test('is the inverse of packEvents', () => {
    const events = Array.from({ length: 1_000 }, (_, index): LogEvent => {
      const time = '2026-11-21T10:00:00.000Z';
      return {
        v: 1,
        id: `e-${index}`,
        type: 'log',
        time,
        level: 'info',
        source: 's',
        message: `n\n${'x'.repeat(index)}`,
      };
    });
    const arrival = { id: 'a', arrivedAt: Date.parse('2026-11-21T10:00:00.000Z'), source: 'unknown' };
    const unpacked = packEvents(events).flatMap((record) => payloadsOf(record) as Payload[]);
    expect(unpacked.map((payload) => decodeEvent(payload, arrival))).toEqual(events);
  });

  test('of hostile bytes never throws, and what is accepted has payloads', () => {
    const magic = fc.constantFrom(
      [],
      [0x1f, 0x8b, 8],
      [0x28, 0xb5, 0x2f, 0xfd],
      [0xf3, 0x89, 0x9a, 0xc2],
      [0x7b],
      [0x5b],
    );
    fc.assert(
      fc.property(magic, fc.uint8Array({ maxLength: 200 }), (head, tail) => {
        const result = unpackRecord(Uint8Array.from([...head, ...tail]));
        expect(result.ok ? result.payloads.length > 0 : result.reason.length > 0).toBe(true);
      }),
      { numRuns: 5_000 },
    );
  });

  test('of damaged packs never throws', () => {
    const packs = [gzipSync('{"a":1}'), zstdCompressSync('{"a":1}'), aggregate([bytes('{"a":1}')])];
    for (const pack of packs) {
      for (let at = 0; at < pack.length; at++) {
        for (const bit of [1, 0x80, 0xff]) {
          const damaged = Buffer.from(pack);
          damaged[at] = (damaged[at] ?? 0) ^ bit;
          expect(unpackRecord(damaged)).toHaveProperty('ok');
        }
      }
    }
  });
});
