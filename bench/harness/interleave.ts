import { isDeepStrictEqual } from 'node:util';
import { median, roundRatio } from './statistics.ts';

/** One way of doing the work that is measured. */
export interface Contender<Outcome = unknown> {
  name: string;
  /** Events that one run works through. Times are told for one event. */
  events: number;
  /** What a run needs and may spoil: made before each, outside the time. */
  prepare?: () => void;
  /** Does the work. A number answered is the nanoseconds that it took in another process. */
  run: () => unknown;
  /** What the work comes to, on the same input for all: run once, before the rounds, and compared. */
  outcome?: () => Outcome | Promise<Outcome>;
}

export interface Timing {
  name: string;
  /** Nanoseconds of processor time an event, round by round: of all threads, so that collecting garbage counts. */
  samples: number[];
  median: number;
  minimum: number;
}

export interface InterleaveOptions {
  /** At least 7. Default 11. */
  rounds?: number;
  /** Rounds that are run and thrown away, so that the code is compiled. Default 3. */
  warmUp?: number;
}

/**
 * Runs the contenders in turn, round after round, so that whatever slows the machine slows all of them. The order turns
 * by one each round, so that nobody always runs after the same neighbour. What is told is processor time: on a machine that
 * others use too it is what the work itself costs.
 */
export async function interleave(contenders: readonly Contender[], options: InterleaveOptions = {}): Promise<Timings> {
  const { rounds = 11, warmUp = 3 } = options;
  if (rounds < 7) throw new RangeError(`expected at least 7 rounds, got ${rounds}`);
  await compareOutcomes(contenders);
  const samples = new Map<string, number[]>(contenders.map(({ name }) => [name, []]));
  for (let round = -warmUp; round < rounds; round++) {
    for (let place = 0; place < contenders.length; place++) {
      const contender = contenders[(place + round + warmUp) % contenders.length] as Contender;
      const nanoseconds = await timeOf(contender);
      if (round >= 0) samples.get(contender.name)?.push(nanoseconds);
    }
  }
  return new Timings(samples);
}

async function timeOf({ prepare, run, events }: Contender): Promise<number> {
  prepare?.();
  // Nobody pays for what the one before has left behind.
  globalThis.gc?.({ type: 'minor', execution: 'sync' });
  const start = process.cpuUsage();
  const elsewhere = await run();
  const { user, system } = process.cpuUsage(start);
  return (typeof elsewhere === 'number' ? elsewhere : (user + system) * 1_000) / events;
}

/** Throws when two contenders come to different results: nobody wins by doing less. */
async function compareOutcomes(contenders: readonly Contender[]): Promise<void> {
  let first: { name: string; outcome: unknown } | undefined;
  for (const { name, outcome: work } of contenders) {
    if (work === undefined) continue;
    const outcome = await work();
    first ??= { name, outcome };
    if (!isDeepStrictEqual(outcome, first.outcome)) {
      const [expected, got] = [first.outcome, outcome].map((each) => JSON.stringify(each).slice(0, 400));
      throw new Error(`${name} does not do what ${first.name} does: expected ${expected}, got ${got}`);
    }
  }
}

/** The times of all contenders of one run. */
export class Timings {
  readonly #samples: ReadonlyMap<string, number[]>;

  constructor(samples: ReadonlyMap<string, number[]>) {
    this.#samples = samples;
  }

  all(): Timing[] {
    return [...this.#samples.keys()].map((name) => this.of(name));
  }

  of(name: string): Timing {
    const samples = this.#samples.get(name);
    if (samples === undefined) throw new RangeError(`no contender is called ${name}`);
    return { name, samples, median: median(samples), minimum: Math.min(...samples) };
  }

  /** How many times as fast `ours` is as `peer`. */
  ratio(peer: string, ours: string): number {
    return roundRatio(this.of(peer).samples, this.of(ours).samples);
  }
}
