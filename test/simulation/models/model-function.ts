import type { Random } from '../random.ts';
import { type Crash, FunctionInstance, type FunctionWorld } from './function-instance.ts';

/** What became of an invocation, as its caller sees it. */
export type Outcome = { status: 'answered'; answer: unknown } | { status: 'failed'; reason: string };

export interface ModelFunctionOptions<Input> {
  name: string;
  timeout: number;
  /** Makes the function's code with the ports of one run-time environment, as a cold start does. */
  make: (instance: FunctionInstance) => (input: Input, deadline: number) => Promise<unknown>;
  /** Hours and minutes that a host's clock is off, drawn at each cold start. */
  skew: (random: Random) => number;
  /** Told when a run that its caller gave up on finishes after it was tried again. */
  onZombie?: () => void;
  /** What tells a run that it was tried before, such as its first record. */
  headOf?: (input: Input) => string;
}

/** A crash strikes before so many calls of a run, or not at all. */
const MOST_CALLS = 64;
/** Kept back by the product's handlers from an invocation's time, see `shared/runtime/kinesis-handler.ts`. */
const RESERVE = 5_000;
/** A Lambda function: as many environments as run at a time. Source: FACTS.md; DESIGN.md for what a crash may not break. */
export class ModelFunction<Input> {
  readonly options: ModelFunctionOptions<Input>;
  invocations = 0;
  readonly #world: FunctionWorld;
  readonly #random: Random;
  /** What ran into the time limit, by what it began with. */
  readonly #timedOut = new Set<string>();
  /** How often a run was begun, by the same. */
  readonly #begun = new Map<string, number>();
  #instances: { instance: FunctionInstance; code: (input: Input, deadline: number) => Promise<unknown> }[] = [];

  constructor(options: ModelFunctionOptions<Input>, world: FunctionWorld) {
    this.options = options;
    this.#world = world;
    this.#random = world.random.fork(options.name);
  }

  /** Calls `settle` once, when the caller learns what became of it. */
  invoke(input: Input, settle: (outcome: Outcome) => void): void {
    const { scheduler, chaos } = this.#world;
    const { instance, code } = this.#environment();
    const { name, timeout } = this.options;
    this.invocations++;
    const run = instance.begin(input);
    instance.crash = this.#planCrash();
    const head = this.options.headOf?.(input);
    const timesBegun = () => (head === undefined ? 0 : (this.#begun.get(head) ?? 0));
    if (head !== undefined) this.#begun.set(head, timesBegun() + 1);
    /** How often it had been begun when its caller gave up on it. */
    let begunByEnd = 0;
    let isSettled = false;
    const end = (outcome: Outcome) => {
      if (isSettled) return;
      isSettled = true;
      begunByEnd = timesBegun();
      settle(outcome);
    };
    instance.onDeath = (reason) => {
      this.#instances = this.#instances.filter((each) => each.instance !== instance);
      scheduler.after(1, `${name} failed`, () => end({ status: 'failed', reason }));
    };
    scheduler.after(timeout, `${name} time limit`, () => {
      if (isSettled) return;
      this.#noteTimeOut(head);
      // A frozen environment may be thawed and go on: its caller has given up on it by then.
      if (chaos.strikes(24, 0.5)) end({ status: 'failed', reason: 'timed out' });
      else instance.die('time-out');
    });
    const answered = (outcome: Outcome) => {
      if (instance.isDead) return;
      if (isSettled && timesBegun() > begunByEnd) {
        chaos.hit(24);
        this.options.onZombie?.();
      }
      if (!isSettled && instance.crashesBeforeAnswer()) return instance.die('crash before the answer');
      instance.isBusy = false;
      end(outcome);
    };
    // A run that calls nothing settles too.
    scheduler.wake();
    code(input, instance.clock.now() + timeout - RESERVE).then(
      (answer) => {
        run.doneAt = scheduler.steps;
        answered({ status: 'answered', answer });
      },
      (fault: unknown) => answered({ status: 'failed', reason: String(fault) }),
    );
  }

  /** The sweeps have no batch in whose midst their time could end. */
  #noteTimeOut(head: string | undefined): void {
    if (head === undefined) return;
    this.#world.chaos.log.hit(4, this.#timedOut.has(head) ? 'again' : 'once');
    this.#timedOut.add(head);
  }

  #environment() {
    const idle = this.#instances.find(({ instance }) => !instance.isBusy);
    if (idle && !this.#random.chance(0.02)) return idle;
    const instance = new FunctionInstance(this.options.name, this.#world, this.options.skew(this.#random));
    const cold = { instance, code: this.options.make(instance) };
    this.#instances.push(cold);
    return cold;
  }

  #planCrash(): Crash | undefined {
    const { chaos } = this.#world;
    // As often among the first few as late in a long run.
    const calls = () => Math.floor(MOST_CALLS ** this.#random.next());
    if (this.options.name === 'route-alerts') {
      if (chaos.strikes(35, 0.05, 'unsent')) return { calls: 1, phase: 'before', label: 'publish' };
      if (chaos.strikes(35, 0.05, 'uncleared')) return { calls: 1, phase: 'after', label: 'publish' };
    }
    if (chaos.strikes(1, 0.06)) return { calls: calls(), phase: 'before', label: '' };
    if (chaos.strikes(2, 0.06)) return { calls: calls(), phase: 'after', label: '' };
    if (chaos.strikes(3, 0.04)) return { calls: 1, phase: 'answer', label: '' };
    return undefined;
  }
}
