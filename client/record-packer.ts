import { PAYLOAD_UNIT_BYTES } from '../shared/stream/pack.ts';
import type { Block } from './line-buffer.ts';
import type { Packing } from './logger-api.ts';

/** One record for the stream, with how many events it carries. */
export interface PackedRecord {
  data: Uint8Array;
  events: number;
}

/** Compresses one block. */
export type Compress = (data: Uint8Array) => Promise<Uint8Array>;

export interface PackerOptions {
  packing: Packing;
  compress: Compress;
  /** Bytes of a record at most, unless one event is larger. Default: a payload unit. */
  maxBytes?: number;
}

/** Of a unit, as much is aimed at: events that compress a little worse than those before still fit. */
const AIM = 0.96;
/** Before anything was compressed: so many times as much goes in as comes out. */
const FIRST_RATIO = 4;
/**
 * What unpacks to more is refused by the consumers (see `UNPACK_CAPS`): a flood of equal events compresses a hundredfold.
 */
const MOST_EVENTS = 5_000;
const MOST_LINE_BYTES = 1024 * 1024;
/** How much the latest record counts against those before. */
const WEIGHT = 0.5;

/** Fills records to just under a payload unit: how much goes into one is learnt from those before it. */
export class RecordPacker {
  readonly #options: PackerOptions;
  readonly #maxBytes: number;
  #ratio: number;

  constructor(options: PackerOptions) {
    this.#options = options;
    this.#maxBytes = options.maxBytes ?? PAYLOAD_UNIT_BYTES;
    this.#ratio = this.#compresses ? FIRST_RATIO : 1;
  }

  /** Bytes of lines that are taken to fill one record. */
  get unitBytes(): number {
    if (!this.#compresses) return this.#maxBytes;
    return Math.min(MOST_LINE_BYTES, Math.floor(this.#maxBytes * AIM * this.#ratio));
  }

  /** Packs all lines of a block, in order. */
  async pack(block: Block): Promise<PackedRecord[]> {
    if (this.#options.packing === 'json')
      return block.ends.map((_, line) => ({ data: lineOf(block, line), events: 1 }));
    const records: PackedRecord[] = [];
    for (let start = 0; start < block.ends.length; ) {
      const record = await this.#fill(block, start);
      records.push(record);
      start += record.events;
    }
    return records;
  }

  get #compresses(): boolean {
    return this.#options.packing === 'zstd' || this.#options.packing === 'gzip';
  }

  /** Fills one record with the lines from `start` on. */
  async #fill(block: Block, start: number): Promise<PackedRecord> {
    const from = startOf(block, start);
    let end = lastWithin(block, start, from + this.unitBytes);
    for (;;) {
      const lines = block.data.subarray(from, startOf(block, end));
      const data = await this.#encode(lines);
      this.#learn(lines.length / data.length);
      const events = end - start;
      if (data.length <= this.#maxBytes || events === 1) return { data, events };
      // At least one event less, so that it ends whatever the ratio says.
      end = Math.min(end - 1, start + Math.max(1, Math.floor((events * this.#maxBytes * AIM) / data.length)));
    }
  }

  /** What cannot be compressed travels as it is. */
  async #encode(data: Uint8Array): Promise<Uint8Array> {
    try {
      return this.#compresses ? await this.#options.compress(data) : data;
    } catch {
      return data;
    }
  }

  #learn(ratio: number): void {
    if (!this.#compresses || !Number.isFinite(ratio)) return;
    this.#ratio = Math.max(1, this.#ratio * (1 - WEIGHT) + ratio * WEIGHT);
  }
}

/** Where a line begins; of the one after the last, where all end. */
function startOf({ ends }: Block, line: number): number {
  return line === 0 ? 0 : (ends[line - 1] as number);
}

/** A line without its newline. */
function lineOf(block: Block, line: number): Uint8Array {
  return block.data.subarray(startOf(block, line), startOf(block, line + 1) - 1);
}

/** The line after the last that ends by `limit`, one after `start` at least. */
function lastWithin({ ends }: Block, start: number, limit: number): number {
  let end = start + 1;
  while (end < ends.length && (ends[end] as number) <= limit && end - start < MOST_EVENTS) end++;
  return end;
}
