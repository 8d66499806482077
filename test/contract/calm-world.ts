import { Chaos, Service } from '../simulation/chaos.ts';
import { FunctionInstance } from '../simulation/models/function-instance.ts';
import { Random } from '../simulation/random.ts';
import { Scheduler } from '../simulation/scheduler.ts';

/** The models of the simulation in a world where nothing fails: what is left is how they answer. */
export function calmWorld() {
  const world = worldWith([]);
  // Some models draw their faults themselves, and only ask whether there may still be any.
  world.chaos.until = world.scheduler.now;
  return world;
}

/** The same in a world where these faults strike, and those that a model draws itself. */
export function worldWith(faults: readonly number[]) {
  const random = new Random(1);
  const scheduler = new Scheduler(Date.parse('2026-11-21T12:00:00.000Z'), random.fork('scheduler'));
  const chaos = new Chaos(scheduler, random.fork('chaos'), { active: new Set(faults), planned: new Set(faults) });
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
