import { Fault } from '../../../shared/stream/fault.ts';
import type { StreamRecord } from '../../../shared/stream/ports.ts';
import { parseSequenceNumber, type SequenceNumber } from '../../../shared/stream/sequence-number.ts';
import { type Random, textHash } from '../random.ts';

export interface Shard {
  id: string;
  /** Of 32-bit hashes of partition keys, `to` not included. */
  from: number;
  to: number;
  parents: readonly Shard[];
  isOpen: boolean;
  records: StreamRecord[];
  next: bigint;
}

/** A record as it is put. */
type Entry = Pick<StreamRecord, 'data' | 'partitionKey'>;

export interface ModelStreamOptions {
  shards: number;
  retentionHours: number;
  random: Random;
  now: () => number;
}

/** 1 MiB of data and partition key. Source: FACTS.md, "Kinesis". */
const MAX_RECORD_BYTES = 1024 * 1024;
/** Of PutRecords, partition keys included. Source: the same. */
const MAX_CALL = { count: 500, bytes: 10 * 1024 * 1024 };
const LONGEST_KEY = 256;
const HASHES = 0x1_0000_0000;

/**
 * A stream with shards that split and merge. Sequence numbers are long, of different lengths, and grow by gaps: as text
 * they have another order. Source: FACTS.md, "Kinesis".
 */
export class ModelStream {
  readonly shards: Shard[] = [];
  /** Told of every record that is taken. */
  readonly onRecord: ((record: StreamRecord) => void)[] = [];
  readonly #options: ModelStreamOptions;

  constructor(options: ModelStreamOptions) {
    this.#options = options;
    const width = HASHES / options.shards;
    for (let index = 0; index < options.shards; index++) {
      this.#open(Math.round(index * width), Math.round((index + 1) * width), []);
    }
  }

  /** Answers why a record cannot be taken at all; undefined when it can. */
  static refusalOf({ data, partitionKey }: Entry): string | undefined {
    const bytes = bytesOf({ data, partitionKey });
    if (bytes > MAX_RECORD_BYTES) return `a record of ${bytes} bytes`;
    const isKey = partitionKey.length > 0 && partitionKey.length <= LONGEST_KEY;
    return isKey ? undefined : `a partition key of ${partitionKey.length} characters`;
  }

  /** PutRecords refuses a call that is empty or over its limits, or in which one record is, as a whole: nothing of it is taken. */
  static checkCall(entries: readonly Entry[]): void {
    const bytes = entries.reduce((sum, entry) => sum + bytesOf(entry), 0);
    const isOutside = entries.length === 0 || entries.length > MAX_CALL.count || bytes > MAX_CALL.bytes;
    const refusal = isOutside
      ? `${entries.length} records of ${bytes} bytes in a call`
      : entries.map(ModelStream.refusalOf).find(Boolean);
    if (refusal !== undefined) throw new Fault('invalid', `PutRecords: ${refusal}`);
  }

  put({ data, partitionKey }: Entry): StreamRecord {
    const hash = mix(textHash(partitionKey));
    const shard = this.shards.find(({ isOpen, from, to }) => isOpen && hash >= from && hash < to) as Shard;
    shard.next += BigInt(this.#options.random.between(1, 5_000));
    const record: StreamRecord = {
      shardId: shard.id,
      sequenceNumber: parseSequenceNumber(String(shard.next)) as SequenceNumber,
      partitionKey,
      arrivedAt: this.#options.now(),
      data,
    };
    shard.records.push(record);
    for (const listener of this.onRecord) listener(record);
    return record;
  }

  split(shard: Shard): void {
    const middle = Math.floor((shard.from + shard.to) / 2);
    shard.isOpen = false;
    this.#open(shard.from, middle, [shard]);
    this.#open(middle, shard.to, [shard]);
  }

  /** Merges an open shard with its right neighbour; answers whether it has one. */
  merge(shard: Shard): boolean {
    const right = this.shards.find(({ isOpen, from }) => isOpen && from === shard.to);
    if (!right) return false;
    shard.isOpen = false;
    right.isOpen = false;
    this.#open(shard.from, right.to, [shard, right]);
    return true;
  }

  get open(): Shard[] {
    return this.shards.filter(({ isOpen }) => isOpen);
  }

  /** The record as `GetRecords` still gives it; undefined once it is past retention. */
  read(record: StreamRecord): StreamRecord | undefined {
    const age = this.#options.now() - record.arrivedAt;
    return age > this.#options.retentionHours * 3_600_000 ? undefined : record;
  }

  #open(from: number, to: number, parents: Shard[]): void {
    const id = `shardId-${String(this.shards.length).padStart(12, '0')}`;
    // Just under a power of ten, so that the numbers soon grow by a digit: as text the longer ones come first.
    const floor = parents.reduce((most, { next }) => (next > most ? next : most), 0n);
    const digits = BigInt(this.#options.random.between(20, 56));
    const start = 10n ** digits - BigInt(this.#options.random.between(1, 60_000));
    const next = start > floor ? start : floor + 1n;
    this.shards.push({ id, from, to, parents, isOpen: true, records: [], next });
  }
}

function bytesOf({ data, partitionKey }: Entry): number {
  return data.byteLength + Buffer.byteLength(partitionKey);
}

/** Finalizer of MurmurHash3: FNV alone leaves short keys close together. */
function mix(hash: number): number {
  let mixed = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
