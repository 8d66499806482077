import { globSync, readFileSync } from 'node:fs';
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
    const { unstruck, tally } = summarise(results, 1);
    expect(unstruck).toEqual([]);
    const hostile = tally.hostile / tally.events;
    expect(hostile).toBeGreaterThan(0.015);
    expect(hostile).toBeLessThan(0.03);
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

  test('does the same on a thread of its own as where one seed is replayed', async () => {
    const [onThread] = await runSeeds({ seeds: [23], events: 200 });
    expect(onThread?.traceHash).toBe((await runSeed({ seed: 23, events: 200 })).traceHash);
  });

  test('knows why each seed failed that the code and the decisions name', () => {
    const known = new Set(failedSeeds.map(({ seed }) => seed));
    const texts = ['shared', 'services', 'test/simulation', 'docs/decisions'].flatMap((folder) =>
      globSync(`${folder}/**/*.{ts,md}`).map((file) => readFileSync(file, 'utf8')),
    );
    const named = texts.flatMap((text) =>
      [...text.matchAll(/\(?(?:simulation, )?seeds? (\d{2,})(?: and (\d+))?\)/g)].flatMap(([, one, other]) => [
        one,
        other ?? one,
      ]),
    );
    expect(named.length).toBeGreaterThan(10);
    expect(named.map(Number).filter((seed) => !known.has(seed))).toEqual([]);
  });

  test('does another thing from another seed', async () => {
    const [a, b] = [await runSeed({ seed: 80, events: 50 }), await runSeed({ seed: 120, events: 50 })];
    expect(a.traceHash).not.toBe(b.traceHash);
  });
});
