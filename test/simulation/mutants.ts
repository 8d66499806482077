import { parseArgs } from 'node:util';
import type { Mutant } from './command/mutant.ts';
import { MUTANTS } from './command/mutant-list.ts';
import { runSeeds } from './command/run-seeds.ts';
import { isHarm } from './command/shrink.ts';
import { runSeed } from './run-seed.ts';

/** Seeds that a mutant may live through: ten rounds of all scenarios. */
const MOST_SEEDS = 400;
const PRELOAD = new URL('./command/plant-mutant.ts', import.meta.url).href;

process.env.TZ = 'Europe/Berlin';

interface Verdict {
  name: string;
  /** Seeds that it took; undefined when it lived. */
  seeds: number | undefined;
  /** By what it was caught. */
  violation: string;
}

/** Plants one bug, and runs seeds from 1 on until one of them fails. */
async function hunt({ name, edits }: Mutant, events: number): Promise<Verdict> {
  const seeds = Array.from({ length: MOST_SEEDS }, (_, index) => index + 1);
  const onSeed = ({ violations }: { violations: string[] }) => !violations.some(isHarm);
  const results = await runSeeds({ seeds, events, onSeed, preload: PRELOAD, data: { edits } });
  const caught = results.find(({ violations }) => violations.some(isHarm));
  // A seed that fails anyway has caught nothing.
  if (caught && (await runSeed({ seed: caught.seed, events })).violations.length > 0) {
    throw new Error(`seed ${caught.seed} fails without any planted bug: npm run simulate -- --seed ${caught.seed}`);
  }
  return { name, seeds: caught?.seed, violation: caught?.violations.find(isHarm)?.slice(25, 150) ?? '' };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return ((sorted[(sorted.length - 1) >> 1] ?? 0) + (sorted[sorted.length >> 1] ?? 0)) / 2;
}

const { values } = parseArgs({ options: { events: { type: 'string' }, only: { type: 'string' } } });
const chosen = MUTANTS.filter(({ name }) => name.includes(values.only ?? ''));
const verdicts: Verdict[] = [];
for (const mutant of chosen) {
  const verdict = await hunt(mutant, Number(values.events ?? 1_000));
  verdicts.push(verdict);
  const outcome = verdict.seeds === undefined ? `LIVES through ${MOST_SEEDS} seeds` : `seed ${verdict.seeds}`;
  console.log(`${mutant.name.padEnd(56)} ${outcome.padEnd(12)} ${verdict.violation}`);
}
const caught = verdicts.flatMap(({ seeds }) => seeds ?? []);
console.log(`\n${caught.length} of ${verdicts.length} planted bugs caught, median ${median(caught)} seeds`);
process.exitCode = caught.length === verdicts.length && verdicts.length > 0 ? 0 : 1;
