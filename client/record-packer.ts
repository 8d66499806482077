import { PAYLOAD_UNIT_BYTES } from '../shared/stream/pack.ts';
import type { Line } from './line-buffer.ts';
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

  /** Packs lines, in order. */
  async pack(lines: readonly Line[]): Promise<PackedRecord[]> {
    if (this.#options.packing === 'json') return lines.map(({ text }) => ({ data: Buffer.from(text), events: 1 }));
    const records: PackedRecord[] = [];
    for (let start = 0; start < lines.length; ) {
      const record = await this.#fill(lines, start);
      records.push(record);
      start += record.events;
    }
    return records;
  }

  get #compresses(): boolean {
    return this.#options.packing === 'zstd' || this.#options.packing === 'gzip';
  }

  async #fill(lines: readonly Line[], start: number): Promise<PackedRecord> {
    let end = endOfBlock(lines, start, this.unitBytes);
    for (;;) {
      const text = textOfLines(lines, start, end);
      const data = await this.#encode(Buffer.from(text));
      this.#learn(text.length / data.byteLength);
      const events = end - start;
      if (data.byteLength <= this.#maxBytes || events === 1) return { data, events };
      // At least one event less, so that it ends whatever the ratio says.
      end = Math.min(end - 1, start + Math.max(1, Math.floor((events * this.#maxBytes * AIM) / data.byteLength)));
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

function endOfBlock(lines: readonly Line[], start: number, maxBytes: number): number {
  let bytes = 0;
  let end = start;
  while (end < lines.length && end - start < MOST_EVENTS) {
    bytes += (lines[end] as Line).bytes;
    if (bytes > maxBytes && end > start) break;
    end++;
  }
  return end;
}

function textOfLines(lines: readonly Line[], start: number, end: number): string {
  let text = '';
  for (let index = start; index < end; index++) text += `${(lines[index] as Line).text}\n`;
  return text;
}
