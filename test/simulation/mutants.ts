import { parseArgs } from 'node:util';
import type { Mutant } from './command/mutant.ts';
import { MUTANTS } from './command/mutant-list.ts';
import { runCommand, UsageError, wholeNumber } from './command/run-command.ts';
import { runSeeds } from './command/run-seeds.ts';
import { isCaughtByCheck, isHarm } from './command/shrink.ts';
import { runSeed } from './run-seed.ts';

/** Seeds that a mutant may live through: ten rounds of all scenarios. */
const MOST_SEEDS = 400;
const PRELOAD = new URL('./command/plant-mutant.ts', import.meta.url).href;

const USAGE = `npm run simulate:mutants -- [--only TEXT] [--events N]

  --only TEXT  plants only the bugs whose names hold it, such as --only 'the outbox'
  --events N   events of a seed, 1000 by default

Plants one bug at a time, and runs seeds until a check sees it. Ends with 0 when every bug is caught. One that merely makes
the simulation crash is an error of the planted bug.`;

process.env.TZ = 'Europe/Berlin';

interface Verdict {
  name: string;
  /** Seeds that it took; undefined when it lived. */
  seeds: number | undefined;
  /** By what it was caught; else how it made the simulation crash. */
  violation: string;
}

/** Plants one bug, and runs seeds from 1 on until a check sees it. */
async function hunt({ name, edits }: Mutant, events: number): Promise<Verdict> {
  const seeds = Array.from({ length: MOST_SEEDS }, (_, index) => index + 1);
  const onSeed = ({ violations }: { violations: string[] }) => !violations.some(isCaughtByCheck);
  const results = await runSeeds({ seeds, events, onSeed, preload: PRELOAD, data: { edits } });
  const caught = results.find(({ violations }) => violations.some(isCaughtByCheck));
  // A seed that fails anyway has caught nothing.
  if (caught && (await runSeed({ seed: caught.seed, events })).violations.length > 0) {
    throw new Error(`seed ${caught.seed} fails without any planted bug: npm run simulate -- --seed ${caught.seed}`);
  }
  const crash = results.flatMap(({ violations }) => violations.filter(isHarm))[0];
  const violation = caught?.violations.find(isCaughtByCheck) ?? crash ?? '';
  return { name, seeds: caught?.seed, violation: violation.slice(25, 150) };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return ((sorted[(sorted.length - 1) >> 1] ?? 0) + (sorted[sorted.length >> 1] ?? 0)) / 2;
}

async function main(): Promise<boolean> {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({ options: { events: text, only: text, help: { type: 'boolean', default: false } } });
  if (values.help) {
    console.log(USAGE);
    return true;
  }
  const events = wholeNumber(values.events, 1_000);
  const chosen = MUTANTS.filter(({ name }) => name.includes(values.only ?? ''));
  if (chosen.length === 0) throw new UsageError(`expected words of a planted bug's name, got ${values.only}`);
  const verdicts: Verdict[] = [];
  for (const mutant of chosen) {
    const verdict = await hunt(mutant, events);
    verdicts.push(verdict);
    const lives =
      verdict.violation === '' ? `LIVES through ${MOST_SEEDS} seeds` : 'CRASHES the simulation, no check sees it:';
    const outcome = verdict.seeds === undefined ? lives : `seed ${verdict.seeds}`;
    const done = `${verdicts.length}/${chosen.length}`.padStart(7);
    console.log(`${done}  ${mutant.name.padEnd(56)} ${outcome.padEnd(12)} ${verdict.violation}`);
  }
  const caught = verdicts.flatMap(({ seeds }) => seeds ?? []);
  console.log(`\n${caught.length} of ${verdicts.length} planted bugs caught, median ${median(caught)} seeds`);
  return caught.length === verdicts.length;
}

await runCommand(main, USAGE);
