import { gzipSync, zstdCompressSync } from 'node:zlib';
import type { LogEvent } from '../../../shared/events/event.ts';
import { packEvents } from '../../../shared/stream/pack.ts';
import type { Random } from '../random.ts';
import { type HostileContext, ODD, POISON } from './hostile-input.ts';
import { aggregateOf } from './kpl-writer.ts';
import type { LogEvents } from './log-events.ts';
import { type Parcel, partOf } from './parcel.ts';
import { largeText, SIZES } from './size-limits.ts';

export interface ParcelOptions {
  random: Random;
  events: LogEvents;
  /** Share of events that cannot be understood, and of those that are merely odd. A record of one or the other is one. */
  poison: number;
  odd: number;
  /** Whether records that cannot be understood often come two together. */
  poisonPairs: boolean;
  aggregates: number;
  /** Kinds that must come once at least. */
  wanted: readonly string[];
  partitionKeys: number;
}

/** PutRecords takes 500 records and 10 MiB. */
const CALL = { count: 500, large: 11, recordBytes: 1_000_000 };

type Packing = (events: readonly LogEvent[]) => Uint8Array;
const json = (value: unknown) => Buffer.from(JSON.stringify(value));
const lines: Packing = (events) => Buffer.concat(packEvents(events));

const PACKINGS: readonly Packing[] = [
  lines,
  lines,
  (events) => json(events.length === 1 ? events[0] : events),
  (events) => gzipSync(lines(events), { level: 1 }),
  (events) => zstdCompressSync(lines(events)),
];

/** Makes records of about `count` events, for one moment. */
export class ParcelMaker {
  readonly #options: ParcelOptions;
  #wanted: string[];

  constructor(options: ParcelOptions) {
    this.#options = options;
    this.#wanted = [...options.wanted];
  }

  make(count: number, now: number): Parcel[] {
    const { random, poison, odd } = this.#options;
    const parcels: Parcel[] = [];
    for (let left = count; left > 0; ) {
      const size = Math.min(left, this.#size());
      // A hostile record stands for all but one event of a sound one: so many times as likely, it has its share of events.
      const parcel = random.chance((poison + odd) * size) ? this.#hostile(now) : this.#sound(size, now);
      parcels.push(parcel);
      if ('rejected' in parcel.truth && this.#options.poisonPairs && random.chance(0.5))
        parcels.push({ ...this.#poison(now), partitionKey: parcel.partitionKey });
      left -= 'parts' in parcel.truth ? Math.max(1, parcel.truth.parts.length) : 1;
    }
    if (this.#wanted.length > 0) parcels.splice(random.between(0, parcels.length), 0, this.#hostile(now));
    return parcels;
  }

  /** Calls over the limits of PutRecords: of more records than it takes, and of more bytes. */
  overLimits(now: number): Parcel[][] {
    const overCount = [{ fault: 39, kind: 'call of records over' }];
    const records = Array.from({ length: CALL.count + 10 }, () => ({ ...this.#sound(1, now), faults: overCount }));
    const data = () => Buffer.alloc(CALL.recordBytes, 'r');
    const parts = [{ id: undefined, level: 'info', event: largeText(CALL.recordBytes) }];
    const bytes = Array.from({ length: CALL.large }, () => {
      return {
        kind: 'large',
        data: data(),
        partitionKey: this.#key(),
        truth: { parts },
        faults: [{ fault: 39, kind: 'call of bytes over' }],
      };
    });
    return [records, bytes];
  }

  #size(): number {
    const { random } = this.#options;
    return random.chance(0.5) ? 1 : random.between(2, 8);
  }

  #sound(count: number, now: number): Parcel {
    const { random, events, aggregates } = this.#options;
    const made = Array.from({ length: count }, () => events.make(now));
    const truth = { parts: made.map(partOf) };
    if (count > 1 && random.chance(aggregates)) {
      const faults = [{ fault: 25, kind: 'good' }];
      return { kind: 'aggregate', data: aggregateOf(made.map(json)), partitionKey: this.#key(), truth, faults };
    }
    const data = random.pick(PACKINGS)(made);
    return { kind: 'canonical', data, partitionKey: this.#key(), truth, faults: [] };
  }

  #hostile(now: number): Parcel {
    return this.#made(this.#kind(), now);
  }

  #poison(now: number): Parcel {
    return this.#made(pickOf(POISON, this.#options.random), now);
  }

  #made({ kind, make }: HostileKind, now: number): Parcel {
    const { random, events } = this.#options;
    const context: HostileContext = { random, event: () => events.make(now), now };
    const { data, truth, faults = [], partitionKey = this.#key() } = make(context);
    return { kind, data, truth, faults, partitionKey };
  }

  #kind(): HostileKind {
    const { random, poison, odd } = this.#options;
    const wanted = this.#wanted.pop();
    const all = { ...POISON, ...ODD, ...SIZES };
    if (wanted !== undefined) return { kind: wanted, make: all[wanted] as (typeof all)[string] };
    return pickOf(random.chance(poison / (poison + odd)) ? POISON : ODD, random);
  }

  #key(): string {
    return `key-${this.#options.random.between(1, this.#options.partitionKeys)}`;
  }
}

interface HostileKind {
  kind: string;
  make: (typeof POISON)[string];
}

function pickOf<T>(table: Readonly<Record<string, T>>, random: Random): { kind: string; make: T } {
  const kind = random.pick(Object.keys(table));
  return { kind, make: table[kind] as T };
}
