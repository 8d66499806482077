import { isBlank, OpenPiece, type Piece, type Splitter, Unreadable } from './pieces.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const OPENING = 0x5b;
const CLOSING = 0x5d;

/** How much deeper a byte leads. Curly and square brackets are told apart by the parser, which sees each element. */
const DEEPER: Readonly<Record<number, number>> = { [OPENING]: 1, 123: 1, [CLOSING]: -1, 125: -1 };

/** Cuts one JSON array into its elements. Whether each is JSON is for the parser to say. */
export function arraySplitter(maxBytes: number): Splitter {
  return new ArraySplitter(maxBytes);
}

class ArraySplitter implements Splitter {
  readonly #open: OpenPiece;
  #state: 'before' | 'value' | 'text' | 'escape' | 'after' = 'before';
  #depth = 1;
  #index = 0;

  constructor(maxBytes: number) {
    this.#open = new OpenPiece(maxBytes, 'element');
  }

  *push(chunk: Uint8Array): Iterable<Piece> {
    if (this.#state === 'after') return checkRest(chunk);
    let start = this.#state === 'before' ? this.#enter(chunk) : 0;
    for (let at = start; at < chunk.length; at++) {
      const ended = this.#read(chunk[at] as number);
      if (ended === undefined) continue;
      this.#open.add(chunk.subarray(start, at), this.#index + 1);
      yield* this.#finish(ended === 'array');
      start = at + 1;
      if (ended === 'array') {
        this.#state = 'after';
        return checkRest(chunk.subarray(start));
      }
    }
    this.#open.add(chunk.subarray(start), this.#index + 1);
  }

  end(): Iterable<Piece> {
    if (this.#state === 'after') return [];
    throw new Unreadable('not-json', `the array is cut off at element ${this.#index + 1}`);
  }

  /** Where the elements begin. */
  #enter(chunk: Uint8Array): number {
    const at = chunk.indexOf(OPENING);
    if (at >= 0 && isBlank(chunk.subarray(0, at))) {
      this.#state = 'value';
      return at + 1;
    }
    if (isBlank(chunk)) return chunk.length;
    throw new Unreadable('not-json', 'expected a JSON array');
  }

  /** What ends at this byte: an element, with it the array, or nothing. */
  #read(byte: number): 'element' | 'array' | undefined {
    if (this.#state === 'value') return this.#readOutsideText(byte);
    if (this.#state === 'escape') this.#state = 'text';
    else if (byte === BACKSLASH) this.#state = 'escape';
    else if (byte === QUOTE) this.#state = 'value';
    return undefined;
  }

  #readOutsideText(byte: number): 'element' | 'array' | undefined {
    if (byte === COMMA) return this.#depth === 1 ? 'element' : undefined;
    if (byte === QUOTE) this.#state = 'text';
    this.#depth += DEEPER[byte] ?? 0;
    if (this.#depth > 0) return undefined;
    if (byte === CLOSING) return 'array';
    throw new Unreadable('not-json', `a bracket that nobody opened, in element ${this.#index + 1} of the array`);
  }

  *#finish(isLast: boolean): Iterable<Piece> {
    const bytes = this.#open.take();
    const place = this.#index++;
    if (!isBlank(bytes)) yield { index: place, place: `element ${place + 1}`, bytes };
    // An array without elements has nothing between its brackets.
    else if (place > 0 || !isLast) throw new Unreadable('not-json', `element ${place + 1} of the array is missing`);
  }
}

function checkRest(bytes: Uint8Array): void {
  if (!isBlank(bytes)) throw new Unreadable('not-json', 'the array is followed by something else');
}
