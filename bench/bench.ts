import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { BENCHMARKS } from './benchmarks.ts';
import { measureGrouping } from './grouping.ts';
import { describeMachine } from './harness/machine.ts';
import { resultPage, resultText } from './harness/render.ts';
import { type BenchmarkResult, isMet } from './harness/result.ts';
import { DEFAULT_LOG_DIRECTORY } from './input/real-logs.ts';

const HELP = `npm run bench [NAME]           measures, prints tables; all of them also write docs/benchmarks.md
npm run bench:check [NAME]     measures, and ends with 1 where a budget is missed
  --json        one JSON value on stdout
  --dir DIR     a folder of Loghub samples (default: ../shared/loghub)
  --full        also what takes minutes: ten million events
Names: ${BENCHMARKS.map(({ name }) => name).join(', ')}`;

const PAGE = join(import.meta.dirname, '..', 'docs', 'benchmarks.md');

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    check: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    full: { type: 'boolean', default: false },
    worker: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
    dir: { type: 'string', default: DEFAULT_LOG_DIRECTORY },
  },
});
const note = (line: string) => process.stderr.write(`${line}\n`);

process.exitCode = await main();

async function main(): Promise<number> {
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const unknown = positionals.find((name) => !BENCHMARKS.some((benchmark) => benchmark.name === name));
  if (unknown !== undefined) {
    note(`No benchmark is called ${unknown}.\n${HELP}`);
    return 2;
  }
  if (values.worker) return runHere(positionals[0] ?? '');
  // The form that other projects measure with: nothing but the measure.
  if (positionals[0] === 'grouping' && values.json) return printGrouping();
  return measure(positionals.length > 0 ? positionals : BENCHMARKS.map(({ name }) => name));
}

async function measure(names: readonly string[]): Promise<number> {
  const machine = describeMachine();
  if (!values.json)
    console.log(`${machine.processor}, ${machine.cores} cores, Node ${machine.node}, load ${machine.load}`);
  const results: BenchmarkResult[] = [];
  for (const name of names) {
    const result = await measureOne(name);
    results.push(result);
    if (!values.json) console.log(resultText(result));
  }
  if (values.json) console.log(JSON.stringify({ machine, results }));
  if (names.length === BENCHMARKS.length && !values.check) {
    writeFileSync(PAGE, resultPage(machine, new Date().toISOString().slice(0, 10), results));
  }
  const missed = results.flatMap(({ name, budgets }) =>
    budgets.filter((budget) => !isMet(budget)).map(({ what }) => `${name}: ${what}`),
  );
  for (const line of missed) note(`missed  ${line}`);
  return values.check && missed.length > 0 ? 1 : 0;
}

/** A miss on a machine that others use is measured once more before it counts; what counts is the second result. */
async function measureOne(name: string): Promise<BenchmarkResult> {
  const result = await runInProcess(name);
  if (!values.check || result.budgets.every(isMet)) return result;
  note(`${name} missed a budget: once more`);
  return runInProcess(name);
}

/** Each benchmark in a process of its own: what one has compiled, or left in memory, is nothing to the next. */
async function runInProcess(name: string): Promise<BenchmarkResult> {
  const options = ['--worker', '--dir', values.dir, ...(values.full ? ['--full'] : [])];
  const args = [
    '--expose-gc',
    '--disable-warning=ExperimentalWarning',
    '--disable-warning=DEP0040',
    import.meta.filename,
    name,
    ...options,
  ];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const [output, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  if (code !== 0) throw new Error(`the benchmark ${name} ended with ${code}`);
  return JSON.parse(output.slice(output.lastIndexOf('\n', output.length - 2) + 1)) as BenchmarkResult;
}

async function runHere(name: string): Promise<number> {
  const benchmark = BENCHMARKS.find((each) => each.name === name);
  const onProgress = (line: string) => note(`  ${name}: ${line}`);
  const result = await benchmark?.run({ directory: values.dir, full: values.full, onProgress });
  process.stdout.write(`${JSON.stringify(result)}\n`);
  return 0;
}

async function printGrouping(): Promise<number> {
  const measured = measureGrouping(values.dir);
  if (measured === undefined) {
    note(`No NAME/NAME_2k.log_structured.csv under ${values.dir}. Name the folder of the sets with --dir DIR.`);
    return 1;
  }
  const sets = Object.fromEntries(
    [...measured.scores].map(([set, { accuracy, groups, trueGroups }]) => [set, { accuracy, groups, trueGroups }]),
  );
  console.log(JSON.stringify({ sets, mean: measured.mean }));
  return 0;
}
