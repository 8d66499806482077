import { evaluateRules, rulesByName } from '../../../services/evaluate-rules/evaluate-rules.ts';
import { sweepRules } from '../../../services/evaluate-rules/sweep-rules.ts';
import { remediate } from '../../../services/remediate/remediate.ts';
import { TABLE_KEYS } from '../../../shared/aws/tables.ts';
import type { LogEvent } from '../../../shared/events/event.ts';
import type { RemediationSettings } from '../../../shared/remediation/decide.ts';
import type { RemediationFact } from '../../../shared/remediation/fact.ts';
import type { Instances } from '../../../shared/remediation/instance.ts';
import { requestMessage } from '../../../shared/remediation/message.ts';
import type { RemediationRequest } from '../../../shared/remediation/request.ts';
import { type CompiledRule, compileRule } from '../../../shared/rules/rule.ts';
import type { Firing, OutgoingFiring } from '../../../shared/rules/rule-state.ts';
import type { Consumer } from '../../../shared/stream/consume.ts';
import { Fault } from '../../../shared/stream/fault.ts';
import type { Item, SendFailure, StreamRecord, Table } from '../../../shared/stream/ports.ts';
import { Chaos, isIn, Service, type Span } from '../chaos.ts';
import type { Repeats } from '../checks/check-repeats.ts';
import { checkRuleRepeats, noteFirings } from '../checks/check-rules.ts';
import { gatedTable } from '../models/gated-table.ts';
import { type FunctionInstance, ModelFunction } from '../models/model-function.ts';
import { ModelInstances } from '../models/model-instances.ts';
import { ModelQueue, type QueuedMessage } from '../models/model-queue.ts';
import { ModelTable } from '../models/model-table.ts';
import type { Random } from '../random.ts';
import type { World } from '../world.ts';
import { People } from './people.ts';
import { ALARM_INSTANCES, MACHINES, RULES } from './set-up.ts';

/** As deployed: infrastructure/remediation.ts. */
const VISIBILITY = 30_000;
const TIMEOUT = 25_000;
const MOST_LOOKS = 1_000;

const MINUTE = 60_000;

/**
 * Rules, the remediation and EC2, unchanged save for EC2. Chance and faults of the remediation are its own, so that the rest
 * of a run is what it is without it.
 */
export class Automation {
  readonly rules: readonly CompiledRule[] = RULES.map(compileRule);
  readonly settings: RemediationSettings;
  readonly states: ModelTable;
  readonly instances: ModelInstances;
  readonly #people: People;
  readonly queue: ModelQueue;
  /** What rules put on the stream, and what the remediation told. */
  readonly ruleEvents: LogEvent[] = [];
  readonly told: Record<'stream' | 'topic', RemediationFact[]> = { stream: [], topic: [] };
  readonly unclear: LogEvent[] = [];
  /** Every firing that was ever saved as pending, as first saved, by its id. */
  readonly firings = new Map<string, OutgoingFiring>();
  /** What each group decided last. */
  readonly newest = new Map<string, Firing>();
  readonly repeats: Repeats = { groups: new Map(), allowed: new Map() };
  /** Requests that rules sent. */
  readonly asked: RemediationRequest[] = [];
  readonly #world: World;
  readonly #random: Random;
  readonly #chaos: Chaos;
  readonly #services: Record<'states' | 'ledger' | 'ec2' | 'sqs' | 'kinesis' | 'sns', Service>;
  readonly #ledger: ModelTable;

  constructor(world: World) {
    const { scheduler, plan, random } = world;
    this.#world = world;
    this.#random = random.fork('automation');
    this.#chaos = new Chaos(scheduler, this.#random.fork('chaos'), {
      active: new Set([1, 2, 3, 5, 24, 31]),
      planned: new Set(),
    });
    this.#chaos.until = plan.faultsEnd;
    this.settings = {
      tag: { key: 'sluice-remediation', value: 'allowed' },
      restart: this.#random.pick(['stop-start', 'stop-start', 'reboot'] as const),
      isDryRun: false,
      cooldownSeconds: 1_200,
      maximumPerDay: 3,
      runningWithinSeconds: 600,
    };
    this.states = new ModelTable({
      keys: TABLE_KEYS.alertGroups,
      onWrite: (before, after) => noteFirings(world, this, { before, after }),
    });
    this.#ledger = new ModelTable({ keys: TABLE_KEYS.ledger });
    this.#services = this.#makeServices();
    this.instances = this.#makeInstances();
    this.#people = new People(this.instances, { scheduler, random: this.#random.fork('people') });
    const code = this.#remediateFunction();
    this.queue = new ModelQueue(
      {
        visibility: VISIBILITY,
        batchSize: 5,
        maxReceives: MOST_LOOKS,
        invoke: (messages, settle) => code.invoke(messages, settle),
        isTwice: () => this.#strikes(0.1),
        onTwice: (kind) => world.chaos.hit(50, kind),
      },
      { scheduler, random: this.#random.fork('queue') },
    );
  }

  /** Of its own chance, until the faults end. */
  #strikes(probability: number): boolean {
    return !this.#chaos.isOver && this.#random.chance(probability);
  }

  #makeServices() {
    const { scheduler, plan } = this.#world;
    const down = { spans: plan.tablesDown, code: 'unavailable' as const, fault: 45, hangs: plan.hangs };
    const denied = { spans: plan.topicsDenied, code: 'denied' as const, fault: 46, kind: 'all topics' };
    const chaos = this.#world.chaos;
    const service = (name: string, more: Partial<ConstructorParameters<typeof Service>[0]> = {}) => {
      const options = { name, latency: { from: 5, to: 60 }, throttled: 0.02, ...more };
      return new Service(options, { scheduler, chaos, random: this.#random.fork('services') });
    };
    return {
      states: service('rule states', { down }),
      ledger: service('remediations', { down }),
      ec2: service('ec2', { latency: { from: 50, to: 900 }, throttled: 0.1 }),
      sqs: service('sqs'),
      kinesis: service('kinesis'),
      sns: service('remediation topic', { down: denied }),
    };
  }

  #makeInstances(): ModelInstances {
    const { scheduler, chaos } = this.#world;
    const noCapacity = this.#withoutCapacity();
    const instances = new ModelInstances({
      now: () => scheduler.now,
      stopTakes: this.#random.between(15_000, 90_000),
      startTakes: this.#random.between(10_000, 60_000),
      lag: this.#random.pick([0, 0, 5_000, 20_000]),
      onStart: () => {
        const isFull = isIn(scheduler.now, noCapacity);
        if (!isFull && !this.#strikes(0.2)) return 'runs';
        const outcome = !isFull && this.#random.chance(0.2) ? 'terminates' : 'falls back';
        chaos.hit(49, outcome);
        return outcome;
      },
    });
    for (const { id, tags } of MACHINES) instances.launch(id, { tags });
    return instances;
  }

  /** In some runs EC2 has no room for longer than a restart may take: what is started falls back each time. */
  #withoutCapacity(): Span[] {
    const { input } = this.#world.plan;
    const random = this.#random.fork('capacity');
    if (!random.chance(0.5)) return [];
    const from = input.from + random.between(0, 40 * MINUTE);
    return [{ from, to: from + random.between(30 * MINUTE, 60 * MINUTE) }];
  }

  /** The consumer of rules, as one function instance has it. */
  consumer(instance: FunctionInstance, ledger: Table): Consumer {
    const { seenLimits } = this.#world.plan;
    return evaluateRules({ ...this.#rulePorts(instance), ledger, rules: this.rules, seenLimits });
  }

  /** The minute's sweep of rules, as a function. */
  sweepFunction(skew: (random: Random) => number): ModelFunction<undefined> {
    const make = (instance: FunctionInstance) => {
      const ports = { ...this.#rulePorts(instance), rules: rulesByName(this.rules) };
      return (_: undefined, deadline: number) => sweepRules(ports, deadline);
    };
    return new ModelFunction({ name: 'sweep-rules', timeout: MINUTE, make, skew }, this.#world);
  }

  #rulePorts(instance: FunctionInstance) {
    const { kinesis, sqs } = this.#services;
    return {
      states: gatedTable({
        table: this.states,
        service: this.#services.states,
        instance,
        chaos: this.#world.chaos,
        afterPut: (item, answer) => {
          if (answer === 'written') this.#noteWrite(instance, item);
        },
      }),
      clock: instance.clock,
      put: (groups: readonly (readonly LogEvent[])[]) =>
        this.#send(instance, { service: kinesis, all: groups, take: (events) => this.ruleEvents.push(...events) }),
      request: (requests: readonly RemediationRequest[]) =>
        this.#send(instance, {
          service: sqs,
          all: requests,
          take: (request) => {
            this.asked.push(request);
            this.queue.send(requestMessage(request));
          },
        }),
    };
  }

  #noteWrite({ subject }: FunctionInstance, item: Item): void {
    const batch = (subject as readonly StreamRecord[] | undefined) ?? [];
    checkRuleRepeats(this.#world, this, { batch, item });
  }

  #remediateFunction(): ModelFunction<readonly QueuedMessage[]> {
    const { scheduler } = this.#world;
    const make = (instance: FunctionInstance) => {
      const { ledger, kinesis, sns } = this.#services;
      const tell = (receiver: 'stream' | 'topic', service: Service) => (facts: readonly RemediationFact[]) =>
        this.#send(instance, { service, all: facts, take: (fact) => this.#hear(receiver, fact) });
      const ports = {
        ledger: gatedTable({ table: this.#ledger, service: ledger, instance, chaos: this.#chaos }),
        instances: this.#ec2(instance),
        clock: instance.clock,
        settings: this.settings,
        alarms: ALARM_INSTANCES,
        tell: { stream: tell('stream', kinesis), topic: tell('topic', sns) },
        put: (events: readonly LogEvent[]) =>
          this.#send(instance, { service: kinesis, all: [events], take: (each) => this.unclear.push(...each) }),
      };
      return async (messages: readonly QueuedMessage[], deadline: number) => {
        const { unsettled } = await remediate(messages, ports, deadline);
        return { batchItemFailures: unsettled.map((itemIdentifier) => ({ itemIdentifier })) };
      };
    };
    const skewed = this.#world.chaos.active.has(29);
    const skew = (random: Random) => (skewed ? random.between(-5 * MINUTE, 5 * MINUTE) : 0);
    const world = { scheduler, chaos: this.#chaos, random: this.#random.fork('function') };
    return new ModelFunction({ name: 'remediate', timeout: TIMEOUT, make, skew }, world);
  }

  #hear(receiver: 'stream' | 'topic', fact: RemediationFact): void {
    this.told[receiver].push(fact);
    if (receiver === 'topic') this.#people.hear(fact);
  }

  /** EC2 through a network that takes time and loses answers. */
  #ec2(instance: FunctionInstance): Instances {
    const service = this.#services.ec2;
    return {
      find: (id) =>
        instance.call({ service, label: `describes ${id}`, writes: false, effect: () => this.instances.find(id) }),
      call: (name, id) =>
        instance.call({
          service,
          label: `${name} ${id}`,
          writes: true,
          effect: () => this.instances.call(name, id),
          losesAnswer: () => {
            const isLost = this.#strikes(0.15);
            if (isLost) this.#world.chaos.hit(48, name);
            return isLost;
          },
        }),
    };
  }

  /** A batch that can be refused as a whole or in part, or taken without anybody hearing of it. */
  async #send<T>(
    instance: FunctionInstance,
    { service, all, take }: { service: Service; all: readonly T[]; take: (one: T) => void },
  ): Promise<SendFailure[]> {
    try {
      return await instance.call({
        service,
        label: `takes ${all.length}`,
        writes: true,
        effect: () =>
          all.flatMap((one, index) => {
            if (this.#strikes(0.03)) return [{ index, reason: 'throttled' }];
            take(one);
            return [];
          }),
        losesAnswer: () => this.#strikes(0.03),
      });
    } catch (fault) {
      if (!(fault instanceof Fault)) throw fault;
      return all.map((_, index) => ({ index, reason: fault.message }));
    }
  }
}
