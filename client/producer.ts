import type { Level } from '../shared/events/levels.ts';
import type { Clock, SendChunk } from '../shared/stream/ports.ts';
import { putRecords, type StreamEntry } from '../shared/stream/put-records.ts';
import type { IssueList } from './issue-list.ts';
import { type Block, type BufferLimits, LineBuffer } from './line-buffer.ts';
import type { Counts } from './logger-api.ts';
import type { PackedRecord, RecordPacker } from './record-packer.ts';

export type DroppedByLevel = Partial<Record<Level, number>>;

export interface ProducerOptions {
  limits: BufferLimits;
  /** Milliseconds after which a line is sent, however few wait. */
  interval: number;
  partitionKey: string;
  packer: RecordPacker;
  issues: IssueList;
  /** The event that tells the stream of what was dropped, as a line of JSON. */
  lossLine: (dropped: Readonly<DroppedByLevel>) => string;
}

export interface ProducerPorts {
  send: SendChunk<StreamEntry>;
  clock: Clock;
}

/** A record on its way. */
interface Parcel extends PackedRecord {
  /** The place of its first line. */
  order: number;
  /** How often the stream called it invalid. */
  refusals: number;
}

const NO_BLOCK: Block = { data: new Uint8Array(), ends: [], order: Number.POSITIVE_INFINITY };
/** Records of one call: half of what a shard takes in a second. */
const UNITS_A_CALL = 20;
/** A record that is called invalid so often will never be taken. */
const MOST_REFUSALS = 3;
const FIRST_PAUSE = 1_000;
const LONGEST_PAUSE = 30_000;
/** `describeFault` names a fault by its code first. */
const INVALID = 'invalid:';

/**
 * Sends lines in the background: as soon as they fill a record, when the oldest has waited for the interval, or at once
 * when asked. One call at a time, so the order holds. What cannot be sent waits and is tried again after growing pauses.
 */
export class Producer {
  readonly #options: ProducerOptions;
  readonly #ports: ProducerPorts;
  readonly #buffer: LineBuffer;
  /** Taken from the buffer and not packed yet; older than all of it. */
  #unpacked: Block = NO_BLOCK;
  /** Packed and not put yet; older than those. */
  #parcels: Parcel[] = [];
  #counts = { logged: 0, put: 0, dropped: 0, refused: 0 };
  /** Dropped, and the stream was not told yet. */
  #untold: DroppedByLevel | undefined;
  #isRunning = false;
  #isTimed = false;
  /** Whether the oldest line has waited for its interval. */
  #isAged = false;
  /** Rounds that failed one after the other, and in all. */
  #failures = 0;
  #failedRounds = 0;
  /** Flushes that wait. */
  #flushes = 0;
  #endPause: () => void = () => undefined;
  #endRound: () => void = () => undefined;
  #round = new Promise<void>((resolve) => {
    this.#endRound = resolve;
  });

  constructor(options: ProducerOptions, ports: ProducerPorts) {
    this.#options = options;
    this.#ports = ports;
    this.#buffer = new LineBuffer(options.limits);
  }

  get counts(): Counts {
    const packed = this.#parcels.reduce((sum, { events }) => sum + events, 0);
    return { ...this.#counts, waiting: packed + this.#unpacked.ends.length + this.#buffer.events };
  }

  /** Keeps a line of JSON, without its newline, and sends it in the background. */
  add(line: string, level: Level): void {
    this.#counts.logged++;
    const gone = this.#buffer.add(line, level);
    if (gone.length > 0) this.#countDropped(gone);
    if (this.#buffer.bytes >= this.#options.packer.unitBytes) this.#start();
    else if (!this.#isTimed) this.#startLater();
  }

  /** Sends what was added before; resolves when that is done, or when a round of trying has failed. Never rejects. */
  async flush(): Promise<void> {
    const end = this.#buffer.next;
    const failedRounds = this.#failedRounds;
    this.#flushes++;
    this.#endPause();
    while (this.#oldest < end && this.#failedRounds === failedRounds) {
      this.#start();
      await this.#round;
    }
    this.#flushes--;
  }

  /** All that waits, for a process that ends: what may be on its way too, since nobody will hear of it any more. */
  takeAll(): { records: readonly PackedRecord[]; blocks: readonly Block[] } {
    const taken = { records: this.#parcels, blocks: [this.#unpacked, this.#buffer.take(Number.POSITIVE_INFINITY)] };
    this.#parcels = [];
    this.#unpacked = NO_BLOCK;
    return taken;
  }

  /** The place of the oldest line that was not put. */
  get #oldest(): number {
    return Math.min(this.#parcels[0]?.order ?? this.#unpacked.order, this.#buffer.oldest);
  }

  #countDropped(levels: readonly Level[]): void {
    this.#counts.dropped += levels.length;
    this.#untold ??= {};
    for (const level of levels) this.#untold[level] = (this.#untold[level] ?? 0) + 1;
    this.#options.issues.add(
      'dropped',
      'the buffer was full: the oldest events of the least severe level went',
      levels.length,
    );
  }

  async #startLater(): Promise<void> {
    this.#isTimed = true;
    await this.#ports.clock.sleep(this.#options.interval);
    this.#isTimed = false;
    if (this.#oldest === Number.POSITIVE_INFINITY) return;
    this.#isAged = true;
    this.#start();
  }

  #start(): void {
    if (!this.#isRunning) void this.#run();
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    // After the code that logs has gone on, so that a burst is packed as one.
    await undefined;
    while (this.#isDue) {
      const isDone = await this.#sendRound();
      this.#finishRound();
      if (!isDone) await this.#pause();
    }
    this.#isRunning = false;
    this.#finishRound();
    if (this.#buffer.events > 0 && !this.#isTimed) this.#startLater();
  }

  get #isDue(): boolean {
    if (this.#parcels.length > 0 || this.#unpacked.ends.length > 0) return true;
    return this.#buffer.events > 0 && (this.#isUrgent || this.#buffer.bytes >= this.#options.packer.unitBytes);
  }

  /** Whether also a record that is not full goes. */
  get #isUrgent(): boolean {
    return this.#flushes > 0 || this.#isAged;
  }

  #finishRound(): void {
    this.#endRound();
    this.#round = new Promise<void>((resolve) => {
      this.#endRound = resolve;
    });
  }

  /** Fills records and sends them; answers whether all of them were taken, or given up. */
  async #sendRound(): Promise<boolean> {
    try {
      if (this.#parcels.length === 0) await this.#fillParcels();
      await this.#sendParcels();
    } catch (fault) {
      // Not even this may reach the application. What waits still does.
      this.#options.issues.add('not-sent', String(fault), this.#unpacked.ends.length);
    }
    const isDone = this.#parcels.length === 0 && this.#unpacked.ends.length === 0;
    this.#failures = isDone ? 0 : this.#failures + 1;
    if (isDone) this.#tellDropped();
    else this.#failedRounds++;
    return isDone;
  }

  async #fillParcels(): Promise<void> {
    if (this.#unpacked.ends.length === 0) this.#unpacked = this.#takeLines();
    const { order } = this.#unpacked;
    const records = await this.#options.packer.pack(this.#unpacked);
    // All parcels of a block are as old as its first line: a flush waits for the block as a whole.
    this.#parcels = records.map((record) => ({ ...record, order, refusals: 0 }));
    this.#unpacked = NO_BLOCK;
  }

  #takeLines(): Block {
    const { unitBytes } = this.#options.packer;
    const units = Math.floor(this.#buffer.bytes / unitBytes);
    if (units < UNITS_A_CALL && this.#isUrgent) {
      this.#isAged = false;
      return this.#buffer.take(UNITS_A_CALL * unitBytes);
    }
    return this.#buffer.take(Math.min(units, UNITS_A_CALL) * unitBytes);
  }

  async #sendParcels(): Promise<void> {
    const sent = this.#parcels;
    const { partitionKey, issues } = this.#options;
    const entries = sent.map(({ data }) => ({ data, partitionKey }));
    const { unsent } = await putRecords(entries, this.#ports);
    const reasons = new Map(unsent.map(({ index, reason }) => [index, reason]));
    this.#parcels = sent.filter((parcel, index) => {
      const reason = reasons.get(index);
      if (reason === undefined) this.#counts.put += parcel.events;
      else if (this.#isLost(parcel, reason)) this.#counts.refused += parcel.events;
      else {
        issues.add('not-sent', `${reason}; they wait and are tried again`, parcel.events);
        return true;
      }
      return false;
    });
  }

  #isLost(parcel: Parcel, reason: string): boolean {
    if (!reason.startsWith(INVALID) || ++parcel.refusals < MOST_REFUSALS) return false;
    this.#options.issues.add('refused', reason, parcel.events);
    return true;
  }

  #tellDropped(): void {
    const dropped = this.#untold;
    if (dropped === undefined) return;
    this.#untold = undefined;
    // As one that never goes: dropped itself, the counts in it would be lost (simulation, fault 51).
    this.add(this.#options.lossLine(dropped), 'critical');
  }

  async #pause(): Promise<void> {
    const { clock } = this.#ports;
    const longest = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (this.#failures - 1));
    const ended = new Promise<void>((resolve) => {
      this.#endPause = resolve;
    });
    await Promise.race([clock.sleep(longest * (0.5 + clock.random() / 2)), ended]);
  }
}
