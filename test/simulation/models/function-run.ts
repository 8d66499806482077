import type { Scheduler } from '../scheduler.ts';

/** Longer than a table is left alone after calls to it hung, see `shared/stream/table-rest.ts`. */
const REST = 31_000;

/** One invocation, with the steps of the simulation at which its code began and ended. */
export interface FunctionRun {
  startedAt: number;
  doneAt: number | undefined;
  /** A table or topic did not do, or did not say, what it was asked for: what it sent may stand uncleared. */
  isUnsure: boolean;
}

/** The invocations of one run-time environment, one after the other. */
export class FunctionRuns {
  current: FunctionRun = { startedAt: 0, doneAt: undefined, isUnsure: false };
  #unsureAt = Number.NEGATIVE_INFINITY;

  begin({ now, steps }: Scheduler): FunctionRun {
    this.current = { startedAt: steps, doneAt: undefined, isUnsure: now - this.#unsureAt < REST };
    return this.current;
  }

  noteUnsure({ now }: Scheduler): void {
    this.#unsureAt = now;
    this.current.isUnsure = true;
  }
}
