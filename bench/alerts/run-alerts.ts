import { closeWindows } from '../../services/close-windows/close-windows.ts';
import { routeAlerts } from '../../services/route-alerts/route-alerts.ts';
import type { Notice } from '../../shared/alerts/notice.ts';
import { onlyLevelTopics } from '../../shared/alerts/outbox.ts';
import { TABLE_KEYS } from '../../shared/aws/tables.ts';
import { alertPolicyOf } from '../../shared/runtime/alert-policy.ts';
import { parseConfiguration } from '../../shared/runtime/configuration.ts';
import { recordsOf } from '../../shared/runtime/kinesis-records.ts';
import { consumeBatch } from '../../shared/stream/consume.ts';
import type { Item, Table } from '../../shared/stream/ports.ts';
import { memoryTable } from '../fakes/memory-table.ts';
import { queryUnits, readUnits, writeUnits } from '../fakes/write-units.ts';
import { invocation } from '../input/invocations.ts';

/** Records that a mapping hands over at a time. */
export interface Batch {
  /** Milliseconds since 1970. */
  at: number;
  records: readonly Buffer[];
}

export interface AlertsResult {
  /** By their id: one that is sent again is the same. */
  notices: ReadonlyMap<string, Notice>;
  /** Times that something was published. */
  published: number;
  units: { write: number; read: number };
  /** Processor time of route-alerts, in seconds. */
  cpuSeconds: number;
}

export interface AlertsOptions {
  /** Counts the units of the tables, which takes longer than what is counted. */
  isMetered?: boolean;
}

const MINUTE = 60_000;
/** After the last event every window closes, what was held back for a day is told, and every end. */
const HOURS_AFTER = 30;

/** Runs batches through route-alerts, with close-windows each minute, on tables and topics that answer at once and count. */
export async function runAlerts(batches: Iterable<Batch>, options: AlertsOptions = {}): Promise<AlertsResult> {
  const run = new AlertsRun(options);
  for (const batch of batches) await run.take(batch);
  await run.passTo(run.now + HOURS_AFTER * 60 * MINUTE);
  return run.result;
}

class AlertsRun {
  now = 0;
  readonly #notices = new Map<string, Notice>();
  readonly result: AlertsResult = { notices: this.#notices, published: 0, units: { write: 0, read: 0 }, cpuSeconds: 0 };
  readonly #clock = { now: () => this.now, sleep: async () => {}, random: () => 0.5 };
  readonly #alertGroups = this.#table('alertGroups');
  readonly #ledger = this.#table('ledger');
  readonly #receivers = onlyLevelTopics(async (_, notices) => {
    this.result.published += notices.length;
    for (const notice of notices) this.#notices.set(notice.id, notice);
    return [];
  });
  readonly #consumer: ReturnType<typeof routeAlerts>;
  readonly #isMetered: boolean;
  #place = 0;

  constructor({ isMetered = false }: AlertsOptions) {
    this.#isMetered = isMetered;
    this.#consumer = routeAlerts({
      alertGroups: this.#alertGroups,
      ledger: this.#ledger,
      clock: this.#clock,
      receivers: this.#receivers,
      policy: alertPolicyOf(parseConfiguration('').alerts),
    });
  }

  async take({ at, records }: Batch): Promise<void> {
    await this.passTo(at);
    const batch = recordsOf(invocation(records, this.#place, at));
    this.#place += records.length;
    const ports = { ledger: this.#ledger, clock: this.#clock, retentionHours: 24, deadline: Number.POSITIVE_INFINITY };
    const start = process.cpuUsage();
    const { batchItemFailures } = await consumeBatch(batch, this.#consumer, ports);
    const { user, system } = process.cpuUsage(start);
    this.result.cpuSeconds += (user + system) / 1e6;
    if (batchItemFailures.length > 0) throw new Error('route-alerts gave a batch back, although nothing failed');
  }

  /** Lets the minutes pass, each with its look at what is due. */
  async passTo(time: number): Promise<void> {
    if (this.now === 0) this.now = time;
    for (let next = (Math.floor(this.now / MINUTE) + 1) * MINUTE; next <= time; next += MINUTE) {
      this.now = next;
      const ports = { alertGroups: this.#alertGroups, receivers: this.#receivers, clock: this.#clock };
      await closeWindows(ports, Number.POSITIVE_INFINITY);
    }
    this.now = time;
  }

  #table(name: 'alertGroups' | 'ledger'): Table {
    const { units } = this.result;
    const due = new Map<string, Item>();
    const written = (item: Item, before: Item | undefined) => {
      if (this.#isMetered) units.write += writeUnits(name, item, before);
      if (name === 'ledger') return;
      if (item.due_at === undefined) due.delete(item.group as string);
      else due.set(item.group as string, item);
    };
    const table = memoryTable(TABLE_KEYS[name], {
      read: (items, asked) => {
        if (this.#isMetered) units.read += readUnits(items, asked);
      },
      query: (items) => {
        if (this.#isMetered) units.read += queryUnits(items);
      },
      write: (items, before) => {
        for (const [index, item] of items.entries()) written(item, before[index]);
      },
      remove: (before) => {
        for (const item of before) units.write += writeUnits(name, undefined, item);
      },
    });
    const query: Table['query'] = async (asked) => {
      if (asked.index === undefined) return table.query(asked);
      const found = dueItems(due.values(), asked);
      // The index holds keys alone. Looks that find nothing go on all day, whatever happens.
      if (this.#isMetered && found.length > 0)
        units.read += queryUnits(found.map(({ group, due_bucket, due_at }) => ({ group, due_bucket, due_at })));
      return found;
    };
    return { ...table, query };
  }
}

function dueItems(items: Iterable<Item>, { partition, from = '', to, limit }: Parameters<Table['query']>[0]): Item[] {
  const within = [...items].filter(({ due_bucket, due_at }) => {
    const key = due_at as string;
    return due_bucket === partition && key >= from && (to === undefined || key <= to);
  });
  return within.sort((a, b) => ((a.due_at as string) < (b.due_at as string) ? -1 : 1)).slice(0, limit);
}
