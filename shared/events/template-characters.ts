/**
 * What each UTF-16 code unit may be to the template scanner. Tables instead of comparisons: every character is looked
 * up, so this is most of what a scan costs.
 */

/** What a character starts. An `atom` is a word, a number, a path: anything that stands without a space in it. */
export const KIND = { other: 0, atom: 1, dot: 2, space: 3, list: 4, open: 5, close: 6, quote: 7, less: 8 } as const;

/** What an atom contains, a bit each, gathered over its characters. */
export const HAS = { letter: 1, digit: 2, dot: 4, slash: 8, at: 16, mark: 32, nonHex: 64, upper: 128 } as const;

/** The kind of each code unit. */
export const KINDS = new Uint8Array(0x10000);
/** What each code unit adds to an atom; 0 when it is not part of one, or a full stop, which may be. */
export const TRAITS = new Uint8Array(0x10000);

/** 1 for what stands between words and means nothing unless a placeholder is near: spaces, marks, wide characters. */
export const QUIET = new Uint8Array(0x10000).fill(1);

/** Runs of these become one space. */
export const BLANKS = /[\0- \x7f-\xa0\u1680\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff]+/g;

/** From here on (ideographs, kana, surrogates) a character stands for itself: such scripts put no space around words. */
const FIRST_WIDE = 0x2e80;

fill(0xa1, FIRST_WIDE - 1, KIND.atom, HAS.letter | HAS.nonHex);
fillEach('GHIJKLMNOPQRSTUVWXYZ', KIND.atom, HAS.letter | HAS.nonHex | HAS.upper);
fillEach('ghijklmnopqrstuvwxyz', KIND.atom, HAS.letter | HAS.nonHex);
fillEach('ABCDEF', KIND.atom, HAS.letter | HAS.upper);
fillEach('abcdef', KIND.atom, HAS.letter);
fillEach('0123456789', KIND.atom, HAS.digit);
fillEach('-_+#~$%&*!?', KIND.atom, HAS.mark | HAS.nonHex);
fillEach('/\\', KIND.atom, HAS.slash | HAS.nonHex);
fillEach('@', KIND.atom, HAS.at | HAS.nonHex);
fillEach('.', KIND.dot);
fillEach(',;:=|', KIND.list);
fillEach('([{', KIND.open);
fillEach(')]}', KIND.close);
fillEach('"\'`', KIND.quote);
fillEach('<', KIND.less);
fill(0x2010, 0x2027, KIND.other);
fill(0x2030, 0x205e, KIND.other);
for (const [from, to] of [
  [0, 0x20],
  [0x7f, 0xa0],
  [0x1680, 0x1680],
  [0x2000, 0x200f],
  [0x2028, 0x202f],
  [0x205f, 0x206f],
  [0x3000, 0x3000],
  [0xfeff, 0xfeff],
] as const) {
  fill(from, to, KIND.space);
}

QUIET[0x20] = 1;
/** What stands behind the end of a text. */
QUIET[0xffff] = 0;

function fill(from: number, to: number, kind: number, traits = 0): void {
  KINDS.fill(kind, from, to + 1);
  TRAITS.fill(traits, from, to + 1);
  const quiet = kind === KIND.other || kind === KIND.list || kind === KIND.open || kind === KIND.close;
  QUIET.fill(quiet ? 1 : 0, from, to + 1);
}

function fillEach(characters: string, kind: number, traits = 0): void {
  for (const character of characters) fill(character.charCodeAt(0), character.charCodeAt(0), kind, traits);
}
