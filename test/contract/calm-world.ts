import { Chaos, Service } from '../simulation/chaos.ts';
import { FunctionInstance } from '../simulation/models/model-function.ts';
import { Random } from '../simulation/random.ts';
import { Scheduler } from '../simulation/scheduler.ts';

/** The models of the simulation in a world where nothing fails: what is left is how they answer. */
export function calmWorld() {
  const random = new Random(1);
  const scheduler = new Scheduler(Date.parse('2026-11-21T12:00:00.000Z'), random.fork('scheduler'));
  const chaos = new Chaos(scheduler, random.fork('chaos'), { active: new Set(), planned: new Set() });
  const service = new Service({ name: 'service', latency: { from: 1, to: 5 } }, { scheduler, chaos, random });
  const instance = new FunctionInstance('caller', { scheduler, chaos, random }, 0);

  /** Lets virtual time pass until the call is answered. */
  const settle = async <T>(call: Promise<T>): Promise<T> => {
    let isSettled = false;
    const mark = () => {
      isSettled = true;
    };
    call.then(mark, mark);
    while (!isSettled) {
      await scheduler.runUntil(scheduler.now + 10);
      await new Promise((resolve) => setImmediate(resolve));
    }
    return call;
  };
  return { random, scheduler, chaos, service, instance, settle };
}
