import { LEVELS, type Level } from '../shared/events/levels.ts';
import { LineQueue } from './line-queue.ts';

export interface BufferLimits {
  events: number;
  bytes: number;
}

/** Lines in the order in which they came, each with its newline, in one piece of memory. */
export interface Block {
  data: Uint8Array;
  /** Where each line ends. */
  ends: readonly number[];
  /** The place of the first line among all that were ever added. */
  order: number;
}

/** Least severe first. */
const BY_WORTH = [...LEVELS].reverse();
const NONE: readonly Level[] = [];

/**
 * Events that wait, as lines of JSON, within bounds. When it is full the oldest of the least severe level goes: all debug
 * before any info, all info before any warning, and so on. A critical event never goes, so only these can pass the bounds.
 */
export class LineBuffer {
  readonly #limits: BufferLimits;
  readonly #queues: Readonly<Record<Level, LineQueue>>;
  readonly #all: readonly LineQueue[];
  #events = 0;
  #bytes = 0;
  #next = 0;

  constructor(limits: BufferLimits) {
    this.#limits = limits;
    const queues = LEVELS.map((level): [Level, LineQueue] => [level, new LineQueue()]);
    this.#queues = Object.fromEntries(queues) as Record<Level, LineQueue>;
    this.#all = queues.map(([, queue]) => queue);
  }

  get events(): number {
    return this.#events;
  }

  /** Newlines included. */
  get bytes(): number {
    return this.#bytes;
  }

  /** The place of the oldest line; infinite when none waits. */
  get oldest(): number {
    return this.#oldest()?.firstOrder ?? Number.POSITIVE_INFINITY;
  }

  /** The place that the next line will have. */
  get next(): number {
    return this.#next;
  }

  /** Adds a line; answers the levels of those that had to go for it, which may be its own. */
  add(text: string, level: Level): readonly Level[] {
    this.#bytes += this.#queues[level].push(text, this.#next++);
    this.#events++;
    return this.#isOver ? this.#makeRoom() : NONE;
  }

  /** Takes lines of `maxBytes` together, one at least if any waits. */
  take(maxBytes: number): Block {
    const order = this.oldest;
    const data = Buffer.allocUnsafe(Math.min(this.#bytes, Math.max(maxBytes, this.#oldest()?.firstBytes ?? 0)));
    const ends: number[] = [];
    let at = 0;
    for (let queue = this.#oldest(); queue !== undefined; queue = this.#oldest()) {
      const from = at;
      at = queue.moveInto(data, { at, limit: this.#oldestBeside(queue), ends });
      if (at === from) break;
    }
    this.#events -= ends.length;
    this.#bytes -= at;
    return { data: data.subarray(0, at), ends, order };
  }

  get #isOver(): boolean {
    return this.#events > this.#limits.events || this.#bytes > this.#limits.bytes;
  }

  #makeRoom(): Level[] {
    const gone: Level[] = [];
    for (const level of BY_WORTH) {
      if (level === 'critical') break;
      const queue = this.#queues[level];
      while (queue.length > 0 && this.#isOver) {
        this.#bytes -= queue.drop();
        this.#events--;
        gone.push(level);
      }
    }
    return gone;
  }

  /** The queue whose first line is the oldest of all. */
  #oldest(): LineQueue | undefined {
    let oldest: LineQueue | undefined;
    for (const queue of this.#all) {
      if (queue.length > 0 && (oldest === undefined || queue.firstOrder < oldest.firstOrder)) oldest = queue;
    }
    return oldest;
  }

  /** The place of the oldest line of all other queues. */
  #oldestBeside(queue: LineQueue): number {
    let oldest = Number.POSITIVE_INFINITY;
    for (const other of this.#all) {
      if (other !== queue && other.firstOrder < oldest) oldest = other.firstOrder;
    }
    return oldest;
  }
}
