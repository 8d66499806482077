import type { Reason } from '../../shared/stream/drop-bucket.ts';

/** One line or one element of an array, as its bytes stand in the file. */
export interface Piece {
  /** From 0; blank lines are none. */
  index: number;
  /** `line 17`, `element 3`: for people. */
  place: string;
  bytes: Uint8Array;
}

/** The file cannot be read further than this. */
export class Unreadable extends Error {
  readonly fault: Reason;

  constructor(code: string, reason: string) {
    super(reason);
    this.name = 'Unreadable';
    this.fault = { code, reason };
  }
}

/**
 * Cuts a file into its pieces, as it comes in: whatever the chunks are, the pieces are the same. Holds no more than one
 * chunk and one piece. Throws `Unreadable` where the file cannot be cut further.
 */
export interface Splitter {
  push(chunk: Uint8Array): Iterable<Piece>;
  end(): Iterable<Piece>;
}

/** Bytes of a piece that ended in one chunk and began in another. */
export class OpenPiece {
  readonly #maxBytes: number;
  readonly #what: string;
  #parts: Uint8Array[] = [];
  #bytes = 0;

  constructor(maxBytes: number, what: string) {
    this.#maxBytes = maxBytes;
    this.#what = what;
  }

  add(part: Uint8Array, place: number): void {
    this.#bytes += part.byteLength;
    if (this.#bytes > this.#maxBytes) {
      throw new Unreadable('too-large', `${this.#what} ${place} is larger than ${this.#maxBytes} bytes`);
    }
    if (part.byteLength > 0) this.#parts.push(part);
  }

  take(): Uint8Array {
    const [only = new Uint8Array(), ...others] = this.#parts;
    const whole = others.length === 0 ? only : Buffer.concat(this.#parts);
    this.#parts = [];
    this.#bytes = 0;
    return whole;
  }
}

/** Space, tab, line feed, carriage return. Source: RFC 8259, section 2. */
export function isBlank(bytes: Uint8Array): boolean {
  for (const byte of bytes) {
    if (byte !== 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d) return false;
  }
  return true;
}
