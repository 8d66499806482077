import type {
  Instance,
  InstanceCall,
  InstanceId,
  InstanceState,
  Instances,
} from '../../../shared/remediation/instance.ts';
import { Fault } from '../../../shared/stream/fault.ts';

interface Machine {
  tags: ReadonlyMap<string, string>;
  /** The states that it has been in and will be in, each from when on, in order. */
  states: { state: InstanceState; from: number }[];
}

/** A call that EC2 took, and whether it changed anything. */
export interface TakenCall {
  id: InstanceId;
  call: InstanceCall;
  at: number;
  isEffective: boolean;
}

export interface ModelInstancesOptions {
  now: () => number;
  /** Milliseconds that a stop takes, and a start. */
  stopTakes: number;
  startTakes: number;
  /** Milliseconds by which answers of states lag behind. */
  lag: number;
  /** Called for each start: what becomes of it. */
  onStart?: () => 'runs' | 'falls back' | 'terminates';
}

/**
 * EC2's instances. Source: EC2 User Guide, "Instance lifecycle"; EC2 API, StopInstances, StartInstances, RebootInstances:
 * stopping what stops and starting what starts is no fault, other calls in the wrong state are.
 */
export class ModelInstances {
  readonly taken: TakenCall[] = [];
  readonly #machines = new Map<InstanceId, Machine>();
  readonly #options: ModelInstancesOptions;

  constructor(options: Partial<ModelInstancesOptions> & Pick<ModelInstancesOptions, 'now'>) {
    this.#options = { stopTakes: 0, startTakes: 0, lag: 0, ...options };
  }

  launch(
    id: InstanceId,
    { tags = {}, state = 'running' }: { tags?: Record<string, string>; state?: InstanceState } = {},
  ) {
    this.#machines.set(id, { tags: new Map(Object.entries(tags)), states: [{ state, from: 0 }] });
  }

  terminate(id: InstanceId): void {
    this.#machines.get(id)?.states.push({ state: 'terminated', from: this.#options.now() });
  }

  /** As it is, whatever EC2 answers. */
  stateOf(id: InstanceId): InstanceState | undefined {
    const machine = this.#machines.get(id);
    return machine && stateAt(machine, this.#options.now());
  }

  /** Since when it had been in the state that it was in at a time, whatever EC2 answered. */
  stateSince(id: InstanceId, time: number): { state: InstanceState; from: number } | undefined {
    return this.#machines.get(id)?.states.findLast(({ from }) => from <= time);
  }

  find(id: InstanceId): Instance | undefined {
    const machine = this.#machines.get(id);
    if (!machine) return undefined;
    const shown = this.#options.now() - this.#options.lag;
    return { state: stateAt(machine, shown), tags: machine.tags, launchedAt: launchedAt(machine, shown) };
  }

  call(call: InstanceCall, id: InstanceId): void {
    const machine = this.#machines.get(id);
    const at = this.#options.now();
    if (!machine) throw new Fault('missing', `${call} failed: InvalidInstanceID.NotFound`);
    const isEffective = this.#take(call, machine, at);
    this.taken.push({ id, call, at, isEffective });
  }

  /** For tests without a network between. */
  port(): Instances {
    return { find: async (id) => this.find(id), call: async (call, id) => this.call(call, id) };
  }

  #take(call: InstanceCall, machine: Machine, at: number): boolean {
    const state = stateAt(machine, at);
    switch (call) {
      case 'stop':
        return this.#move(
          machine,
          at,
          { isNothing: ['stopping', 'stopped'].includes(state), isFit: state === 'running' },
          () => [
            { state: 'stopping', from: at },
            { state: 'stopped', from: at + this.#options.stopTakes },
          ],
        );
      case 'start':
        return this.#move(
          machine,
          at,
          { isNothing: ['pending', 'running'].includes(state), isFit: state === 'stopped' },
          () => [
            { state: 'pending', from: at },
            { state: this.#startsAs(), from: at + this.#options.startTakes },
          ],
        );
      case 'reboot':
        return this.#move(machine, at, { isNothing: false, isFit: state === 'running' }, () => []);
      default:
        return call satisfies never;
    }
  }

  #startsAs(): InstanceState {
    const outcome = this.#options.onStart?.() ?? 'runs';
    return outcome === 'runs' ? 'running' : outcome === 'falls back' ? 'stopped' : 'terminated';
  }

  #move(
    machine: Machine,
    at: number,
    { isNothing, isFit }: { isNothing: boolean; isFit: boolean },
    states: () => Machine['states'],
  ): boolean {
    if (isNothing) return false;
    if (!isFit) throw new Fault('contended', `the state ${stateAt(machine, at)} does not allow it`);
    machine.states = [...machine.states.filter(({ from }) => from <= at), ...states()];
    return true;
  }
}

function stateAt({ states }: Machine, time: number): InstanceState {
  return (states.findLast(({ from }) => from <= time) ?? (states[0] as Machine['states'][number])).state;
}

/** EC2 tells the time of the last start. */
function launchedAt({ states }: Machine, time: number): string {
  const launch = states.findLast(({ state, from }) => state === 'pending' && from <= time) ?? states[0];
  return new Date(launch?.from ?? 0).toISOString();
}
