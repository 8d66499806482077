import { isCrash } from '../crash.ts';
import type { RunOptions } from '../plan.ts';
import { type RunResult, runSeed } from '../run-seed.ts';

const FEWEST_EVENTS = 10;
const LINES = 60;

/** What a violation is of, whenever and to whomever it happened: without its time, ids and numbers. */
export function kindOfViolation(violation: string): string {
  return violation.replace(/^\S+Z /, '').replaceAll(/\b(?=[\w-]*\d)[\w-]+/g, '#');
}

/** Whether the product broke a promise, as against a run in which nothing of the kind could show. */
export function isHarm(violation: string): boolean {
  return !violation.includes(' never struck: ');
}

/** Whether the product did what a check looks for: a planted bug that makes the simulation crash is seen by no check. */
export function isCaughtByCheck(violation: string): boolean {
  return isHarm(violation) && !isCrash(violation);
}

/**
 * Looks for a smaller run of the same seed in which the same goes wrong: without each fault in turn, then with fewer events.
 * A fault that no longer strikes in a smaller run is not what went wrong, unless it was all that did.
 */
export async function shrink(
  options: RunOptions,
  run: (options: RunOptions) => Promise<RunResult> = runSeed,
): Promise<{ options: RunOptions; result: RunResult }> {
  let best = options;
  let result = await run(options);
  const harm = result.violations.filter(isHarm);
  const wanted = new Set((harm.length > 0 ? harm : result.violations).map(kindOfViolation));
  const fails = async (smaller: RunOptions) => {
    const outcome = await run(smaller);
    if (!outcome.violations.some((violation) => wanted.has(kindOfViolation(violation)))) return false;
    best = smaller;
    result = outcome;
    return true;
  };
  for (const fault of result.active) await fails({ ...best, without: [...(best.without ?? []), fault] });
  for (let events = Math.floor(best.events / 2); events >= FEWEST_EVENTS; events = Math.floor(events / 2)) {
    if (!(await fails({ ...best, events }))) break;
  }
  return { options: best, result: await run({ ...best, trace: true }) };
}

/** The one command that replays a run. */
export function replayCommand({ seed, events, without = [] }: RunOptions): string {
  const left = without.length === 0 ? '' : ` --without ${without.join(',')}`;
  return `npm run simulate -- --seed ${seed} --events ${events}${left} --trace`;
}

/** The end of the trace up to the first violation. */
export function traceBeforeViolation(trace: readonly string[]): string[] {
  const at = trace.findIndex((line) => line.includes(' VIOLATION '));
  const end = at < 0 ? trace.length : at + 1;
  return trace.slice(Math.max(0, end - LINES), end);
}
