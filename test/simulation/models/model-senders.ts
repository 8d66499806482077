import { gzipSync } from 'node:zlib';
import { ingestCloudWatch } from '../../../services/ingest-cloudwatch/ingest-cloudwatch.ts';
import { type Ingested, ingestHttp } from '../../../services/ingest-http/ingest-http.ts';
import { ingestNotifications } from '../../../services/ingest-notifications/ingest-notifications.ts';
import { eventIdSequence } from '../../../shared/events/event-id.ts';
import { Chaos } from '../chaos.ts';
import type { Random } from '../random.ts';
import type { World } from '../world.ts';
import type { FunctionInstance } from './function-instance.ts';
import { ModelFunction, type ModelFunctionOptions, type Outcome } from './model-function.ts';
import { linesOnto, putCall } from './put-call.ts';

/** As deployed: API Gateway waits 29 s; serverless.yml has the others. */
const TIMEOUTS = { 'ingest-http': 29_000, 'ingest-cloudwatch': 120_000, 'ingest-notifications': 60_000 };
/** A caller of the API tries so often; Lambda calls a function three times for an event of CloudWatch Logs, SNS for days. */
const TRIES = { 'ingest-http': 3, 'ingest-cloudwatch': 3, 'ingest-notifications': 50 };

type SenderName = keyof typeof TIMEOUTS;

/** One line of a log group, by what names it there. */
export interface CloudWatchLine {
  logStream: string;
  id: string;
}

/** A change of an alarm, as CloudWatch tells it. */
export interface AlarmChange {
  name: string;
  state: string;
  previous: string;
  at: string;
}

/**
 * The functions that put events for others, unchanged: behind the API, behind log groups, behind the alarms' topic. Who
 * calls them calls again when no answer comes. Their chance is their own, so that the rest of a run is what it is without.
 */
export class ModelSenders {
  /** Ids that an answer of the API said are on the stream. */
  readonly accepted = new Set<string>();
  /** Lines that were delivered, and those of deliveries that were given up and are kept. */
  readonly lines: CloudWatchLine[] = [];
  readonly keptLines = new Set<string>();
  readonly changes: AlarmChange[] = [];
  gaveUp = 0;
  readonly #world: World;
  readonly #chaos: Chaos;
  readonly #random: Random;
  readonly #http: ModelFunction<readonly unknown[]>;
  readonly #cloudWatch: ModelFunction<string>;
  readonly #notifications: ModelFunction<readonly string[]>;

  constructor(world: World) {
    const { scheduler, plan } = world;
    this.#world = world;
    this.#random = world.random.fork('senders');
    const faults = { active: new Set([1, 2, 3, 6, 7]), planned: new Set<number>() };
    this.#chaos = new Chaos(scheduler, this.#random.fork('chaos'), faults);
    this.#chaos.until = plan.faultsEnd;
    const newId = eventIdSequence((size) => Buffer.from(this.#random.hex(size * 2), 'hex'));
    this.#http = this.#function('ingest-http', (ports) => (bodies) => ingestHttp(bodies, { ...ports, newId }));
    this.#cloudWatch = this.#function('ingest-cloudwatch', (ports) => (data) => ingestCloudWatch(data, ports));
    this.#notifications = this.#function(
      'ingest-notifications',
      (ports) => (messages) => ingestNotifications(messages, ports),
    );
  }

  /** Sends a request, and the same again while it is not answered as accepted. */
  post(bodies: readonly unknown[], tries = 1): void {
    this.#http.invoke(bodies, (outcome) => {
      const answer = outcome.status === 'answered' ? (outcome.answer as Ingested) : undefined;
      for (const id of acceptedIds(answer)) this.accepted.add(id);
      if (answer?.status === 'accepted' || tries >= TRIES['ingest-http']) return;
      this.#world.chaos.hit(53, answer === undefined ? 'unanswered' : 'part');
      this.#later(this.#random.between(100, 20_000), () => this.post(bodies, tries + 1));
    });
  }

  /** Lines of one log stream; a control message where there are none. */
  deliver(logStream: string, lines: readonly { id: string; timestamp: number; message: string }[]): void {
    const own = lines.map(({ id }) => ({ logStream, id }));
    this.lines.push(...own);
    const messageType = lines.length > 0 ? 'DATA_MESSAGE' : 'CONTROL_MESSAGE';
    const envelope = { messageType, owner: '123456789012', logGroup: '/aws/lambda/shop', logStream, logEvents: lines };
    const data = gzipSync(JSON.stringify(envelope)).toString('base64');
    const keep = () => {
      for (const line of own) this.keptLines.add(lineKey(line));
    };
    this.#callCloudWatch(data, keep);
    if (!this.#random.chance(0.2)) return;
    this.#world.chaos.hit(54, 'twice');
    this.#later(this.#random.between(0, 5_000), () => this.#callCloudWatch(data, keep));
  }

  tell(change: AlarmChange): void {
    this.changes.push(change);
    const { name, state, previous, at } = change;
    const alarm = { AlarmName: name, NewStateValue: state, OldStateValue: previous, StateChangeTime: at };
    const message = JSON.stringify({ ...alarm, NewStateReason: `Threshold crossed at ${at}` });
    this.#callNotifications(message);
    if (this.#random.chance(0.3)) {
      this.#world.chaos.hit(42, 'twice');
      this.#callNotifications(message);
    }
    if (!this.#random.chance(0.1)) return;
    this.#world.chaos.hit(42, 'late');
    this.#later(this.#random.between(1, 90) * 60_000, () => this.#callNotifications(message));
  }

  #callCloudWatch(data: string, keep: () => void, tries = 1): void {
    this.#cloudWatch.invoke(data, (outcome) => {
      if (outcome.status === 'answered') return;
      if (tries >= TRIES['ingest-cloudwatch']) return keep();
      this.#world.chaos.hit(54, 'again');
      // Source: AWS Lambda Developer Guide, "How Lambda handles errors and retries with asynchronous invocation".
      this.#later(tries * 60_000, () => this.#callCloudWatch(data, keep, tries + 1));
    });
  }

  #callNotifications(message: string, tries = 1): void {
    this.#notifications.invoke([message], (outcome: Outcome) => {
      if (outcome.status === 'answered') return;
      if (tries >= TRIES['ingest-notifications']) {
        this.gaveUp++;
        return;
      }
      this.#later(20_000, () => this.#callNotifications(message, tries + 1));
    });
  }

  #later(delay: number, work: () => void): void {
    this.#world.scheduler.after(delay, 'a sender calls', work);
  }

  #function<Input>(
    name: SenderName,
    codeOf: (ports: Ports) => (input: Input) => Promise<unknown>,
  ): ModelFunction<Input> {
    const world = this.#world;
    const [chaos, random] = [this.#chaos, this.#random];
    const { scheduler } = world;
    const make: ModelFunctionOptions<Input>['make'] = (instance) => {
      // In some calls the stream takes hardly anything.
      let isBusy = false;
      const send = putCall(instance, { ...linesOnto(world, name), chaos, random, isChoked: () => isBusy });
      const code = codeOf({ clock: instance.clock, send });
      return (input) => {
        isBusy = chaos.strikes(6, 0.15, name);
        // A message that puts nothing makes no call that would.
        scheduler.wake();
        return code(input);
      };
    };
    return new ModelFunction(
      { name, timeout: TIMEOUTS[name], skew: () => 0, make },
      { scheduler, chaos, random: random.fork(name) },
    );
  }
}

interface Ports {
  clock: FunctionInstance['clock'];
  send: ReturnType<typeof putCall>;
}

export function lineKey({ logStream, id }: CloudWatchLine): string {
  return `${logStream} ${id}`;
}

function acceptedIds(answer: Ingested | undefined): string[] {
  if (answer === undefined) return [];
  return answer.status === 'accepted' ? answer.ids : answer.events.flatMap(({ id, accepted }) => (accepted ? id : []));
}
