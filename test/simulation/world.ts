import type { Notice } from '../../shared/alerts/notice.ts';
import { KEEP_SETTINGS } from '../../shared/aws/client-settings.ts';
import { TABLE_KEYS } from '../../shared/aws/tables.ts';
import type { AlertPolicy } from '../../shared/runtime/alert-policy.ts';
import type { BatchOutcome } from '../../shared/stream/consume.ts';
import type { Item, StreamRecord } from '../../shared/stream/ports.ts';
import type { Automation } from './automation/automation.ts';
import { Chaos, isIn, Service } from './chaos.ts';
import type { Applied } from './checks/check-order.ts';
import { isWorthWarning } from './checks/check-own-warnings.ts';
import type { Repeats } from './checks/check-repeats.ts';
import { checkSending, type Sendings } from './checks/check-sent-once.ts';
import type { Due } from './checks/check-windows.ts';
import { checkGroupWrite, checkIncidentWrite } from './checks/check-writes.ts';
import { type AcceptedRecord, isEmpty } from './input/parcel.ts';
import type { EventSourceMapping } from './models/event-source-mapping.ts';
import type { FunctionInstance } from './models/function-instance.ts';
import type { ModelApplication } from './models/model-application.ts';
import { FailureDestination, ModelBucket } from './models/model-bucket.ts';
import type { ModelDrops } from './models/model-drops.ts';
import { ModelFirehose } from './models/model-firehose.ts';
import { ModelPager } from './models/model-pager.ts';
import type { ModelSenders } from './models/model-senders.ts';
import { ModelStream } from './models/model-stream.ts';
import { ModelTable } from './models/model-table.ts';
import { ModelTopics } from './models/model-topics.ts';
import type { Plan } from './plan.ts';
import { Random } from './random.ts';
import { policyOf } from './routing.ts';
import { Scheduler } from './scheduler.ts';

export type TableName = 'incidents' | 'applicationLogs' | 'alertGroups' | 'ledger';

/** A receipt of route-alerts, with what its run was given: a run can die between writing it and reporting it. */
export interface WrittenReceipt {
  received: number;
  filtered: number;
  records: readonly StreamRecord[];
  didTableFail: boolean;
}

/** What a run of a consumer reported, with what it was given. */
export interface Reported {
  outcome: BatchOutcome;
  records: readonly StreamRecord[];
  /** Names the run, and the step of the simulation at which it began. */
  run: string;
  startedAt: number;
  /** Whether one of its tables refused the run, hung, or was left alone for it until now. */
  didTableFail: boolean;
}

const RETENTION_HOURS = 24;

/** All of the modelled AWS, and what the checks need to know of the run. */
export class World {
  readonly plan: Plan;
  readonly random: Random;
  readonly scheduler: Scheduler;
  readonly chaos: Chaos;
  readonly policy: AlertPolicy;
  readonly stream: ModelStream;
  readonly tables: Record<TableName, ModelTable>;
  readonly services: Record<
    TableName | 'sns' | 'oneTopic' | 'pager' | 'firehose' | 'kinesis' | 'quarantine' | 's3',
    Service
  >;
  readonly topics: ModelTopics;
  readonly pager: ModelPager;
  readonly firehose: ModelFirehose;
  readonly bucket: ModelBucket;
  readonly destination: FailureDestination;
  readonly mappings: EventSourceMapping[] = [];
  /** In runs with rules and restarts. */
  automation: Automation | undefined;
  /** In runs in which files are dropped. */
  drops: ModelDrops | undefined;
  /** In runs in which events come through the API, from log groups and from alarms. */
  senders: ModelSenders | undefined;
  /** In runs in which some log with the client. */
  readonly applications: ModelApplication[] = [];
  readonly accepted: AcceptedRecord[] = [];
  readonly bySequence = new Map<string, AcceptedRecord>();
  readonly reports: Reported[] = [];
  readonly receipts: WrittenReceipt[] = [];
  /** By consumer: the sequence keys of what it was done with once. */
  readonly done = new Map<string, Set<string>>();
  /** By consumer: how often it was given each id. */
  readonly handed = new Map<string, Map<string, number>>();
  /** Records that carry no event, by sequence key. */
  readonly emptyRecords = new Set<string>();
  /** Which run left the first receipt for one of them and at which step, by consumer and sequence key. */
  readonly emptyDone = new Map<string, { step: number; run: string }>();
  /** Alert groups whose outbox was full once: of topics that refuse, or of a backlog with more windows than it holds. */
  readonly full = new Set<string>();
  /** What is to be done next in each group of the default route. */
  readonly due = new Map<string, Due>();
  readonly sendings: Sendings = { last: new Map(), waitsSince: new Map() };
  /** Records that route-alerts was done with while the ledger did not answer: no receipt tells a replay of them. */
  readonly withoutReceipt = new Set<string>();
  /** Every notice that was ever saved as pending, by its id, as first saved. */
  readonly pending = new Map<string, { notice: Notice; at: number }>();
  /** Rows that were written by an attempt whose item was not: the cap of their hour may be passed by these. */
  readonly overhang = new Set<string>();
  /** Rows of attempts that are under way, or died, by instance and fingerprint. */
  readonly unsettledRows = new Map<string, Set<string>>();
  readonly violations: string[] = [];
  /** The last run of each instance for which a table failed. */
  readonly failedIn = new WeakMap<FunctionInstance, number>();
  /** Incidents and levels of which some events were let go untold while the tables did not answer. */
  readonly untold = new Set<string>();
  /** When the planned silence stood in the table first. */
  silenceKnownAt: number | undefined;
  /** When the table knew who ended it before its time; it may have been over by itself by then. */
  silenceEndKnownAt: number | undefined;
  /** Where a function's own warning goes: back onto the stream, in runs that try that. */
  onWarning: () => void = () => undefined;
  readonly applied = new Map<string, Applied>();
  readonly repeats: Record<'incidents' | 'notices', Repeats> = {
    incidents: { groups: new Map(), allowed: new Map() },
    notices: { groups: new Map(), allowed: new Map() },
  };
  /** Records that took effect after a later one of their shard. */
  inversions = 0;
  conflicts = 0;
  /** Conflicts of one group in one run of a function. */
  readonly conflictsOf = new Map<string, number>();
  zombies = 0;
  readonly retentionHours = RETENTION_HOURS;

  constructor(plan: Plan) {
    this.plan = plan;
    this.policy = policyOf(plan);
    this.random = new Random(plan.seed);
    this.scheduler = new Scheduler(plan.start, this.random.fork('scheduler'));
    const { scheduler, random } = this;
    this.chaos = new Chaos(scheduler, random.fork('chaos'), plan);
    this.chaos.until = plan.faultsEnd;
    this.stream = new ModelStream({
      shards: plan.shards,
      retentionHours: RETENTION_HOURS,
      random: random.fork('stream'),
      now: () => scheduler.now,
    });
    this.tables = {
      incidents: this.#table('incidents', (before, after) => checkIncidentWrite(this, before, after)),
      applicationLogs: this.#table('applicationLogs'),
      alertGroups: this.#table('alertGroups', (before, after) => checkGroupWrite(this, before, after)),
      ledger: this.#table('ledger'),
    };
    const tablesDown = { spans: plan.tablesDown, code: 'unavailable' as const, fault: 45, hangs: plan.hangs };
    const slow = { spans: plan.slow, latency: { from: 3_000, to: 4_900 } };
    const quick = { from: 2, to: 25 };
    // A ledger that is busy loses receipts, and what has none may come again long after.
    const busy = (name: TableName) => (name === 'ledger' && plan.planned.has(31) ? 0.35 : 0.01);
    const table = (name: TableName) =>
      this.#service({ name, latency: quick, slow, down: tablesDown, throttled: busy(name) });
    this.services = {
      incidents: table('incidents'),
      applicationLogs: table('applicationLogs'),
      alertGroups: table('alertGroups'),
      ledger: table('ledger'),
      sns: this.#service({
        name: 'sns',
        latency: { from: 10, to: 90 },
        down: { spans: plan.topicsDenied, code: 'denied', fault: 46, kind: 'all topics' },
      }),
      oneTopic: this.#service({
        name: 'one topic',
        latency: { from: 10, to: 90 },
        down: { spans: plan.oneTopicDenied.spans, code: 'denied', fault: 46, kind: 'one topic' },
      }),
      pager: this.#service({
        name: 'pager',
        latency: { from: 10, to: 900 },
        down: { spans: plan.alerts.pagerDown, code: 'unavailable', fault: 52, hangs: plan.hangs },
      }),
      firehose: this.#service({
        name: 'firehose',
        client: KEEP_SETTINGS,
        latency: { from: 10, to: 90 },
        throttled: 0.02,
        down: {
          spans: plan.firehoseDown,
          code: plan.firehoseFault,
          fault: 55,
          kind: plan.firehoseFault,
          hangs: plan.hangs && plan.firehoseFault === 'unavailable',
        },
      }),
      kinesis: this.#service({ name: 'kinesis', latency: { from: 10, to: 90 }, throttled: 0.02 }),
      quarantine: this.#service({
        name: 'quarantine',
        client: KEEP_SETTINGS,
        latency: { from: 10, to: 90 },
        throttled: 0.02,
        down: { spans: plan.quarantineDown, code: 'unavailable', fault: 56, hangs: plan.hangs },
      }),
      s3: this.#service({ name: 's3', latency: { from: 10, to: 90 }, throttled: 0.02 }),
    };
    const { chaos } = this;
    this.pager = new ModelPager({ service: this.services.pager, now: () => scheduler.now });
    this.topics = new ModelTopics({
      chaos,
      service: this.services.sns,
      alone: { level: plan.oneTopicDenied.level, service: this.services.oneTopic },
      now: () => scheduler.now,
      // Told without the table: its group does not count it.
      onDelivered: (notice, instance) => {
        checkSending(this, notice, instance.run);
        const { id, fingerprint, level, count } = notice;
        const decided = this.pending.get(id)?.notice.count;
        if (decided === count) return;
        if (this.didTableFail(instance)) this.untold.add(`${fingerprint}#${level}`);
        else this.violate(`notice ${id} counts ${count}, ${decided ?? 'none'} was decided, and no table failed`);
      },
    });
    this.firehose = new ModelFirehose({ chaos, service: this.services.firehose });
    this.bucket = new ModelBucket({ service: this.services.quarantine });
    const isDown = () => isIn(scheduler.now, plan.destinationDown);
    this.destination = new FailureDestination({ chaos, isDown, now: () => scheduler.now });
  }

  accept(accepted: AcceptedRecord): void {
    this.accepted.push(accepted);
    this.bySequence.set(sequenceKey(accepted.record), accepted);
    if (isEmpty(accepted.parcel)) this.emptyRecords.add(sequenceKey(accepted.record));
    for (const { fault, kind } of accepted.parcel.faults) this.chaos.hit(fault, kind);
  }

  report(reported: Reported): void {
    this.reports.push(reported);
    const { consumer, withoutReceipt } = reported.outcome;
    if (isWorthWarning(reported.outcome)) this.onWarning();
    if (withoutReceipt === undefined || consumer !== 'route-alerts') return;
    for (const record of reported.records) this.withoutReceipt.add(sequenceKey(record));
  }

  /** Whether a table failed for what the instance runs now. */
  didTableFail(instance: FunctionInstance): boolean {
    return this.failedIn.get(instance) === instance.runs;
  }

  violate(what: string): void {
    if (this.violations.length < 50) this.violations.push(`${new Date(this.scheduler.now).toISOString()} ${what}`);
    this.scheduler.note(`VIOLATION ${what}`);
  }

  #table(name: TableName, onWrite?: (before: Item | undefined, after: Item | undefined) => void): ModelTable {
    const { itemBytes } = this.plan;
    const onLarge = () => {
      if (this.plan.planned.has(33)) this.chaos.hit(33);
    };
    return new ModelTable({ keys: TABLE_KEYS[name], itemBytes, onWrite, onLarge });
  }

  #service(options: ConstructorParameters<typeof Service>[0]): Service {
    return new Service(options, { scheduler: this.scheduler, chaos: this.chaos, random: this.random.fork('services') });
  }
}

/** Sequence numbers are unique within a shard only. */
export function sequenceKey({ shardId, sequenceNumber }: Pick<StreamRecord, 'shardId' | 'sequenceNumber'>): string {
  return `${shardId}:${sequenceNumber}`;
}
