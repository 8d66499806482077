import { type Random, textHash } from './random.ts';

interface Entry {
  time: number;
  /** Decides between entries of one millisecond: chance, from the seed. */
  tie: number;
  order: number;
  label: string;
  run: () => void;
}

/** After so many entries a run is taken for endless. */
const MAX_STEPS = 3_000_000;
/** A rejection that nobody handles is found when Node's event loop turns: it turns once in so many steps. */
const STEPS_PER_TURN = 64;

/**
 * Virtual time, and the only source of progress: whatever waits, waits for an entry of this queue. Entries run in order
 * of time, those of one millisecond in an order that the seed decides. After each, everything that it set going runs to
 * its next wait.
 */
export class Scheduler {
  now: number;
  steps = 0;
  /** Of all that happened, in order. */
  traceHash = 0x811c9dc5;
  /** Set to keep the lines of the trace. */
  trace: string[] | undefined;
  readonly #start: number;
  readonly #heap: Entry[] = [];
  readonly #random: Random;
  #order = 0;
  #woke = false;

  constructor(start: number, random: Random) {
    this.now = start;
    this.#start = start;
    this.#random = random;
  }

  get elapsed(): number {
    return this.now - this.#start;
  }

  get isIdle(): boolean {
    return this.#heap.length === 0;
  }

  at(time: number, label: string, run: () => void): void {
    const entry = { time: Math.max(time, this.now), tie: this.#random.bits(), order: this.#order++, label, run };
    this.#push(entry);
  }

  after(milliseconds: number, label: string, run: () => void): void {
    this.at(this.now + Math.max(0, Math.floor(milliseconds)), label, run);
  }

  /** To be called by whoever starts real code, or settles a promise that it waits for. */
  wake(): void {
    this.#woke = true;
  }

  sleep(milliseconds: number, label: string): Promise<void> {
    return new Promise((resolve) => {
      this.after(milliseconds, label, () => {
        this.wake();
        resolve();
      });
    });
  }

  /** Adds a line to the trace without an entry of its own. */
  note(line: string): void {
    this.traceHash = textHash(line, this.traceHash);
    this.trace?.push(`${new Date(this.now).toISOString()} ${line}`);
  }

  /** Runs all entries up to `until`, then stands there. */
  async runUntil(until: number): Promise<void> {
    // What waits below waits for all microtasks only if it is one itself.
    await undefined;
    for (let next = this.#heap[0]; next && next.time <= until; next = this.#heap[0]) {
      this.#pop();
      this.now = next.time;
      if (++this.steps > MAX_STEPS) throw new Error(`no end after ${MAX_STEPS} steps, at ${next.label}`);
      this.traceHash = Math.imul(this.traceHash ^ next.time, 0x01000193) >>> 0;
      this.note(next.label);
      this.#woke = false;
      next.run();
      if (this.#woke) await this.#settle();
    }
    this.now = Math.max(this.now, until);
  }

  /** Everything that was set going has come to its next wait, and no time has passed: a tick of Node's comes after all microtasks. */
  #settle(): Promise<unknown> {
    if (this.steps % STEPS_PER_TURN === 0) return new Promise((resolve) => setImmediate(resolve));
    return new Promise<void>((resolve) => process.nextTick(resolve));
  }

  #push(entry: Entry): void {
    const heap = this.#heap;
    let at = heap.push(entry) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (isBefore(heap[parent] as Entry, entry)) break;
      heap[at] = heap[parent] as Entry;
      at = parent;
    }
    heap[at] = entry;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop() as Entry;
    if (heap.length === 0) return;
    let at = 0;
    for (;;) {
      let child = at * 2 + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1] as Entry, heap[child] as Entry)) child++;
      if (isBefore(last, heap[child] as Entry)) break;
      heap[at] = heap[child] as Entry;
      at = child;
    }
    heap[at] = last;
  }
}

function isBefore(a: Entry, b: Entry): boolean {
  if (a.time !== b.time) return a.time < b.time;
  if (a.tie !== b.tie) return a.tie < b.tie;
  return a.order < b.order;
}
