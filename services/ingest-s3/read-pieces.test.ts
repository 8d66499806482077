import { gzipSync, zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { openText } from './open-text.ts';
import { Unreadable } from './pieces.ts';
import { payloadOf, type ReadLimits, readPieces } from './read-pieces.ts';

const LIMITS: ReadLimits = { headBytes: 400, pieceBytes: 300 };
const TEXT_BYTES = 100_000;

async function* chunked(data: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < data.length; start += size) yield data.subarray(start, start + size);
}

interface Read {
  /** The JSON of a piece, or why it is none. */
  pieces: unknown[];
  places: string[];
  fault?: string;
}

/** What a file is read as, with what was read before a fault. */
async function read(file: Uint8Array | string, { size = 64, limits = LIMITS } = {}): Promise<Read> {
  const answer: Read = { pieces: [], places: [] };
  const data = typeof file === 'string' ? Buffer.from(file) : file;
  let next = 0;
  try {
    for await (const piece of readPieces(openText(chunked(data, size), TEXT_BYTES), limits)) {
      expect(piece.index).toBe(next++);
      const found = payloadOf(piece);
      answer.pieces.push(found.ok ? ('json' in found.payload ? found.payload.json : undefined) : found.code);
      answer.places.push(piece.place);
    }
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    answer.fault = error.fault.code;
  }
  return answer;
}

const many = Array.from({ length: 100 }, (_, n) => ({ n, text: `}, "[${n}\\` }));
const linesOf = (values: unknown[]) => values.map((value) => JSON.stringify(value)).join('\n');

describe('a file', () => {
  test.each([
    ['one document on one line', '{"a":1}', [{ a: 1 }]],
    ['one document on many lines', '\uFEFF{\n  "a": [1,\n 2]\n}\n', [{ a: [1, 2] }]],
    ['an array', ' [ {"a":1} , "x",3,null,[],\n[","] ]\r\n', [{ a: 1 }, 'x', 3, null, [], [',']]],
    ['an array of nothing', '[ \n]', []],
    ['lines, blank ones among them', '\n{"a":1}\r\n\n  {"a":2}\n"x"\n[1]', [{ a: 1 }, { a: 2 }, 'x', [1]]],
  ])('of %s is read as it stands, gzipped or not', async (_, text, expected) => {
    const whole = { headBytes: 1_000, pieceBytes: 1_000 };
    for (const file of [Buffer.from(text), gzipSync(text)]) {
      for (const size of [1, 7, 1_000]) {
        expect(await read(file, { size, limits: whole })).toMatchObject({ pieces: expected });
      }
    }
  });

  test('that is larger than its beginning is read as it comes in', async () => {
    for (const text of [linesOf(many), JSON.stringify(many), JSON.stringify(many, null, 2)]) {
      expect(text.length).toBeGreaterThan(LIMITS.headBytes);
      expect(await read(text)).toMatchObject({ pieces: many });
      expect(await read(gzipSync(text))).toMatchObject({ pieces: many });
    }
  });

  test('has a place for each piece that people find', async () => {
    expect((await read('\n{"a":1}\n\n{"a":2}')).places).toEqual(['line 2', 'line 4']);
    expect((await read('[1,2]')).places).toEqual(['element 1', 'element 2']);
  });

  test.each([
    ['not json\n{"a":1}\n{broken\n\n{"a":2}', ['not-json', { a: 1 }, 'not-json', { a: 2 }]],
    ['{"a":1}\n{"cut":"of', [{ a: 1 }, 'not-json']],
    ['[broken\n{"a":1}', ['not-json', { a: 1 }]],
    ['[{"a":1}, oops, {"a":2}]', [{ a: 1 }, 'not-json', { a: 2 }]],
  ])('whose pieces are no JSON here and there has the others: %j', async (text, expected) => {
    expect(await read(text)).toEqual({ pieces: expected, places: expect.any(Array) });
  });

  test('with a line that is not UTF-8 has the others', async () => {
    const file = Buffer.concat([Buffer.from('{"a":1}\n'), Buffer.from([0xff, 0xfe]), Buffer.from('\n{"a":2}')]);
    expect((await read(file)).pieces).toEqual([{ a: 1 }, 'not-utf8', { a: 2 }]);
  });

  test.each<[string, Uint8Array | string, string]>([
    ['nothing', '', 'empty'],
    ['blanks', ' \n\t\n', 'empty'],
    ['text', '2026-11-21 ERROR one line\nand another', 'not-json'],
    ['a broken document', '{"a":1', 'not-json'],
    ['a document and something else', '{\n"a":1\n}\nrest', 'not-json'],
    ['an array that is cut off', '[{"a":1},{"a"', 'not-json'],
    ['an array and something else', '[1]2', 'not-json'],
    ['an array with a gap', '[1,,2]', 'not-json'],
    ['an array with a comma at its end', '[1,]', 'not-json'],
    ['an array that a curly bracket closes', '[1}', 'not-json'],
    ['bytes', new Uint8Array([0xff, 0xfe, 0xfd]), 'not-utf8'],
    ['zstd', zstdCompressSync('{"a":1}'), 'not-utf8'],
    ['gzip that is cut off', gzipSync('{"a":1}').subarray(0, 15), 'bad-compression'],
    ['gzip with something after it', Buffer.concat([gzipSync('{"a":1}'), Buffer.from('rest')]), 'bad-compression'],
    ['gzip in gzip', gzipSync(gzipSync('{"a":1}')), 'nested'],
    ['gzip of nothing', gzipSync(''), 'empty'],
  ])('of %s is refused, and nothing of it is read', async (_, file, fault) => {
    expect(await read(file)).toEqual({ pieces: [], places: [], fault });
  });

  test('of several members of gzip is read whole', async () => {
    const members = many.map((value) => gzipSync(`${JSON.stringify(value)}\n`));
    expect((await read(Buffer.concat(members))).pieces).toEqual(many);
  });

  test('that breaks off after its beginning is refused with what was read', async () => {
    expect(await read(JSON.stringify(many).slice(0, -9))).toMatchObject({
      pieces: many.slice(0, -1),
      fault: 'not-json',
    });
    const lines = gzipSync(linesOf(many));
    expect(await read(lines.subarray(0, -12))).toMatchObject({ fault: 'bad-compression' });
    const long = `${linesOf(many)}\n${'"x'.repeat(LIMITS.pieceBytes)}`;
    expect(await read(long)).toMatchObject({ pieces: many, fault: 'too-large' });
  });

  test('of gzip that unpacks to more than the cap is refused, and no more than that is unpacked', async () => {
    const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024, '{}\n'));
    const refused = await read(bomb, { size: 1_000 });
    expect(refused.fault).toBe('too-large');
    expect(refused.pieces.length).toBeLessThan(TEXT_BYTES / 2);
  });

  test('whose reading fails is no refusal: it can be read again', async () => {
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield gzipSync(linesOf(many)).subarray(0, 40);
      throw new TypeError('connection lost');
    }
    const reading = async () => {
      for await (const _ of readPieces(openText(broken(), TEXT_BYTES), LIMITS));
    };
    await expect(reading()).rejects.toEqual(new TypeError('connection lost'));
  });

  test('that is given up closes what it was read from', async () => {
    let isClosed = false;
    async function* endless(): AsyncGenerator<Uint8Array> {
      try {
        for (;;) yield Buffer.from('{"a":1}\n');
      } finally {
        isClosed = true;
      }
    }
    for await (const piece of readPieces(openText(endless(), TEXT_BYTES), LIMITS)) if (piece.index > 200) break;
    expect(isClosed).toBe(true);
  });
});

const json = fc.jsonValue();
const object = fc.dictionary(fc.string(), json);
const size = fc.integer({ min: 1, max: 40 });
const roomy = { headBytes: 50, pieceBytes: 1_000_000 };

test('property: an array gives its elements, however it is written and in whatever chunks it comes', async () => {
  const space = fc.constantFrom(undefined, 1, '\t');
  await fc.assert(
    fc.asyncProperty(fc.array(json), size, space, fc.boolean(), async (values, chunk, indent, isPacked) => {
      const text = JSON.stringify(values, null, indent);
      const file = isPacked ? gzipSync(text) : Buffer.from(text);
      expect(await read(file, { size: chunk, limits: roomy })).toMatchObject({ pieces: JSON.parse(text) });
    }),
  );
});

test('property: lines give their values, whatever else stands between them', async () => {
  const noise = fc.constantFrom('', ' ', '\r', 'no json', '{', '"', '\\');
  await fc.assert(
    fc.asyncProperty(fc.array(fc.oneof(object, noise), { minLength: 1 }), size, async (parts, chunk) => {
      const lines = [{}, ...parts].map((part) => (typeof part === 'string' ? part : JSON.stringify(part)));
      const { pieces, fault } = await read(lines.join('\n'), { size: chunk, limits: roomy });
      const expected = lines
        .filter((line) => line.trim() !== '')
        .map((line) => {
          try {
            return JSON.parse(line);
          } catch {
            return 'not-json';
          }
        });
      expect({ pieces, fault }).toEqual({ pieces: expected, fault: undefined });
    }),
  );
});

test('property: of hostile bytes each is read or refused, and in the same way whatever the chunks are', async () => {
  const parts = fc.constantFrom('{', '}', '[', ']', ',', '"', '\\', '\n', ' ', '{"a":1}', '1', '\u{1f4a5}', '\uFEFF');
  const hostile = fc.oneof(
    fc.uint8Array({ maxLength: 60 }),
    fc.array(parts, { maxLength: 30 }).map((all) => Buffer.from(all.join(''))),
  );
  await fc.assert(
    fc.asyncProperty(hostile, size, async (bytes, chunk) => {
      const small = { headBytes: 20, pieceBytes: 1_000 };
      const whole = await read(bytes, { size: 1, limits: { headBytes: 1_000, pieceBytes: 1_000 } });
      expect(whole).toEqual(await read(bytes, { size: chunk, limits: { headBytes: 1_000, pieceBytes: 1_000 } }));
      await read(bytes, { size: chunk, limits: small });
    }),
    { numRuns: 500 },
  );
});
