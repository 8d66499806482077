/** Words are told apart by this many lengths; longer ones are never in a set. */
const LENGTHS = 16;
const LETTERS = 128;

/**
 * A set of ASCII words that is asked about parts of a text. First letter and length are looked up in a table, which
 * answers for nearly every word that is not in the set; no string is made of the part for the others either.
 */
export class WordSet {
  private readonly byShape: (readonly string[] | undefined)[] = new Array(LETTERS * LENGTHS).fill(undefined);

  /** The words, parted by spaces. */
  constructor(words: string) {
    for (const word of words.split(' ')) {
      const shape = shapeOf(word.charCodeAt(0), word.length);
      this.byShape[shape] = [...(this.byShape[shape] ?? []), word];
    }
  }

  /** Whether the text from `start` to `end`, which is not empty, is one of the words. */
  holds(text: string, start: number, end: number): boolean {
    const words = end - start < LENGTHS ? this.byShape[shapeOf(text.charCodeAt(start), end - start)] : undefined;
    return words?.some((word) => text.startsWith(word, start)) ?? false;
  }

  /** False when the first letter and the length rule a word out. */
  mayHold(code: number, length: number): boolean {
    return length < LENGTHS && this.byShape[shapeOf(code, length)] !== undefined;
  }
}

/** Letters beyond ASCII share the places of others: a shape only rules out. */
function shapeOf(code: number, length: number): number {
  return (code % LETTERS) * LENGTHS + length;
}
