import { POSIX_CLASSES, posixRanges } from './posix-classes.ts';

/** A regular expression as a tree. There is no back-reference and no look-around: what is here matches in linear time. */
export type PatternNode =
  | { kind: 'characters'; ranges: CharacterRange[]; isNegated: boolean }
  | { kind: 'sequence'; parts: PatternNode[] }
  | { kind: 'either'; choices: PatternNode[] }
  | { kind: 'repeat'; part: PatternNode; least: number; most: number }
  | { kind: 'start' }
  | { kind: 'end' };

/** Code points, both ends included. */
export type CharacterRange = readonly [from: number, to: number];

/** Why a pattern is none. `at` is a place in the text, from 0. */
export class PatternFault extends Error {
  readonly at: number;

  constructor(at: number, expected: string) {
    super(`expected ${expected} at character ${at + 1}`);
    this.name = 'PatternFault';
    this.at = at;
  }
}

const LAST = 0x10ffff;
const DIGITS: CharacterRange[] = [[0x30, 0x39]];
const WORD: CharacterRange[] = [...DIGITS, [0x41, 0x5a], [0x5f, 0x5f], [0x61, 0x7a]];
/** As RE2 has it. Source: RE2, "Syntax". */
const SPACE: CharacterRange[] = [[0x09, 0x0a], [0x0c, 0x0d], [0x20, 0x20]]; // biome-ignore format: pairs read better in one line
const CLASSES: Readonly<Record<string, { ranges: CharacterRange[]; isNegated: boolean }>> = {
  d: { ranges: DIGITS, isNegated: false },
  D: { ranges: DIGITS, isNegated: true },
  w: { ranges: WORD, isNegated: false },
  W: { ranges: WORD, isNegated: true },
  s: { ranges: SPACE, isNegated: false },
  S: { ranges: SPACE, isNegated: true },
};
const CONTROLS: Readonly<Record<string, number>> = { t: 0x09, n: 0x0a, v: 0x0b, f: 0x0c, r: 0x0d };
const PUNCTUATION = /^[!-/:-@[-`{-~ ]$/;
const NEWLINE: CharacterRange[] = [[0x0a, 0x0a]];
const UNLIMITED = Number.POSITIVE_INFINITY;
/** RE2 allows as many repetitions of a part. */
const MOST_REPEATS = 1_000;
const DEEPEST = 50;
/** Characters that are looked at for a `[:name:]`: the longest is `[:^xdigit:]`, and more of a name that is none. */
const LONGEST_CLASS = 24;

export interface ParsedPattern {
  root: PatternNode;
  /** `(?i)` in front. */
  ignoresCase: boolean;
}

/**
 * Reads a regular expression of RE2's kind: literals, `.`, classes, `\d \w \s`, `[[:alpha:]]`, groups, `|`,
 * `* + ? {n,m}`, `^ $`, and the flags `(?i)` and `(?s)` in front. Throws a `PatternFault` for anything else.
 */
export function parsePattern(text: string): ParsedPattern {
  const flags = /^\(\?([is]{1,2})\)/.exec(text);
  const reader = new PatternReader([...text], (flags?.[0] ?? '').length, (flags?.[1] ?? '').includes('s'));
  return { root: reader.read(), ignoresCase: (flags?.[1] ?? '').includes('i') };
}

class PatternReader {
  readonly #text: readonly string[];
  readonly #dotTakesNewline: boolean;
  #at: number;
  #depth = 0;

  constructor(text: readonly string[], at: number, dotTakesNewline: boolean) {
    this.#text = text;
    this.#at = at;
    this.#dotTakesNewline = dotTakesNewline;
  }

  read(): PatternNode {
    const root = this.#choices();
    if (this.#at < this.#text.length) throw this.#fault('a ( before this )');
    return root;
  }

  #fault(expected: string): PatternFault {
    return new PatternFault(this.#at, expected);
  }

  #takes(character: string): boolean {
    if (this.#text[this.#at] !== character) return false;
    this.#at++;
    return true;
  }

  #choices(): PatternNode {
    const choices = [this.#sequence()];
    while (this.#takes('|')) choices.push(this.#sequence());
    return choices.length === 1 ? (choices[0] as PatternNode) : { kind: 'either', choices };
  }

  #sequence(): PatternNode {
    const parts: PatternNode[] = [];
    for (let next = this.#text[this.#at]; next !== undefined && next !== '|' && next !== ')'; ) {
      parts.push(this.#repeated(this.#part()));
      next = this.#text[this.#at];
    }
    return { kind: 'sequence', parts };
  }

  #part(): PatternNode {
    const next = this.#text[this.#at++] as string;
    switch (next) {
      case '(':
        return this.#group();
      case '[':
        return this.#set();
      case '.':
        return { kind: 'characters', ranges: this.#dotTakesNewline ? [] : NEWLINE, isNegated: true };
      case '^':
        return { kind: 'start' };
      case '$':
        return { kind: 'end' };
      case '\\':
        return this.#escape();
      case '*':
      case '+':
      case '?':
        this.#at--;
        throw this.#fault('something to repeat before this sign');
      default:
        return single(codePointOf(next));
    }
  }

  #group(): PatternNode {
    if (this.#takes('?') && !this.#takes(':')) throw this.#fault('(?:…), for neither look-around nor names are known');
    if (++this.#depth > DEEPEST) throw this.#fault(`at most ${DEEPEST} groups in one another`);
    const inner = this.#choices();
    if (!this.#takes(')')) throw this.#fault('a )');
    this.#depth--;
    return inner;
  }

  #escape(): PatternNode {
    const name = this.#text[this.#at] ?? '';
    const known = CLASSES[name];
    if (known) {
      this.#at++;
      return { kind: 'characters', ...known };
    }
    return single(this.#escapedCharacter());
  }

  #escapedCharacter(): number {
    const name = this.#text[this.#at] ?? '';
    const control = CONTROLS[name];
    if (control === undefined && !PUNCTUATION.test(name)) {
      throw this.#fault('one of \\d \\w \\s \\t \\n \\r \\f \\v or a punctuation mark after \\');
    }
    this.#at++;
    return control ?? codePointOf(name);
  }

  #set(): PatternNode {
    const isNegated = this.#takes('^');
    const ranges: CharacterRange[] = [];
    for (let isFirst = true; isFirst || !this.#takes(']'); isFirst = false) {
      if (this.#at >= this.#text.length) throw this.#fault('a ]');
      ranges.push(...this.#setMember());
    }
    return { kind: 'characters', ranges, isNegated };
  }

  #setMember(): readonly CharacterRange[] {
    const name = this.#text[this.#at] === '\\' ? (this.#text[this.#at + 1] ?? '') : '';
    const known = CLASSES[name];
    if (known) {
      this.#at += 2;
      return known.isNegated ? complement(known.ranges) : known.ranges;
    }
    const posix = this.#posixClass();
    if (posix) return posix;
    const from = this.#setCharacter();
    const isRange = this.#text[this.#at] === '-' && (this.#text[this.#at + 1] ?? ']') !== ']';
    if (!isRange) return [[from, from]];
    this.#at++;
    const to = this.#setCharacter();
    if (to < from) throw this.#fault('a range that does not run backwards');
    return [[from, to]];
  }

  /** `[:alpha:]` or `[:^alpha:]`; a `[` that begins neither is a character like others. */
  #posixClass(): CharacterRange[] | undefined {
    const written = /^\[:(\^?)([^\]:]*):\]/.exec(this.#text.slice(this.#at, this.#at + LONGEST_CLASS).join(''));
    if (!written) return undefined;
    const [all, negation, name = ''] = written;
    const ranges = posixRanges(name);
    if (!ranges) throw this.#fault(`one of ${POSIX_CLASSES.join(' ')}, or \\[ for the sign itself,`);
    this.#at += all.length;
    return negation === '' ? ranges : complement(ranges);
  }

  #setCharacter(): number {
    const next = this.#text[this.#at++] ?? '';
    return next === '\\' ? this.#escapedCharacter() : codePointOf(next);
  }

  #repeated(part: PatternNode): PatternNode {
    const bounds = this.#bounds();
    if (bounds === undefined) return part;
    // Whether it takes as few or as many as it can makes no difference to whether it matches.
    this.#takes('?');
    if (this.#bounds() !== undefined) throw this.#fault('one sign of repetition, not two');
    return { kind: 'repeat', part, ...bounds };
  }

  #bounds(): { least: number; most: number } | undefined {
    if (this.#takes('*')) return { least: 0, most: UNLIMITED };
    if (this.#takes('+')) return { least: 1, most: UNLIMITED };
    if (this.#takes('?')) return { least: 0, most: 1 };
    if (this.#text[this.#at] !== '{') return undefined;
    const written = /^\{(\d{1,4})(?:(,)(\d{1,4})?)?\}/.exec(this.#text.slice(this.#at, this.#at + 12).join(''));
    if (!written) throw this.#fault('{n}, {n,} or {n,m}, or \\{ for the sign itself');
    const [all, from, comma, to] = written;
    const least = Number(from);
    const most = comma === undefined ? least : to === undefined ? UNLIMITED : Number(to);
    if (most < least || Math.max(least, most === UNLIMITED ? 0 : most) > MOST_REPEATS) {
      throw this.#fault(`numbers from 0 to ${MOST_REPEATS}, the smaller first`);
    }
    this.#at += all.length;
    return { least, most };
  }
}

function codePointOf(character: string): number {
  return character.codePointAt(0) ?? 0;
}

function single(code: number): PatternNode {
  return { kind: 'characters', ranges: [[code, code]], isNegated: false };
}

function complement(ranges: readonly CharacterRange[]): CharacterRange[] {
  const gaps: CharacterRange[] = [];
  let next = 0;
  for (const [from, to] of ranges) {
    if (from > next) gaps.push([next, from - 1]);
    next = to + 1;
  }
  return [...gaps, [next, LAST]];
}
