import type { RunOptions } from '../plan.ts';
import { type RunResult, runSeed } from '../run-seed.ts';

const FEWEST_EVENTS = 10;
const LINES = 60;

/** Looks for a smaller run of the same seed that fails too: without each fault in turn, then with fewer events. */
export async function shrink(options: RunOptions): Promise<{ options: RunOptions; result: RunResult }> {
  let best = options;
  let result = await runSeed(options);
  const fails = async (smaller: RunOptions) => {
    const outcome = await runSeed(smaller);
    if (outcome.violations.length === 0) return false;
    best = smaller;
    result = outcome;
    return true;
  };
  for (const fault of result.active) await fails({ ...best, without: [...(best.without ?? []), fault] });
  for (let events = Math.floor(best.events / 2); events >= FEWEST_EVENTS; events = Math.floor(events / 2)) {
    if (!(await fails({ ...best, events }))) break;
  }
  return { options: best, result: await runSeed({ ...best, trace: true }) };
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
