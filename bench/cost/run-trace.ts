import { zstdCompressSync } from 'node:zlib';
import { RecordPacker } from '../../client/record-packer.ts';
import { closeWindows } from '../../services/close-windows/close-windows.ts';
import { NO_USAGE, type Usage, unitsOf } from '../../shared/cost/usage.ts';
import type { LogEvent } from '../../shared/events/event.ts';
import type { Level } from '../../shared/events/levels.ts';
import { type Configuration, parseConfiguration } from '../../shared/runtime/configuration.ts';
import { recordsOf } from '../../shared/runtime/kinesis-records.ts';
import { consumeBatch } from '../../shared/stream/consume.ts';
import type { Item } from '../../shared/stream/ports.ts';
import { type ConsumerName, TABLE_NAMES, type TableName, type World, world } from '../fakes/consumers.ts';
import { queryUnits, readUnits, writeUnits } from '../fakes/write-units.ts';
import { HostileMixture } from '../input/hostile.ts';
import { invocation } from '../input/invocations.ts';
import { type TraceOptions, traceSeconds } from '../input/trace.ts';

export interface TraceResult {
  events: number;
  bytes: number;
  usage: Usage;
  /** Write units of each table, its indexes included. */
  writeUnits: Record<TableName, number>;
  readUnits: Record<TableName, number>;
  notices: number;
  /** Seconds of processor time on this machine. */
  cpuSeconds: Record<ConsumerName, number>;
  batches: number;
  records: number;
  /** Records that were not understood, and kept. */
  quarantined: number;
  /** Bytes of JavaScript heap in use at the end, after collection. */
  heapBytes: number;
}

export interface RunOptions extends TraceOptions {
  /** Seconds that each mapping gathers. Default: as deployed. */
  windows?: Record<ConsumerName, number>;
  /** A record an event instead of records of 25 KB. */
  unpacked?: boolean;
  /** Default: what is deployed where nothing is configured. */
  configuration?: Configuration;
  /** 2 % of the records are hostile, beside the events. */
  hostile?: boolean;
}

/** What an invocation waits for beside its own work, from the 50th percentiles that AWS's services usually show. */
const CALL_SECONDS = 0.006;
const CALLS_AT_A_TIME = 16;
/** Processor time of a call in the SDK. Source: FACTS, "PutRecord 418 µs an event". */
const CALL_CPU_SECONDS = 0.0004;
const MEMORY_GIGABYTES = 0.5;
/** Lambda gives one processor at 1,769 MB. Source: AWS Lambda Developer Guide, "Configure memory". */
const PROCESSOR_SHARE = 512 / 1_769;
/** START, END and REPORT of the platform, and the metrics of Powertools. */
const LOG_BYTES = 1_100;

const FIREHOSE_UNIT = 5_000;
const PAYLOAD_UNIT = 25_000;
/** Of an invocation's payload. Source: AWS Lambda quotas. */
const MOST_BODY = 6 * 1_024 * 1_024;

/** Runs a trace through the three consumers as they are deployed, on tables and services that answer at once and count. */
export async function runTrace(options: RunOptions): Promise<TraceResult> {
  const run = new TraceRun(options);
  const { configuration = parseConfiguration('') } = options;
  const windows = options.windows ?? windowsOf(configuration);
  const gathered = new Map(run.deployed.map((name) => [name, [] as Buffer[]]));
  let second = 0;
  const invoke = async (isDue: (name: ConsumerName) => boolean) => {
    for (const [name, records] of gathered) if (isDue(name)) await run.invoke(name, records.splice(0));
  };
  for (const { at, events } of traceSeconds(options)) {
    run.now = at + 1_000;
    second += 1;
    const put = await run.put(events);
    for (const records of gathered.values()) records.push(...put);
    await invoke((name) => second % windows[name] === 0);
    if (second % 60 === 0) await run.closeWindows();
  }
  await invoke((name) => (gathered.get(name)?.length ?? 0) > 0);
  return run.result(second);
}

function windowsOf({ consumers }: Configuration): Record<ConsumerName, number> {
  const { batchWindowSeconds, projectionWindowSeconds } = consumers;
  return {
    'project-incidents': projectionWindowSeconds,
    'route-alerts': batchWindowSeconds,
    'archive-events': projectionWindowSeconds,
  };
}

class TraceRun {
  now = 0;
  readonly #world: World;
  readonly #unpacked: boolean;
  readonly #packer = new RecordPacker({ packing: 'zstd', compress: async (data) => zstdCompressSync(data) });
  readonly #hostile: HostileMixture | undefined;
  readonly #usage: Usage = { ...NO_USAGE };
  readonly #writeUnits = zeroes();
  readonly #readUnits = zeroes();
  readonly #cpu: Record<ConsumerName, number> = { 'project-incidents': 0, 'route-alerts': 0, 'archive-events': 0 };
  /** Counted after the consumer's time is taken: what is measured must not weigh. */
  readonly #later: (() => void)[] = [];
  #calls = 0;
  #notices = 0;
  #events = 0;
  #bytes = 0;
  #batches = 0;
  #records = 0;
  #quarantined = 0;
  readonly #place: Record<ConsumerName, number> = { 'project-incidents': 0, 'route-alerts': 0, 'archive-events': 0 };

  constructor({ configuration, unpacked = false, hostile = false }: RunOptions) {
    this.#unpacked = unpacked;
    this.#hostile = hostile ? new HostileMixture() : undefined;
    const clock = { now: () => this.now, sleep: async () => {}, random: () => 0.5 };
    this.#world = world({
      clock,
      configuration,
      meterOf: (table) => this.#meter(table),
      publish: async (_level: Level, notices) => {
        this.#notices += notices.length;
        this.#usage.publishes += notices.length;
        this.#calls += Math.ceil(notices.length / 10);
        return [];
      },
      quarantine: async () => {
        this.#quarantined += 1;
        this.#usage.s3Puts += 1;
        this.#calls += 1;
      },
      deliver: () => async (records) => {
        this.#calls += 1;
        for (const { byteLength } of records)
          this.#usage.firehoseBytes += unitsOf(byteLength, FIREHOSE_UNIT) * FIREHOSE_UNIT;
        return [];
      },
    });
  }

  get deployed(): readonly ConsumerName[] {
    return this.#world.deployed;
  }

  #meter(table: TableName) {
    const count = (work: () => void) => {
      this.#calls += 1;
      this.#later.push(work);
    };
    return {
      read: (items: readonly Item[], asked: number) =>
        count(() => {
          this.#readUnits[table] += readUnits(items, asked);
        }),
      query: (items: readonly Item[]) =>
        count(() => {
          this.#readUnits[table] += queryUnits(items);
        }),
      write: (items: readonly Item[], before: readonly (Item | undefined)[]) =>
        count(() => {
          for (const [index, item] of items.entries())
            this.#writeUnits[table] += writeUnits(table, item, before[index]);
        }),
      remove: (before: readonly (Item | undefined)[]) =>
        count(() => {
          for (const item of before) this.#writeUnits[table] += writeUnits(table, undefined, item);
        }),
    };
  }

  /** Puts a second's events: answers the records, and counts what the stream charges. */
  async put(events: readonly LogEvent[]): Promise<Buffer[]> {
    const packed = await this.#pack(events);
    const records = (this.#hostile?.mix(packed) ?? packed).map((data) => Buffer.from(data));
    for (const { byteLength } of records) {
      this.#usage.payloadUnits += unitsOf(byteLength, PAYLOAD_UNIT);
    }
    this.#events += events.length;
    this.#records += records.length;
    return records;
  }

  /** As the client packs them, or a record each. */
  async #pack(events: readonly LogEvent[]): Promise<Uint8Array[]> {
    const lines = events.map((event) => Buffer.from(`${JSON.stringify(event)}\n`));
    for (const { byteLength } of lines) this.#bytes += byteLength;
    if (this.#unpacked) return lines;
    const ends: number[] = [];
    for (const { byteLength } of lines) ends.push((ends.at(-1) ?? 0) + byteLength);
    const packed = await this.#packer.pack({ data: Buffer.concat(lines), ends, order: 0 });
    return packed.map(({ data }) => data);
  }

  /** One batch through a consumer, from the text of the invocation on. */
  async invoke(name: ConsumerName, records: readonly Buffer[]): Promise<void> {
    const body = JSON.stringify(invocation(records, this.#place[name], this.now));
    if (body.length > MOST_BODY) throw new Error(`expected a batch of ${MOST_BODY} bytes at most, got ${body.length}`);
    this.#place[name] += records.length;
    const { consumers, ledger, clock } = this.#world;
    const callsBefore = this.#calls;
    const start = process.cpuUsage();
    const ports = { ledger, clock, retentionHours: 24, deadline: Number.POSITIVE_INFINITY };
    const { batchItemFailures } = await consumeBatch(recordsOf(JSON.parse(body)), consumers[name], ports);
    const { user, system } = process.cpuUsage(start);
    if (batchItemFailures.length > 0) throw new Error(`${name} gave a batch back, although nothing failed`);
    this.#cpu[name] += (user + system) / 1e6;
    this.#bill((user + system) / 1e6, this.#calls - callsBefore);
  }

  #bill(cpuSeconds: number, calls: number): void {
    this.#batches += 1;
    const waiting = (3 + Math.ceil(calls / CALLS_AT_A_TIME)) * CALL_SECONDS;
    const working = (cpuSeconds + calls * CALL_CPU_SECONDS) / PROCESSOR_SHARE;
    this.#usage.gigabyteSeconds += (waiting + working) * MEMORY_GIGABYTES;
    this.#usage.lambdaRequests += 1;
    this.#usage.logBytes += LOG_BYTES;
    for (const work of this.#later.splice(0)) work();
  }

  async closeWindows(): Promise<void> {
    const { tables, receivers, clock } = this.#world;
    const ports = { alertGroups: tables.alertGroups, receivers, clock };
    const callsBefore = this.#calls;
    const start = process.cpuUsage();
    await closeWindows(ports, Number.POSITIVE_INFINITY);
    const { user, system } = process.cpuUsage(start);
    this.#bill((user + system) / 1e6, this.#calls - callsBefore);
  }

  result(seconds: number): TraceResult {
    const sum = (units: Record<TableName, number>) => Object.values(units).reduce((a, b) => a + b, 0);
    this.#usage.writeUnits = sum(this.#writeUnits);
    this.#usage.readUnits = sum(this.#readUnits);
    this.#usage.shardHours = seconds / 3_600;
    // An object for each level and buffer of five minutes.
    if (this.deployed.includes('archive-events')) this.#usage.s3Puts += 5 * Math.ceil(seconds / 300);
    globalThis.gc?.();
    return {
      events: this.#events,
      bytes: this.#bytes,
      usage: this.#usage,
      writeUnits: this.#writeUnits,
      readUnits: this.#readUnits,
      notices: this.#notices,
      cpuSeconds: this.#cpu,
      batches: this.#batches,
      records: this.#records,
      quarantined: this.#quarantined,
      heapBytes: process.memoryUsage().heapUsed,
    };
  }
}

function zeroes(): Record<TableName, number> {
  return Object.fromEntries(TABLE_NAMES.map((name) => [name, 0])) as Record<TableName, number>;
}
