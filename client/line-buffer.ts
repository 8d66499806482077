import { LEVELS, type Level } from '../shared/events/levels.ts';

/** One event that waits, as the line of JSON that will travel. */
export interface Line {
  text: string;
  /** Of UTF-8, its newline included. */
  bytes: number;
  level: Level;
}

export interface BufferLimits {
  events: number;
  bytes: number;
}

/** A line with its place among all that were added. */
export interface Waiting extends Line {
  order: number;
}

const NONE: readonly Level[] = [];

/** Lines of one level, oldest first. */
class LineQueue {
  #lines: (Waiting | undefined)[] = [];
  #head = 0;

  get first(): Waiting | undefined {
    return this.#lines[this.#head];
  }

  push(line: Waiting): void {
    this.#lines.push(line);
  }

  shift(): void {
    // What was taken must not be held in memory until the rest is.
    this.#lines[this.#head++] = undefined;
    if (this.#head < 1_024 || this.#head * 2 < this.#lines.length) return;
    this.#lines = this.#lines.slice(this.#head);
    this.#head = 0;
  }
}

/** Least severe first. */
const BY_WORTH = [...LEVELS].reverse();

/**
 * Events that wait, within bounds. When it is full the oldest of the least severe level goes: all debug before any info,
 * all info before any warning, and so on. A critical event never goes, so only these can pass the bounds.
 */
export class LineBuffer {
  readonly #limits: BufferLimits;
  readonly #queues: Record<Level, LineQueue>;
  #events = 0;
  #bytes = 0;
  #order = 0;

  constructor(limits: BufferLimits) {
    this.#limits = limits;
    this.#queues = Object.fromEntries(LEVELS.map((level) => [level, new LineQueue()])) as Record<Level, LineQueue>;
  }

  get events(): number {
    return this.#events;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** The place of the oldest line; undefined when none waits. */
  get oldest(): number | undefined {
    return this.#oldest()?.order;
  }

  /** The place that the next line will have. */
  get next(): number {
    return this.#order;
  }

  /** Adds a line; answers the levels of those that had to go for it, which may be its own. */
  add({ text, bytes, level }: Line): readonly Level[] {
    this.#queues[level].push({ text, bytes, level, order: this.#order++ });
    this.#events++;
    this.#bytes += bytes;
    return this.#isOver ? this.#makeRoom() : NONE;
  }

  /** Takes lines in the order in which they came, of `maxBytes` together, one at least if any waits. */
  take(maxBytes: number): Waiting[] {
    const taken: Waiting[] = [];
    let bytes = 0;
    for (let next = this.#oldest(); next !== undefined; next = this.#oldest()) {
      if (taken.length > 0 && bytes + next.bytes > maxBytes) break;
      taken.push(next);
      bytes += next.bytes;
      this.#remove(next);
    }
    return taken;
  }

  get #isOver(): boolean {
    return this.#events > this.#limits.events || this.#bytes > this.#limits.bytes;
  }

  #makeRoom(): Level[] {
    const gone: Level[] = [];
    for (const level of BY_WORTH) {
      if (level === 'critical') break;
      for (let line = this.#queues[level].first; line !== undefined && this.#isOver; line = this.#queues[level].first) {
        this.#remove(line);
        gone.push(level);
      }
    }
    return gone;
  }

  #oldest(): Waiting | undefined {
    let oldest: Waiting | undefined;
    for (const level of LEVELS) {
      const { first } = this.#queues[level];
      if (first !== undefined && (oldest === undefined || first.order < oldest.order)) oldest = first;
    }
    return oldest;
  }

  /** Removes the first line of its level. */
  #remove({ level, bytes }: Waiting): void {
    this.#queues[level].shift();
    this.#events--;
    this.#bytes -= bytes;
  }
}
