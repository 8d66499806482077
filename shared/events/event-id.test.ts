import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { eventIdHash, eventIdSequence, newEventId } from './event-id.ts';

const AT = Date.parse('2026-11-21T10:00:00.123Z');
const zeros = (size: number) => new Uint8Array(size);

/** Repeatable random bytes. */
function seeded(seed: string) {
  let count = 0;
  return (size: number) => createHash('sha256').update(`${seed}${count++}`).digest().subarray(0, size);
}

describe('the hash of an event id', () => {
  test('is permanent', () => {
    const ids = ['', 'a', 'ab', '0190a0a0-0190-7190-8190-0190a0a00190', 'shardId-000000000000:495#0', 'é😀'];
    expect(ids.map(eventIdHash)).toEqual([
      3_824_587_224_550_787, 7_980_032_694_543_785, 2_716_002_539_218_583, 5_645_220_603_131_826, 3_611_769_315_282_548,
      7_380_944_910_286_987,
    ]);
  });

  test('is a safe integer, never negative', () => {
    const random = seeded('safe');
    for (let i = 0; i < 1_000; i++) {
      const hash = eventIdHash(newEventId(AT + i, random));
      expect(Number.isSafeInteger(hash) && hash >= 0).toBe(true);
    }
  });

  test('does not collide on a million ids that follow one another', () => {
    const hashes = new Set<number>();
    for (let i = 0; i < 1_000_000; i++)
      hashes.add(eventIdHash(`shardId-000000000003:4959033827149025660855969254${i}#0`));
    expect(hashes.size).toBe(1_000_000);
  });

  test('does not collide on a million ids of one sequence', () => {
    const next = eventIdSequence(zeros);
    const hashes = new Set<number>();
    for (let i = 0; i < 1_000_000; i++) hashes.add(eventIdHash(next(AT)));
    expect(hashes.size).toBe(1_000_000);
  });

  test('does not collide on ids that differ in few places only', () => {
    const hashes = new Set<number>();
    const letters = [...'0123456789abcdef'];
    const texts = letters.flatMap((a) =>
      letters.flatMap((b) => letters.flatMap((c) => letters.map((d) => [a, b, c, d]))),
    );
    for (const [a, b, c, d] of texts) {
      hashes.add(eventIdHash(`0190a0${a}0-0${b}90-7190-8190-0${c}90a0a0019${d}`));
      hashes.add(eventIdHash(`${a}190a00-${b}900-7190-8190-${c}190a0a0019-${d}`));
    }
    expect(hashes.size).toBe(2 * texts.length);
  });

  test('fills all of its bits evenly', () => {
    const random = seeded('bits');
    const counts = new Array<number>(53).fill(0);
    for (let i = 0; i < 20_000; i++) {
      const bits = eventIdHash(newEventId(AT + i, random))
        .toString(2)
        .padStart(53, '0');
      for (const [index, bit] of [...bits].entries()) counts[index] = (counts[index] ?? 0) + Number(bit);
    }
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(400);
  });
});

describe('a new event id', () => {
  test('is a UUID of version 7 that begins with its millisecond', () => {
    expect(newEventId(0x0190_1234_5678, zeros)).toBe('01901234-5678-7000-8000-000000000000');
    expect(newEventId(AT, seeded('form'))).toMatch(
      /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
  });

  test('of a sequence goes up within a millisecond, past a full counter and when the clock goes back', () => {
    const next = eventIdSequence(seeded('up'));
    const ids = [...Array.from({ length: 10_000 }, () => next(AT)), next(AT - 60_000), next(AT + 60_000)];
    expect([...ids].sort()).toEqual(ids);
    expect(new Set(ids).size).toBe(ids.length);
  });
});
