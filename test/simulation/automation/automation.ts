import { evaluateRules, rulesByName } from '../../../services/evaluate-rules/evaluate-rules.ts';
import { sweepRules } from '../../../services/evaluate-rules/sweep-rules.ts';
import { remediate } from '../../../services/remediate/remediate.ts';
import type { TellFacts } from '../../../services/remediate/restart.ts';
import { putTogether, tellStream, tellTopic } from '../../../services/remediate/tell-facts.ts';
import { TABLE_KEYS } from '../../../shared/aws/tables.ts';
import type { LogEvent } from '../../../shared/events/event.ts';
import type { RemediationSettings } from '../../../shared/remediation/decide.ts';
import type { RemediationFact } from '../../../shared/remediation/fact.ts';
import type { InstanceCall, Instances } from '../../../shared/remediation/instance.ts';
import { requestMessage } from '../../../shared/remediation/message.ts';
import type { RemediationRequest } from '../../../shared/remediation/request.ts';
import { type CompiledRule, compileRule } from '../../../shared/rules/rule.ts';
import type { Firing, OutgoingFiring } from '../../../shared/rules/rule-state.ts';
import type { Consumer } from '../../../shared/stream/consume.ts';
import type { Item, StreamRecord, Table } from '../../../shared/stream/ports.ts';
import { putGroups } from '../../../shared/stream/put-groups.ts';
import { Chaos, isIn, Service, type Span } from '../chaos.ts';
import type { Repeats } from '../checks/check-repeats.ts';
import { checkRuleRepeats, noteFirings } from '../checks/check-rules.ts';
import { calledInstances } from '../models/called-instances.ts';
import type { FunctionInstance } from '../models/function-instance.ts';
import { gatedTable } from '../models/gated-table.ts';
import { ModelFunction } from '../models/model-function.ts';
import { ModelInstances } from '../models/model-instances.ts';
import { ModelQueue, type QueuedMessage } from '../models/model-queue.ts';
import { eventTopic, type ModelReceiver, requestQueue } from '../models/model-receiver.ts';
import { ModelTable } from '../models/model-table.ts';
import { linesOnto, putCall } from '../models/put-call.ts';
import type { Random } from '../random.ts';
import type { World } from '../world.ts';
import { eventName, factName, REMEDIATION_KIND, RULES_KIND } from './names.ts';
import { People } from './people.ts';
import { ALARM_INSTANCES, MACHINES, RULES } from './set-up.ts';

/** As deployed: infrastructure/remediation.ts. */
const VISIBILITY = 30_000;
const TIMEOUT = 25_000;
const MOST_LOOKS = 1_000;

const MINUTE = 60_000;

/** So often that some are refused in each try of their sender. */
const STRIKES = { refusal: 0.55, 'lost answer': 0.05 };

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
  /** What the remediation set out to tell, by `factName`. What it put on the stream came back like any other record. */
  readonly facts = new Map<string, RemediationFact>();
  /** What its topic took. */
  readonly published: LogEvent[] = [];
  /** Every firing that was ever saved as pending, as first saved, by its id. */
  readonly firings = new Map<string, OutgoingFiring>();
  /** What each group decided last. */
  readonly newest = new Map<string, Firing>();
  readonly repeats: Repeats = { groups: new Map(), allowed: new Map() };
  /** Messages on the queue that ask for nothing that can be understood. */
  unclear = 0;
  /** Requests that rules sent. */
  readonly asked: RemediationRequest[] = [];
  readonly #world: World;
  readonly #random: Random;
  readonly #chaos: Chaos;
  readonly #services: Record<'states' | 'ledger' | 'ec2' | 'sqs' | 'sns', Service>;
  readonly #ledger: ModelTable;
  readonly #topic: ModelReceiver<LogEvent>;
  readonly #requests: ModelReceiver<RemediationRequest>;

  constructor(world: World) {
    const { scheduler, plan, random } = world;
    this.#world = world;
    this.#random = random.fork('automation');
    this.#chaos = new Chaos(scheduler, this.#random.fork('chaos'), {
      active: new Set([1, 2, 3, 5, 6, 7, 24, 31]),
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
    this.#topic = this.#makeTopic();
    this.#requests = this.#makeRequests();
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
      sns: service('remediation topic', { down: denied }),
    };
  }

  #makeTopic(): ModelReceiver<LogEvent> {
    return eventTopic({
      service: this.#services.sns,
      strikes: (what) => this.#strikes(STRIKES[what]),
      take: (event) => {
        this.published.push(event);
        const fact = this.facts.get(eventName(event));
        if (fact) this.#people.hear(fact);
      },
    });
  }

  #makeRequests(): ModelReceiver<RemediationRequest> {
    return requestQueue({
      service: this.#services.sqs,
      strikes: (what) => this.#strikes(STRIKES[what]),
      take: (request) => {
        this.asked.push(request);
        this.queue.send(requestMessage(request));
      },
    });
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
    const { clock } = instance;
    const stream = { clock, send: this.#putCall(instance, RULES_KIND) };
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
      clock,
      put: (groups: readonly (readonly LogEvent[])[]) => putGroups(groups, { ...stream, keyOf: ({ id }) => id }),
      request: this.#requests.sender(instance),
    };
  }

  /** Onto the stream that the consumers read, as deployed. */
  #putCall(instance: FunctionInstance, kind: string) {
    return putCall(instance, { ...linesOnto(this.#world, kind), chaos: this.#chaos, random: this.#random });
  }

  #noteWrite({ subject }: FunctionInstance, item: Item): void {
    const batch = (subject as readonly StreamRecord[] | undefined) ?? [];
    checkRuleRepeats(this.#world, this, { batch, item });
  }

  #remediateFunction(): ModelFunction<readonly QueuedMessage[]> {
    const { scheduler } = this.#world;
    const make = (instance: FunctionInstance) => {
      const { clock } = instance;
      const stream = { clock, send: this.#putCall(instance, REMEDIATION_KIND) };
      const ports = {
        ledger: gatedTable({ table: this.#ledger, service: this.#services.ledger, instance, chaos: this.#chaos }),
        instances: this.#ec2(instance),
        clock,
        settings: this.settings,
        alarms: ALARM_INSTANCES,
        tell: {
          stream: this.#noted(tellStream(stream)),
          topic: this.#noted(tellTopic(this.#topic.sender(instance))),
        },
        put: putTogether(stream),
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

  /** Remembers what it is about to tell, and that it says the same each time. */
  #noted(tell: TellFacts): TellFacts {
    return (facts) => {
      for (const fact of facts) {
        const known = this.facts.get(factName(fact));
        this.facts.set(factName(fact), fact);
        if (known && JSON.stringify(known) !== JSON.stringify(fact))
          this.#world.violate(`${factName(fact)} is told twice, not alike`);
      }
      return tell(facts);
    };
  }

  #ec2(instance: FunctionInstance): Instances {
    const losesAnswer = (name: InstanceCall) => {
      const isLost = this.#strikes(0.15);
      if (isLost) this.#world.chaos.hit(48, name);
      return isLost;
    };
    return calledInstances(instance, { model: this.instances, service: this.#services.ec2, losesAnswer });
  }
}
