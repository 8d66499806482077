import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LEVELS, type Level } from '../shared/events/levels.ts';
import { type Block, LineBuffer } from './line-buffer.ts';

interface Line {
  text: string;
  bytes: number;
  level: Level;
}

/** Some need more than one byte a character, some are larger than a piece of memory. */
const text = fc.oneof(
  fc.string({ maxLength: 40, unit: 'binary' }).map((value) => value.replaceAll('\n', ' ').toWellFormed()),
  fc.constantFrom('ä'.repeat(20_000), 'x'.repeat(70_000), '🪵'.repeat(20_000)),
);
const line = fc
  .record({ level: fc.constantFrom(...LEVELS), text })
  .map(({ level, text }): Line => ({ level, text, bytes: Buffer.byteLength(text) + 1 }));

/** The policy again, without any cleverness: the oldest of the least severe level goes, never critical. */
class PlainBuffer {
  lines: Line[] = [];
  readonly #limits: { events: number; bytes: number };

  constructor(limits: { events: number; bytes: number }) {
    this.#limits = limits;
  }

  add(added: Line): string[] {
    this.lines.push(added);
    const gone: string[] = [];
    while (this.lines.length > this.#limits.events || sum(this.lines) > this.#limits.bytes) {
      const level = [...LEVELS].reverse().find((each) => this.lines.some((waiting) => waiting.level === each));
      if (level === 'critical' || level === undefined) break;
      this.lines.splice(
        this.lines.findIndex((waiting) => waiting.level === level),
        1,
      );
      gone.push(level);
    }
    return gone;
  }

  take(maxBytes: number): Line[] {
    let count = 0;
    while (count < this.lines.length && (count === 0 || sum(this.lines.slice(0, count + 1)) <= maxBytes)) count++;
    return this.lines.splice(0, count);
  }
}

const sum = (lines: readonly Line[]) => lines.reduce((total, { bytes }) => total + bytes, 0);
const texts = (lines: readonly Line[]) => lines.map((each) => each.text);
const textsOf = ({ data, ends }: Block) =>
  ends.map((end, index) => Buffer.from(data.subarray(ends[index - 1] ?? 0, end - 1)).toString());

test('what goes and what is taken follows the policy, whatever comes in whatever order', () => {
  const bytes = fc.integer({ min: 1, max: 100_000 });
  const step = fc.oneof({ weight: 9, arbitrary: line }, { weight: 1, arbitrary: bytes });
  const limits = fc.record({ events: fc.integer({ min: 1, max: 30 }), bytes: fc.integer({ min: 20, max: 300_000 }) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 150 }), limits, (steps, given) => {
      const ours = new LineBuffer(given);
      const plain = new PlainBuffer(given);
      for (const each of steps) {
        if (typeof each === 'number') expect(textsOf(ours.take(each))).toEqual(texts(plain.take(each)));
        else expect(ours.add(each.text, each.level)).toEqual(plain.add(each));
        expect([ours.events, ours.bytes]).toEqual([plain.lines.length, sum(plain.lines)]);
      }
      expect(textsOf(ours.take(Number.POSITIVE_INFINITY))).toEqual(texts(plain.lines));
    }),
  );
});

test('a hundred thousand lines that come and go leave nothing behind', () => {
  const buffer = new LineBuffer({ events: 1_000, bytes: 1_000_000 });
  for (let index = 0; index < 100_000; index++) {
    buffer.add(String(index), 'info');
    if (index % 500 === 499) expect(textsOf(buffer.take(3_000))).toHaveLength(500);
  }
  expect([buffer.events, buffer.bytes, buffer.oldest]).toEqual([0, 0, Number.POSITIVE_INFINITY]);
});
