import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readLines } from './read-lines.ts';

async function* chunks(...parts: (string | Uint8Array)[]) {
  for (const part of parts) yield Buffer.from(part as string);
}

async function linesOf(source: AsyncIterable<Uint8Array>, maxBytes?: number): Promise<string[]> {
  const lines: string[] = [];
  for await (const { bytes, lost } of readLines(source, maxBytes)) lines.push(lost ? `${bytes}+${lost}` : `${bytes}`);
  return lines;
}

test.each([
  ['LF', ['a\nb\n'], ['a', 'b']],
  ['CRLF', ['a\r\nb\r\n'], ['a', 'b']],
  ['no ending of the last', ['a\nb'], ['a', 'b']],
  ['empty lines', ['a\n\n\nb\n'], ['a', '', '', 'b']],
  ['an empty file', [''], []],
  ['one line feed', ['\n'], ['']],
  ['a line over many chunks', ['a', 'b', 'c\nd', 'e\n'], ['abc', 'de']],
  ['CR and LF in two chunks', ['a\r', '\nb'], ['a', 'b']],
  ['a CR inside of a line', ['a\rb\n'], ['a\rb']],
  ['a byte order mark', ['\ufeffa\n\ufeffb\n'], ['a', '\ufeffb']],
])('%s', async (_, parts, lines) => {
  expect(await linesOf(chunks(...parts))).toEqual(lines);
});

test('of a line that is too long the beginning stays and the rest is counted', async () => {
  expect(await linesOf(chunks('abc', 'defg', 'h\nabcd\nabcde\n'), 4)).toEqual(['abcd+4', 'abcd', 'abcd+1']);
});

test('however the bytes are cut into chunks, the lines are those of the whole', async () => {
  const line = fc.string({ unit: fc.constantFrom('a', 'é', '💥', '\r', ' ') });
  await fc.assert(
    fc.asyncProperty(fc.array(line), fc.array(fc.nat(50)), async (texts, cuts) => {
      const whole = Buffer.from(texts.map((text) => `${text}\n`).join(''));
      const points = [0, ...cuts.map((cut) => Math.min(cut, whole.length)).sort((a, b) => a - b), whole.length];
      const parts = points.slice(1).map((end, index) => whole.subarray(points[index], end));
      expect(await linesOf(chunks(...parts))).toEqual(texts.map((text) => text.replace(/\r$/, '')));
    }),
  );
});
