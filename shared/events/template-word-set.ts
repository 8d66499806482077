/** Words are told apart by this many lengths; longer ones are never in a set. */
const LENGTHS = 16;

/**
 * A set of ASCII words that is asked about parts of a text. First letter and length are looked up in a table, which
 * answers for nearly every word that is not in the set before a string has to be made of it.
 */
export class WordSet {
  private readonly words: ReadonlySet<string>;
  private readonly shapes = new Uint8Array(128 * LENGTHS);

  /** The words, parted by spaces. */
  constructor(words: string) {
    this.words = new Set(words.split(' '));
    for (const word of this.words) this.shapes[word.charCodeAt(0) * LENGTHS + word.length] = 1;
  }

  has(word: string): boolean {
    return this.words.has(word);
  }

  /** Whether the text from `start` to `end`, which is not empty, is one of the words. */
  holds(text: string, start: number, end: number): boolean {
    return this.mayHold(text, start, end) && this.words.has(text.slice(start, end));
  }

  /** False when the first letter and the length rule it out. */
  mayHold(text: string, start: number, end: number): boolean {
    const code = text.charCodeAt(start);
    return end - start < LENGTHS && code < 128 && this.shapes[code * LENGTHS + end - start] === 1;
  }
}
