import { HAS, KIND, KINDS, QUIET, TRAITS } from './template-characters.ts';
import { isAnnouncing, SHORTEST_HEX } from './template-words.ts';

/** What stands for a variable part. It is read as an atom with a digit, so that a template is its own template. */
export const PLACEHOLDER = '<*>';

export const CODE = { tab: 9, space: 32, exclamation: 33, comma: 44, dot: 46, slash: 47, colon: 58, less: 60 } as const;
const ASTERISK = 42;
const EQUALS = 61;
const GREATER = 62;
const QUESTION = 63;
const BACKSLASH = 92;

/** Looked at from one start, so that a text made of colons costs no more than its length. */
const LONGEST_ADDRESS = 64;
const ADDRESS = /^[\dA-Fa-f]*:[\dA-Fa-f]*:[\dA-Fa-f:]*(?:\.\d+)*/;
const PORT = /^:\d{1,5}/;
const DIGIT = /\d/;

/** Characters that are read at most. */
export const LONGEST_TEXT = 4_096;
/** Stands behind the end of the text: a code unit that is no character, so that no reader has to ask for the end. */
const BEHIND_END = 0xffff;
const BEHIND_END_COUNT = 4;

/** The text that is being read. Reading a typed array costs a quarter of `charCodeAt`. */
const codes = new Uint16Array(LONGEST_TEXT + BEHIND_END_COUNT);
const bytes = Buffer.from(codes.buffer);

function load(text: string): void {
  bytes.write(text, 'utf16le');
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
  private closing: Record<string, number> | undefined;

  reset(text: string): void {
    load(text);
    this.text = text;
    this.end = text.length;
    this.at = 0;
    this.closing = undefined;
  }

  /** Skips what neither varies nor announces anything: plain words, single spaces, marks. */
  skipQuiet(): void {
    let { at } = this;
    let start = at;
    let traits = 0;
    do {
      while (QUIET[codes[at] as number] !== 0 && !(codes[at] === CODE.space && codes[at + 1] === CODE.space)) at += 1;
      start = at;
      traits = 0;
      let own = TRAITS[codes[at] as number] as number;
      while (own !== 0) {
        traits |= own;
        at += 1;
        own = TRAITS[codes[at] as number] as number;
      }
    } while (at > start && isQuietWord(traits, start, at));
    this.at = start;
  }

  /** What stands at `at`; `other` behind the end. */
  kindAt(at: number): number {
    return KINDS[codes[at] as number] as number;
  }

  /** The code unit at `at`, which may be behind the end. */
  codeAt(at: number): number {
    return codes[at] as number;
  }

  placeholderAt(at: number): boolean {
    return codes[at] === CODE.less && codes[at + 1] === ASTERISK && codes[at + 2] === GREATER;
  }

  /** Whether an atom goes on or starts here. */
  atomAt(at: number): boolean {
    const kind = this.kindAt(at);
    return kind === KIND.atom || kind === KIND.dot || (kind === KIND.less && this.placeholderAt(at));
  }

  /** Two full stops or more part what stands before from what stands behind; `../` is the start of a path. */
  ellipsisAt(at: number): boolean {
    return this.codeAt(at) === CODE.dot && this.codeAt(at + 1) === CODE.dot && this.codeAt(at + 2) !== CODE.slash;
  }

  /** Reads the atom that starts here. Full stops and the like at its end are not part of it. */
  readAtom(): void {
    this.start = this.at;
    this.traits = 0;
    this.readTraits();
    while (this.placeholderAt(this.at)) {
      this.at += PLACEHOLDER.length;
      this.traits |= HAS.digit;
      this.readTraits();
    }
    if ((this.traits & HAS.dot) !== 0) this.cutAtEllipsis();
    if (isStop(codes[this.at - 1] as number)) this.cutAtStops();
  }

  private readTraits(): void {
    let { at, traits } = this;
    let own = TRAITS[codes[at] as number] as number;
    while (own !== 0) {
      traits |= own;
      at += 1;
      own = TRAITS[codes[at] as number] as number;
    }
    this.at = at;
    this.traits = traits;
  }

  private cutAtEllipsis(): void {
    let at = this.start + 1;
    while (at < this.at && !(codes[at] === CODE.dot && this.ellipsisAt(at))) at += 1;
    if (at < this.at) this.cutAt(at);
  }

  private cutAtStops(): void {
    let at = this.at;
    while (at - this.start > 1 && isStop(codes[at - 1] as number)) at -= 1;
    this.cutAt(at);
  }

  private cutAt(end: number): void {
    const masked = (this.traits & HAS.digit) !== 0 && this.text.slice(this.start, end).includes(PLACEHOLDER);
    this.at = end;
    this.traits = masked ? HAS.digit : 0;
    for (let at = this.start; at < end; at += 1) this.traits |= TRAITS[codes[at] as number] as number;
  }

  /** What makes a URL of a word and a colon. */
  slashesAt(at: number): boolean {
    return codes[at] === CODE.slash && codes[at + 1] === CODE.slash;
  }

  /** The end of a URL of which the text from `from` on is left. */
  urlEnd(from: number): number {
    let at = from;
    while (this.atomAt(at) || this.kindAt(at) === KIND.list) at += 1;
    while (at > from && isUrlStop(codes[at - 1] as number)) at -= 1;
    return at;
  }

  /** The end of what the atom and the colon behind it begin (a URL, a Windows path, an address), or -1. */
  endBeyondColon(): number {
    const { at, traits } = this;
    if (codes[at] !== CODE.colon || (traits & (HAS.letter | HAS.digit)) === 0) return -1;
    if (this.slashesAt(at + 1)) return this.urlEnd(at + 3);
    if (at - this.start === 1 && this.codeAt(at + 1) === BACKSLASH) return this.urlEnd(at + 1);
    return (traits & HAS.nonHex) === 0 ? this.addressEnd() : -1;
  }

  /** IPv6 and MAC addresses, times of day. */
  private addressEnd(): number {
    const found = ADDRESS.exec(this.text.slice(this.start, this.start + LONGEST_ADDRESS))?.[0] ?? '';
    const end = this.start + found.length;
    return end > this.at && !this.atomAt(end) && DIGIT.test(found) ? end : -1;
  }

  /** The end of the port number behind a host name, or -1. */
  portEnd(): number {
    if (this.codeAt(this.at) !== CODE.colon) return -1;
    const found = PORT.exec(this.text.slice(this.at, this.at + 7))?.[0] ?? '';
    const end = this.at + found.length;
    return end > this.at && !this.atomAt(end) ? end : -1;
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
    return (code === CODE.colon || code === EQUALS) && this.atomAt(this.at + 1);
  }

  /** Where the quote that opens here closes, or -1. What was found is kept: however many quotes, one way through. */
  closingQuote(): number {
    const quote = this.text.charAt(this.at);
    this.closing ??= {};
    const known = this.closing[quote] ?? 0;
    const close = known > this.at ? known : this.nextClosing(quote);
    this.closing[quote] = close;
    return close < this.end ? close : -1;
  }

  private nextClosing(quote: string): number {
    let at = this.text.indexOf(quote, this.at + 1);
    while (at >= 0 && !this.closesAt(at)) at = this.text.indexOf(quote, at + 1);
    return at < 0 ? this.end : at;
  }

  private closesAt(at: number): boolean {
    return !this.atomAt(at + 1) || (this.codeAt(at + 1) === CODE.dot && !this.atomAt(at + 2));
  }
}

/** Longer words are looked at more closely. */
const LONGEST_QUIET = 32;
/** An atom with one of these is no plain word. */
const LOUD = HAS.digit | HAS.dot | HAS.slash | HAS.at;

function isQuietWord(traits: number, start: number, end: number): boolean {
  if ((traits & LOUD) !== 0 || end - start > LONGEST_QUIET) return false;
  if (isAnnouncing(codes[start] as number, end - start)) return false;
  const hex = (traits & HAS.nonHex) === 0;
  if (hex && end - start >= SHORTEST_HEX) return false;
  const next = codes[end];
  if (next === CODE.colon) return !hex && codes[end + 1] !== CODE.slash && codes[end + 1] !== BACKSLASH;
  return next !== CODE.less;
}

function isStop(code: number): boolean {
  return code === CODE.dot || code === CODE.exclamation || code === QUESTION;
}

function isUrlStop(code: number): boolean {
  return isStop(code) || KINDS[code] === KIND.list;
}
