import { describe, expect, test } from 'vitest';
import { runSeeds } from './command/run-seeds.ts';
import { replayCommand } from './command/shrink.ts';
import { summarise } from './command/summary.ts';
import failedSeeds from './failed-seeds.json' with { type: 'json' };
import { runSeed } from './run-seed.ts';

const EVENTS = 1_000;
const FIXED = 280;
const NEW = 20;
/** Seeds are numbers of 32 bits. */
const ROUNDS_OF_NEW = 200_000_000;

/** Seeds that nobody has run before: others each second. */
const firstNew = 1_000_000 + (Math.floor(Date.now() / 1_000) % ROUNDS_OF_NEW) * NEW;
const range = (from: number, count: number) => Array.from({ length: count }, (_, index) => from + index);

const brokenOf = (results: readonly { seed: number; violations: string[] }[]) =>
  results
    .filter(({ violations }) => violations.length > 0)
    .map(
      ({ seed, violations }) => `seed ${seed}: ${violations[0]}; replay: ${replayCommand({ seed, events: EVENTS })}`,
    );

describe('the pipeline under every fault', () => {
  test('keeps its guarantees in the seeds of every run', { timeout: 600_000 }, async () => {
    const results = await runSeeds({ seeds: range(1, FIXED), events: EVENTS });
    expect(brokenOf(results)).toEqual([]);
    expect(summarise(results, 1).unstruck).toEqual([]);
  });

  test(`keeps them in the new seeds ${firstNew} to ${firstNew + NEW - 1}`, { timeout: 600_000 }, async () => {
    console.log(`new seeds: npm run simulate -- --from ${firstNew} --seeds ${NEW} --events ${EVENTS}`);
    expect(brokenOf(await runSeeds({ seeds: range(firstNew, NEW), events: EVENTS }))).toEqual([]);
  });

  test.each(failedSeeds)('no longer fails in seed $seed: $reason', async ({ seed, events }) => {
    const { violations } = await runSeed({ seed, events });
    expect(violations).toEqual([]);
  });

  test.each([4, 23, 39])('does the same from the same seed, event by event: %i', async (seed) => {
    const first = await runSeed({ seed, events: 200, trace: true });
    const second = await runSeed({ seed, events: 200, trace: true });
    expect(second.trace).toEqual(first.trace);
    expect(second.traceHash).toBe(first.traceHash);
  });

  test('does another thing from another seed', async () => {
    const [a, b] = [await runSeed({ seed: 80, events: 50 }), await runSeed({ seed: 120, events: 50 })];
    expect(a.traceHash).not.toBe(b.traceHash);
  });
});
