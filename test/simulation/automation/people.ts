import type { RemediationFact } from '../../../shared/remediation/fact.ts';
import type { InstanceId } from '../../../shared/remediation/instance.ts';
import type { ModelInstances } from '../models/model-instances.ts';
import type { Random } from '../random.ts';
import type { Scheduler } from '../scheduler.ts';

const MINUTE = 60_000;
const SOONEST = 5 * MINUTE;
const LATEST = 20 * MINUTE;

/** Whether people look at the instance once they hear this. */
export function callsPeople(fact: RemediationFact): boolean {
  return fact.type === 'remediation.failed' && CAUSES.has(fact.cause);
}

const CAUSES: ReadonlySet<string> = new Set(['gone', 'not-running-again', 'refused-by-ec2']);

/** Those who are told when a restart has failed: they start what stands still, and look again until it runs. */
export class People {
  readonly #busyWith = new Set<InstanceId>();
  readonly #instances: ModelInstances;
  readonly #scheduler: Scheduler;
  readonly #random: Random;

  constructor(instances: ModelInstances, { scheduler, random }: { scheduler: Scheduler; random: Random }) {
    this.#instances = instances;
    this.#scheduler = scheduler;
    this.#random = random;
  }

  hear(fact: RemediationFact): void {
    if (!callsPeople(fact) || this.#busyWith.has(fact.instance)) return;
    this.#busyWith.add(fact.instance);
    this.#lookLater(fact.instance);
  }

  #lookLater(id: InstanceId): void {
    this.#scheduler.after(this.#random.between(SOONEST, LATEST), `people look at ${id}`, () => this.#look(id));
  }

  #look(id: InstanceId): void {
    const state = this.#instances.stateOf(id);
    if (state === 'running' || state === 'terminated') {
      this.#busyWith.delete(id);
      return;
    }
    if (state === 'stopped') this.#instances.call('start', id);
    this.#lookLater(id);
  }
}
