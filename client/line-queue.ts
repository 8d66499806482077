const SLAB_BYTES = 64 * 1024;
const NEWLINE = 0x0a;
/** UTF-8 takes three bytes for a UTF-16 unit at most. */
const MOST_BYTES_A_UNIT = 3;

/** A piece of memory full of lines, one after the other. */
interface Slab {
  data: Buffer;
  used: number;
  /** Where each line ends, and its place among all lines. */
  ends: number[];
  orders: number[];
}

/**
 * Lines of one level, oldest first, as bytes outside of the heap: tens of thousands of strings that live for a second or
 * ten minutes are what a garbage collector copies again and again.
 */
export class LineQueue {
  readonly #slabs: Slab[] = [];
  #length = 0;
  /** Of the first slab: lines that are gone, and where the first that is not begins. */
  #gone = 0;
  #start = 0;

  get length(): number {
    return this.#length;
  }

  /** The place of the first line. */
  get firstOrder(): number {
    return this.#slabs[0]?.orders[this.#gone] ?? Number.POSITIVE_INFINITY;
  }

  /** Bytes of the first line, its newline included. */
  get firstBytes(): number {
    return (this.#slabs[0]?.ends[this.#gone] ?? 0) - this.#start;
  }

  /** Adds a line; answers its bytes, its newline included. */
  push(text: string, order: number): number {
    const slab = this.#roomFor(text);
    const start = slab.used;
    slab.used += slab.data.write(text, start);
    slab.data[slab.used++] = NEWLINE;
    slab.ends.push(slab.used);
    slab.orders.push(order);
    this.#length++;
    return slab.used - start;
  }

  /**
   * Moves lines to another piece of memory, in one go: those that are older than `limit` and fit, as far as this slab goes.
   * Pushes where each ends to `ends`; answers where the last does.
   */
  moveInto(target: Uint8Array, { at, limit, ends }: { at: number; limit: number; ends: number[] }): number {
    const [slab] = this.#slabs;
    if (slab === undefined) return at;
    const shift = at - this.#start;
    let line = this.#gone;
    while (
      line < slab.ends.length &&
      (slab.orders[line] as number) < limit &&
      (slab.ends[line] as number) + shift <= target.length
    ) {
      ends.push((slab.ends[line] as number) + shift);
      line++;
    }
    if (line === this.#gone) return at;
    const end = slab.ends[line - 1] as number;
    slab.data.copy(target, at, this.#start, end);
    this.#length -= line - this.#gone;
    this.#gone = line;
    this.#start = end;
    if (line === slab.ends.length) this.#nextSlab();
    return end + shift;
  }

  /** Lets the first line go; answers its bytes. */
  drop(): number {
    const bytes = this.firstBytes;
    this.#length--;
    this.#start += bytes;
    this.#gone++;
    if (this.#gone === this.#slabs[0]?.ends.length) this.#nextSlab();
    return bytes;
  }

  #nextSlab(): void {
    this.#gone = 0;
    this.#start = 0;
    const [slab] = this.#slabs;
    if (slab !== undefined && this.#slabs.length === 1 && slab.data.length === SLAB_BYTES) {
      // The only one is used again: an application that logs a line at a time needs no other.
      Object.assign(slab, { used: 0, ends: [], orders: [] });
    } else this.#slabs.shift();
  }

  #roomFor(text: string): Slab {
    const most = text.length * MOST_BYTES_A_UNIT + 1;
    const last = this.#slabs.at(-1);
    if (last !== undefined && last.used + most <= last.data.length) return last;
    const bytes = Buffer.byteLength(text) + 1;
    if (last !== undefined && last.used + bytes <= last.data.length) return last;
    const slab = { data: Buffer.allocUnsafeSlow(Math.max(SLAB_BYTES, bytes)), used: 0, ends: [], orders: [] };
    // One that was emptied and is too small must not stand in front.
    if (last?.used === 0) this.#slabs.pop();
    this.#slabs.push(slab);
    return slab;
  }
}
