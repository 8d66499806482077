import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { printSummary, reliabilityPage } from './command/print-summary.ts';
import { runCommand, wholeNumber } from './command/run-command.ts';
import { runSeeds } from './command/run-seeds.ts';
import { replayCommand, shrink, traceBeforeViolation } from './command/shrink.ts';
import { type Summary, summarise } from './command/summary.ts';
import { runSeed } from './run-seed.ts';

const USAGE = `npm run simulate -- [--seeds N] [--from S] [--seed S [--trace] [--without 1,2]] [--events N] [--json] [--page]

  --seeds N    runs N seeds, 100 by default, on all cores
  --from S     the first of them, 1 by default
  --seed S     runs one seed; --trace prints all that happened, --without leaves faults out
  --events N   events of a seed, 1000 by default
  --json       prints the figures as JSON
  --page       writes docs/reliability.md`;

// A zone with daylight saving: what should be UTC shows itself when it is not.
process.env.TZ = 'Europe/Berlin';

const SHRUNK = 3;
const PROGRESS_MS = 1_000;

async function runOne(seed: number, options: { events: number; without: number[]; trace: boolean; json: boolean }) {
  const { trace, ...result } = await runSeed({ seed, ...options });
  for (const line of options.trace ? (trace ?? []) : []) console.log(line);
  if (options.json) console.log(JSON.stringify(result));
  else console.log(`seed ${seed}: trace hash ${result.traceHash}, faults ${result.active.join(', ') || 'none'}`);
  for (const violation of result.violations) console.error(violation);
  return result.violations.length === 0;
}

async function showFailure(seed: number, events: number): Promise<void> {
  const { options, result } = await shrink({ seed, events });
  for (const line of traceBeforeViolation(result.trace ?? [])) console.error(line);
  console.error(`\nseed ${seed} fails: ${result.violations[0]}`);
  console.error(`faults needed: ${result.active.join(', ') || 'none'}`);
  console.error(`replay: ${replayCommand({ seed, events })}`);
  console.error(`shrunk: ${replayCommand(options)}\n`);
}

async function runMany(seeds: number[], events: number): Promise<Summary> {
  const start = performance.now();
  let done = 0;
  let failed = 0;
  let shown = 0;
  const results = await runSeeds({
    seeds,
    events,
    onSeed: ({ seed, violations }) => {
      done++;
      if (violations.length > 0) {
        failed++;
        console.error(`seed ${seed} fails: ${violations[0]}; replay: ${replayCommand({ seed, events })}`);
      }
      if (performance.now() - shown < PROGRESS_MS && done < seeds.length) return true;
      shown = performance.now();
      console.error(`${done} of ${seeds.length} seeds, ${failed} failed, ${Math.round((shown - start) / 1000)} s`);
      return true;
    },
  });
  return summarise(results, (performance.now() - start) / 1000);
}

function asJson(summary: Summary): string {
  return JSON.stringify({
    ...summary,
    hits: Object.fromEntries(summary.hits),
    kinds: Object.fromEntries(summary.kinds),
  });
}

async function main(): Promise<boolean> {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean', default: false } as const;
  const { values } = parseArgs({
    options: {
      seeds: text,
      from: text,
      seed: text,
      events: text,
      without: text,
      trace: flag,
      json: flag,
      page: flag,
      help: flag,
    },
  });
  if (values.help) {
    console.log(USAGE);
    return true;
  }
  const events = wholeNumber(values.events, 1_000);
  if (values.seed !== undefined) {
    const without = (values.without ?? '').split(',').filter(Boolean).map(Number);
    return runOne(wholeNumber(values.seed, 0), { events, without, trace: values.trace, json: values.json });
  }
  const from = wholeNumber(values.from, 1);
  const seeds = Array.from({ length: wholeNumber(values.seeds, 100) }, (_, index) => from + index);
  const summary = await runMany(seeds, events);
  console.log(values.json ? asJson(summary) : printSummary(summary));
  for (const { seed } of summary.failed.slice(0, SHRUNK)) await showFailure(seed, events);
  const passed = summary.failed.length === 0 && summary.unstruck.length === 0;
  if (values.page && passed) {
    writeFileSync(new URL('../../docs/reliability.md', import.meta.url), reliabilityPage(summary, events));
  }
  return passed;
}

await runCommand(main, USAGE);
