/**
 * What each character may be to the template scanner. Tables instead of comparisons: the scanner looks at every
 * character once, so this look-up is most of its cost.
 */

/** What a character starts. `atom` is the part of a word, a number, a path: anything that stands without a space. */
export const KIND = { other: 0, atom: 1, space: 2, list: 3, open: 4, close: 5, quote: 6, less: 7 } as const;

/** What an atom contains, one bit each, gathered over its characters. */
export const HAS = { letter: 1, digit: 2, dot: 4, slash: 8, at: 16, mark: 32, nonHex: 64, upper: 128 } as const;

/** From here on (ideographs, kana, surrogates) a character stands for itself: such scripts put no space around words. */
const FIRST_WIDE = 0x2e80;

export const KINDS = new Uint8Array(FIRST_WIDE);
export const TRAITS = new Uint8Array(FIRST_WIDE);

/** Runs of these become one space. */
export const BLANKS =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what this replaces
  /[\0- \x7f-\xa0\u1680\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff]+/g;

function fill(from: number, to: number, kind: number, traits = 0): void {
  KINDS.fill(kind, from, to + 1);
  TRAITS.fill(traits, from, to + 1);
}

function fillEach(characters: string, kind: number, traits = 0): void {
  for (const character of characters) fill(character.charCodeAt(0), character.charCodeAt(0), kind, traits);
}

fill(0, FIRST_WIDE - 1, KIND.atom, HAS.letter | HAS.nonHex);
fill(0, 0x20, KIND.space);
fill(0x21, 0x2f, KIND.other);
fill(0x30, 0x39, KIND.atom, HAS.digit);
fill(0x3a, 0x40, KIND.other);
fill(0x41, 0x5a, KIND.atom, HAS.letter | HAS.nonHex | HAS.upper);
fill(0x41, 0x46, KIND.atom, HAS.letter | HAS.upper);
fill(0x5b, 0x60, KIND.other);
fill(0x61, 0x66, KIND.atom, HAS.letter);
fill(0x7b, 0x7e, KIND.other);
fill(0x7f, 0xa0, KIND.space);
fill(0x1680, 0x1680, KIND.space);
fill(0x2000, 0x200f, KIND.space);
fill(0x2010, 0x2027, KIND.other);
fill(0x2028, 0x202f, KIND.space);
fill(0x2030, 0x205e, KIND.other);
fill(0x205f, 0x206f, KIND.space);
fillEach('-_+#~$%&*!?', KIND.atom, HAS.mark | HAS.nonHex);
fillEach('.', KIND.atom, HAS.dot | HAS.nonHex);
fillEach('/\\', KIND.atom, HAS.slash | HAS.nonHex);
fillEach('@', KIND.atom, HAS.at | HAS.nonHex);
fillEach(',;:=|', KIND.list);
fillEach('([{', KIND.open);
fillEach(')]}', KIND.close);
fillEach('"\'`', KIND.quote);
fillEach('<', KIND.less);

/** The kind of a UTF-16 code unit. */
export function kindOf(code: number): number {
  if (code < FIRST_WIDE) return KINDS[code] as number;
  return code === 0x3000 || code === 0xfeff ? KIND.space : KIND.other;
}
