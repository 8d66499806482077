import { Fault } from '../../../shared/stream/fault.ts';
import type { Clock } from '../../../shared/stream/ports.ts';
import type { Chaos, Service } from '../chaos.ts';
import type { Random } from '../random.ts';
import type { Scheduler } from '../scheduler.ts';
import { type FunctionRun, FunctionRuns } from './function-run.ts';

/** What became of an invocation, as its caller sees it. */
export type Outcome = { status: 'answered'; answer: unknown } | { status: 'failed'; reason: string };

/** One call of a port. */
export interface Call<T> {
  service: Service;
  label: string;
  /** Whether it changes anything. */
  writes: boolean;
  effect: () => T;
  /** Applied, and the caller hears of it only as a time-out. */
  losesAnswer?: () => boolean;
  onFault?: () => void;
}

type Answer<T> = { status: 'served'; value: T } | { status: 'fault'; fault: unknown };

interface Crash {
  /** Counted down at each call that fits. */
  calls: number;
  phase: 'before' | 'after' | 'answer';
  /** Only calls whose label begins so. */
  label: string;
}

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

export interface FunctionWorld {
  scheduler: Scheduler;
  chaos: Chaos;
  random: Random;
}

/** A crash strikes before so many calls of a run, or not at all. */
const MOST_CALLS = 64;
/** Kept back by the product's handlers from an invocation's time, see `shared/runtime/kinesis-handler.ts`. */
const RESERVE = 5_000;
/** Of the SDK's clients: what is not answered by then counts as failed. Source: `shared/aws/client-settings.ts`. */
const CLIENT_TIMEOUT = 5_000;

/**
 * A run-time environment of a Lambda function: one invocation at a time, module state kept between them. It can die at
 * every await, and then nothing of it goes on; what it had already sent may still arrive.
 */
export class FunctionInstance {
  readonly name: string;
  readonly clock: Clock;
  isBusy = false;
  isDead = false;
  /** Free for the world to mark what the current run works on. */
  subject: unknown;
  /** Invocations so far. */
  runs = 0;
  readonly #runs = new FunctionRuns();
  crash: Crash | undefined;
  onDeath: (reason: string) => void = () => undefined;
  readonly #world: FunctionWorld;

  constructor(name: string, world: FunctionWorld, skew: number) {
    const { scheduler, random } = world;
    this.name = name;
    this.#world = world;
    this.clock = {
      now: () => scheduler.now + skew,
      random: () => random.next(),
      sleep: (milliseconds) => this.#sleep(milliseconds),
    };
  }

  begin(input: unknown): FunctionRun {
    this.isBusy = true;
    this.subject = input;
    this.runs++;
    return this.#runs.begin(this.#world.scheduler);
  }

  /** The last one that began. */
  get run(): FunctionRun {
    return this.#runs.current;
  }

  noteUnsure(): void {
    this.#runs.noteUnsure(this.#world.scheduler);
  }

  die(reason: string): void {
    if (this.isDead) return;
    this.isDead = true;
    this.#world.scheduler.note(`${this.name} dies: ${reason}`);
    this.onDeath(reason);
  }

  call<T>(call: Call<T>): Promise<T> {
    const { scheduler } = this.#world;
    const line = `${this.name} ${call.service.name} ${call.label}`;
    return new Promise<T>((resolve, reject) => {
      if (this.isDead) return;
      const settle = (answer: Answer<T>) => {
        scheduler.wake();
        if (this.isDead) return;
        if (answer.status === 'fault') {
          call.onFault?.();
          reject(answer.fault);
        } else resolve(answer.value);
      };
      scheduler.after(call.service.latency(), line, () => {
        const answer = this.#serve(call);
        if (answer?.status !== 'lost') {
          if (answer) settle(answer);
          return;
        }
        const fault = new Fault('unavailable', `${call.service.name} did not answer in time`);
        scheduler.after(CLIENT_TIMEOUT, `${line} times out`, () => settle({ status: 'fault', fault }));
      });
    });
  }

  /** What the service does with the call; nothing is answered to the dead. */
  #serve<T>(call: Call<T>): Answer<T> | { status: 'lost' } | undefined {
    const { service, label, effect, losesAnswer } = call;
    if (this.isDead) {
      this.#land(call);
      return undefined;
    }
    if (this.#crashes('before', label)) {
      this.#die(call, false);
      return undefined;
    }
    const refusal = service.refusal();
    if (refusal) return { status: 'fault', fault: refusal };
    let value: T;
    try {
      value = effect();
    } catch (fault) {
      return { status: 'fault', fault };
    }
    if (this.#crashes('after', label)) this.#die(call, call.writes && isApplied(value));
    return losesAnswer?.() ? { status: 'lost' } : { status: 'served', value };
  }

  /** Whether the run crashes at its very end, all effects done. */
  crashesBeforeAnswer(): boolean {
    if (this.crash?.phase !== 'answer') return false;
    this.#world.chaos.hit(3);
    return true;
  }

  #sleep(milliseconds: number): Promise<void> {
    const { scheduler } = this.#world;
    return new Promise((resolve) => {
      if (this.isDead) return;
      scheduler.after(milliseconds, `${this.name} wakes`, () => {
        scheduler.wake();
        if (!this.isDead) resolve();
      });
    });
  }

  /** A request that was on its way when its sender died. */
  #land<T>({ service, writes, effect }: Pick<Call<T>, 'service' | 'writes' | 'effect'>): void {
    if (!writes) return;
    const lands = service.random.chance(0.5) && !service.isDown;
    this.#world.chaos.log.hit(lands && hasEffect(effect) ? 2 : 1);
  }

  #crashes(phase: Crash['phase'], label: string): boolean {
    const { crash } = this;
    if (crash?.phase !== phase || !label.startsWith(crash.label)) return false;
    return --crash.calls <= 0;
  }

  /** After a read nothing has happened yet: that too is before an effect. */
  #die({ label, writes }: Pick<Call<unknown>, 'label' | 'writes'>, isDone: boolean): void {
    const fault = isDone ? 2 : 1;
    this.#world.chaos.hit(fault, fault === 1 ? `at a ${writes ? 'write' : 'read'}` : undefined);
    if (label.startsWith('publish')) this.#world.chaos.hit(35, isDone ? 'uncleared' : 'unsent');
    this.die(`crash, fault ${fault}, at ${label}`);
  }
}

/** A conditional write that loses has changed nothing. */
function isApplied(answer: unknown): boolean {
  return answer !== 'conflict';
}

function hasEffect(effect: () => unknown): boolean {
  try {
    return isApplied(effect());
  } catch {
    // Nobody is there to hear of it.
    return false;
  }
}

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
