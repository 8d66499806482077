import { Fault } from '../../../shared/stream/fault.ts';
import type { Clock } from '../../../shared/stream/ports.ts';
import type { Chaos, Service } from '../chaos.ts';
import type { Random } from '../random.ts';
import type { Scheduler } from '../scheduler.ts';
import { type FunctionRun, FunctionRuns } from './function-run.ts';

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

export interface Crash {
  /** Counted down at each call that fits. */
  calls: number;
  phase: 'before' | 'after' | 'answer';
  /** Only calls whose label begins so. */
  label: string;
}

export interface FunctionWorld {
  scheduler: Scheduler;
  chaos: Chaos;
  random: Random;
}

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
