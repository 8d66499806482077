import type { InstanceCall, Instances } from '../../../shared/remediation/instance.ts';
import type { Service } from '../chaos.ts';
import type { FunctionInstance } from './function-instance.ts';
import type { ModelInstances } from './model-instances.ts';

export interface CalledInstancesOptions {
  model: ModelInstances;
  service: Service;
  /** Asked of each call that EC2 took: whether its caller hears of it only as a time-out. */
  losesAnswer: (call: InstanceCall) => boolean;
}

/** EC2 as one function instance calls it: through a network that takes time and loses answers. */
export function calledInstances(instance: FunctionInstance, options: CalledInstancesOptions): Instances {
  const { model, service, losesAnswer } = options;
  return {
    find: (id) => instance.call({ service, label: `describes ${id}`, writes: false, effect: () => model.find(id) }),
    call: (name, id) =>
      instance.call({
        service,
        label: `${name} ${id}`,
        writes: true,
        effect: () => model.call(name, id),
        losesAnswer: () => losesAnswer(name),
      }),
  };
}
