import { HAS, KIND, KINDS, QUIET, TRAITS } from './template-characters.ts';
import { isAnnouncing, SHORTEST_HEX } from './template-words.ts';

/** What stands for a variable part. It is read as an atom with a digit, so that a template is its own template. */
export const PLACEHOLDER = '<*>';

// A name of this module is a constant to the compiler; an imported one is looked up at every use, a quarter of a scan.
const kinds = KINDS;
const traitsOf = TRAITS;
const quiet = QUIET;
const { letter: HAS_LETTER, digit: HAS_DIGIT, dot: HAS_DOT, slash: HAS_SLASH, at: HAS_AT, nonHex: HAS_NON_HEX } = HAS;
const { atom: KIND_ATOM, dot: KIND_DOT, space: KIND_SPACE, list: KIND_LIST, less: KIND_LESS } = KIND;
const shortestHex = SHORTEST_HEX;

const LINE_FEED = 10;
const ESCAPE = 27;
const SPACE = 32;
const EXCLAMATION = 33;
const ASTERISK = 42;
const DOT = 46;
const SLASH = 47;
const COLON = 58;
const LESS = 60;
const EQUALS = 61;
const GREATER = 62;
const QUESTION = 63;
const BACKSLASH = 92;

/** Looked at from one start, so that a text made of colons costs no more than its length. */
const LONGEST_ADDRESS = 64;
const PORT_DIGITS = 5;

/** Characters that are read at most. */
export const LONGEST_TEXT = 4_096;
/** Stands behind the end of the text: a code unit that is no character, so that no reader has to ask for the end. */
const BEHIND_END = 0xffff;
const BEHIND_END_COUNT = 4;

/** The text that is being read. Reading a typed array costs a quarter of `charCodeAt`. */
const codes = new Uint16Array(LONGEST_TEXT + BEHIND_END_COUNT);
const bytes = Buffer.from(codes.buffer);

const BIG_ENDIAN = new Uint8Array(new Uint16Array([1]).buffer)[0] === 0;

function load(text: string): void {
  const written = bytes.write(text, 'utf16le');
  if (BIG_ENDIAN) bytes.subarray(0, written).swap16();
  const end = text.length;
  for (let at = end; at < end + BEHIND_END_COUNT; at += 1) codes[at] = BEHIND_END;
}

/** Reads a text forward, one atom at a time, and tells how far things reach that are more than an atom. */
export class TemplateReader {
  text = '';
  end = 0;
  /** Where reading goes on. */
  at = 0;
  /** Where the atom that was read last starts. It ends at `at`. */
  start = 0;
  /** What the atom that was read last contains: bits of `HAS`. */
  traits = 0;
  /** Whether a line end or an escape character has been read. */
  rough = false;

  reset(text: string): void {
    load(text);
    this.text = text;
    this.end = text.length;
    this.at = 0;
    this.rough = false;
  }

  /**
   * Skips what neither varies nor announces anything: plain words, single spaces, marks. True when it ends with an atom,
   * which has been read; otherwise something else stands at `at`.
   */
  skipQuiet(): boolean {
    let { at } = this;
    let start = at;
    let traits = 0;
    do {
      while (quiet[codes[at] as number] !== 0 && (codes[at] !== SPACE || codes[at + 1] !== SPACE)) at += 1;
      start = at;
      traits = 0;
      let own = traitsOf[codes[at] as number] as number;
      while (own !== 0) {
        traits |= own;
        at += 1;
        own = traitsOf[codes[at] as number] as number;
      }
    } while (at > start && isQuietWord(traits, start, at));
    this.start = start;
    this.traits = traits;
    this.at = at;
    if (at > start) this.endAtom();
    return at > start;
  }

  readBlanks(): void {
    const start = this.at;
    let { at } = this;
    while (kinds[codes[at] as number] === KIND_SPACE) at += 1;
    this.at = at;
    this.noteRough(start, at);
  }

  /** Looks for line ends and escape characters in a part that is not read any closer. */
  noteRough(start: number, end: number): void {
    for (let at = start; at < end; at += 1) {
      if (codes[at] === LINE_FEED || codes[at] === ESCAPE) this.rough = true;
    }
  }

  /** The code units of the text, and beyond its end what an earlier one left. */
  get codes(): Uint16Array {
    return codes;
  }

  /** What stands at `at`; `other` behind the end. */
  kindAt(at: number): number {
    return kinds[codes[at] as number] as number;
  }

  /** The code unit at `at`, which may be behind the end. */
  codeAt(at: number): number {
    return codes[at] as number;
  }

  placeholderAt(at: number): boolean {
    return codes[at] === LESS && codes[at + 1] === ASTERISK && codes[at + 2] === GREATER;
  }

  /** Whether an atom goes on or starts here. */
  atomAt(at: number): boolean {
    const kind = this.kindAt(at);
    return kind === KIND_ATOM || kind === KIND_DOT || (kind === KIND_LESS && this.placeholderAt(at));
  }

  /** Two full stops or more part what stands before from what stands behind; `../` is the start of a path. */
  ellipsisAt(at: number): boolean {
    return this.codeAt(at) === DOT && this.codeAt(at + 1) === DOT && this.codeAt(at + 2) !== SLASH;
  }

  /** Reads the atom that starts here. Full stops and the like at its end are not part of it. */
  readAtom(): void {
    this.start = this.at;
    this.traits = 0;
    this.endAtom();
  }

  private endAtom(): void {
    this.readTraits();
    while (this.placeholderAt(this.at)) {
      this.at += PLACEHOLDER.length;
      this.traits |= HAS_DIGIT;
      this.readTraits();
    }
    if (isStop(codes[this.at - 1] as number)) this.cutStops();
  }

  /** Reads on over what belongs to an atom, up to an ellipsis at most. */
  private readTraits(): void {
    let { at, traits } = this;
    let own = traitsAt(at);
    while (own !== 0 && !this.ellipsisAt(at)) {
      traits |= own;
      at += 1;
      own = traitsAt(at);
    }
    this.at = at;
    this.traits = traits;
  }

  /** An atom that is nothing but full stops and the like stays whole. */
  private cutStops(): void {
    let end = this.at;
    while (end > this.start && isStop(codes[end - 1] as number)) end -= 1;
    if (end > this.start) this.cutAt(end);
  }

  private cutAt(end: number): void {
    const masked = (this.traits & HAS_DIGIT) !== 0 && this.text.slice(this.start, end).includes(PLACEHOLDER);
    this.at = end;
    this.traits = masked ? HAS_DIGIT : 0;
    for (let at = this.start; at < end; at += 1) this.traits |= traitsAt(at);
  }

  /** What makes a URL of a word and a colon. */
  slashesAt(at: number): boolean {
    return codes[at] === SLASH && codes[at + 1] === SLASH;
  }

  /** The end of a URL of which the text from `from` on is left. */
  urlEnd(from: number): number {
    let at = from;
    while (this.atomAt(at) || this.kindAt(at) === KIND_LIST) at += 1;
    while (at > from && isUrlStop(codes[at - 1] as number)) at -= 1;
    return at;
  }

  /** The end of what the atom and the colon behind it begin (a URL, a Windows path, an address), or -1. */
  endBeyondColon(): number {
    const { at, traits } = this;
    if (codes[at] !== COLON || (traits & (HAS_LETTER | HAS_DIGIT)) === 0) return -1;
    if (this.slashesAt(at + 1)) return this.urlEnd(at + 3);
    if (at - this.start === 1 && this.codeAt(at + 1) === BACKSLASH) return this.urlEnd(at + 1);
    return (traits & HAS_NON_HEX) === 0 ? this.addressEnd() : -1;
  }

  /** IPv6 and MAC addresses, times of day: two colons or more between hex digits, some of them decimal. */
  private addressEnd(): number {
    const limit = this.start + LONGEST_ADDRESS;
    let at = this.start;
    let colons = 0;
    let seen = 0;
    while (at < limit && isAddressPart(codes[at] as number)) {
      if (codes[at] === COLON) colons += 1;
      seen |= traitsOf[codes[at] as number] as number;
      at += 1;
    }
    const end = fractionEnd(at);
    const decimal = (seen & HAS_DIGIT) !== 0 || end > at;
    return colons > 1 && decimal && !this.atomAt(end) ? end : -1;
  }

  /** The end of the port number behind a host name, or -1. */
  portEnd(): number {
    let end = this.at + 1;
    if (codes[this.at] !== COLON) return -1;
    while (end <= this.at + PORT_DIGITS && traitsOf[codes[end] as number] === HAS_DIGIT) end += 1;
    return end > this.at + 1 && !this.atomAt(end) ? end : -1;
  }

  /** A path goes on behind a colon or an equals sign: `/a?b=c`, `/usr/bin:/bin`. */
  readRestOfPath(): void {
    const { start, traits } = this;
    while (this.pathGoesOn()) {
      this.at += 1;
      this.readAtom();
    }
    this.start = start;
    this.traits = traits;
  }

  private pathGoesOn(): boolean {
    const code = this.codeAt(this.at);
    return (code === COLON || code === EQUALS) && this.atomAt(this.at + 1);
  }
}

/** Longer words are looked at more closely. */
const LONGEST_QUIET = 32;
/** An atom with one of these is no plain word. */
const LOUD = HAS_DIGIT | HAS_DOT | HAS_SLASH | HAS_AT;

/** The table has nothing for a full stop, so that `skipQuiet` looks at it more closely. */
function traitsAt(at: number): number {
  const code = codes[at] as number;
  return code === DOT ? HAS_DOT | HAS_NON_HEX : (traitsOf[code] as number);
}

function isQuietWord(traits: number, start: number, end: number): boolean {
  if ((traits & LOUD) !== 0 || end - start > LONGEST_QUIET) return false;
  if (isAnnouncing(codes[start] as number, end - start)) return false;
  const hex = (traits & HAS_NON_HEX) === 0;
  if (hex && end - start >= shortestHex) return false;
  const next = codes[end];
  if (next === COLON) return !hex && codes[end + 1] !== SLASH && codes[end + 1] !== BACKSLASH;
  return next !== LESS && next !== DOT;
}

function isStop(code: number): boolean {
  return code === DOT || code === EXCLAMATION || code === QUESTION;
}

/** Behind the digits from `.5` or `.0.0.1` on. */
function fractionEnd(from: number): number {
  let at = from;
  while (codes[at] === DOT && traitsOf[codes[at + 1] as number] === HAS_DIGIT) {
    at += 2;
    while (traitsOf[codes[at] as number] === HAS_DIGIT) at += 1;
  }
  return at;
}

function isAddressPart(code: number): boolean {
  const traits = traitsOf[code] as number;
  return code === COLON || (traits !== 0 && (traits & HAS_NON_HEX) === 0);
}

function isUrlStop(code: number): boolean {
  return isStop(code) || kinds[code] === KIND_LIST;
}
