import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LEVELS } from '../shared/events/levels.ts';
import { type Line, LineBuffer } from './line-buffer.ts';

const line = fc.record({ level: fc.constantFrom(...LEVELS), bytes: fc.integer({ min: 1, max: 40 }) });

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
const texts = (lines: readonly Line[]) => lines.map(({ text }) => text);

test('what goes and what is taken follows the policy, whatever comes in whatever order', () => {
  const step = fc.oneof({ weight: 9, arbitrary: line }, { weight: 1, arbitrary: fc.integer({ min: 1, max: 200 }) });
  fc.assert(
    fc.property(
      fc.array(step, { maxLength: 200 }),
      ...[fc.integer({ min: 1, max: 30 }), fc.integer({ min: 20, max: 400 })],
      (steps, events, bytes) => {
        const ours = new LineBuffer({ events, bytes });
        const plain = new PlainBuffer({ events, bytes });
        for (const [index, each] of steps.entries()) {
          if (typeof each === 'number') expect(texts(ours.take(each))).toEqual(texts(plain.take(each)));
          else expect(ours.add({ ...each, text: String(index) })).toEqual(plain.add({ ...each, text: String(index) }));
          expect([ours.events, ours.bytes]).toEqual([plain.lines.length, sum(plain.lines)]);
        }
      },
    ),
  );
});

test('a hundred thousand lines that come and go leave nothing behind', () => {
  const buffer = new LineBuffer({ events: 1_000, bytes: 1_000_000 });
  for (let index = 0; index < 100_000; index++) {
    buffer.add({ text: String(index), bytes: 6, level: 'info' });
    if (index % 500 === 499) expect(texts(buffer.take(3_000))).toHaveLength(500);
  }
  expect([buffer.events, buffer.bytes, buffer.oldest]).toEqual([0, 0, undefined]);
});
