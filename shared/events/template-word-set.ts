/** Words are told apart by this many lengths; longer ones are never in a set. */
const LENGTHS = 16;
const LETTERS = 128;

/**
 * A set of ASCII words that is asked about parts of a text. First letter and length are looked up in a table, which
 * answers for nearly every word that is not in the set before a string has to be made of it.
 */
export class WordSet {
  private readonly words: ReadonlySet<string>;
  private readonly shapes = new Uint8Array(LETTERS * LENGTHS);

  /** The words, parted by spaces. */
  constructor(words: string) {
    this.words = new Set(words.split(' '));
    for (const word of this.words) this.shapes[shapeOf(word.charCodeAt(0), word.length)] = 1;
  }

  has(word: string): boolean {
    return this.words.has(word);
  }

  /** Whether the text from `start` to `end`, which is not empty, is one of the words. */
  holds(text: string, start: number, end: number): boolean {
    return this.mayHold(text.charCodeAt(start), end - start) && this.words.has(text.slice(start, end));
  }

  /** False when the first letter and the length rule a word out. */
  mayHold(code: number, length: number): boolean {
    return length < LENGTHS && this.shapes[shapeOf(code, length)] === 1;
  }
}

/** Letters beyond ASCII share the places of others: a shape only rules out. */
function shapeOf(code: number, length: number): number {
  return (code % LETTERS) * LENGTHS + length;
}
