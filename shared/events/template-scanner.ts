import { BLANKS, HAS, KIND, KINDS, kindOf, TRAITS } from './template-characters.ts';
import { isDateWord, isShortName, isUnit, isVariable } from './template-words.ts';

/** What stands for a variable part. It reads as an atom with a digit, so a template is its own template. */
export const PLACEHOLDER = '<*>';

/** How far the scan has come since the last placeholder: something else stands between, or blanks, or list marks. */
const GAP = { broken: 0, blank: 1, list: 2 } as const;
/** A bracket right behind a placeholder: none, just opened, holding nothing but a placeholder. */
const BRACKET = { none: 0, opened: 1, masked: 2 } as const;
/** What the word before announces: nothing, perhaps `user`, a user's name. */
const CUE = { none: 0, user: 1, name: 2 } as const;

const USER_CUES = new Set('for For by By as As from From invalid Invalid unknown Unknown'.split(' '));
const NO_NAMES = new Set('for by as of from on at to in with is was has not'.split(' '));

const LONGEST_ADDRESS = 64;
const JOINING_MARKS = /^[-+/&~#.]+$/;
const REQUEST_LINE = /[A-Z]{3,7} (?:[/*<]|https?:)/y;
const ADDRESS = /[\dA-Fa-f]*:[\dA-Fa-f]*:[\dA-Fa-f:]*(?:\.\d+)*/y;
const PORT = /:\d{1,5}/y;

const COLON = 58;
const DOT = 46;

function isStop(code: number): boolean {
  return code === DOT || code === 33 || code === 63;
}

function matchEnd(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : -1;
}

/**
 * One scan over a message, left to right. Text is copied in slices: `copied` is the start of what is not yet in `out`,
 * so that a part can still be dropped when what follows shows that it belonged to a placeholder.
 */
export class TemplateScanner {
  readonly #text: string;
  readonly #end: number;
  #out = '';
  #at = 0;
  #copied = 0;
  #untidy = false;
  #gap: number = GAP.broken;
  #bracket: number = BRACKET.none;
  #beforeBracket = '';
  #cue: number = CUE.none;
  #prefixStart = -1;
  #afterFor = false;
  #nameStart = -1;
  #nameEnd = -1;
  #textQuoteEnd = -1;
  readonly #closing = new Map<string, number>();

  constructor(text: string) {
    this.#text = text;
    this.#end = text.length;
  }

  run(): string {
    while (this.#at < this.#end) {
      const code = this.#text.charCodeAt(this.#at);
      const kind = kindOf(code);
      if (kind === KIND.atom) this.#atom();
      else if (kind === KIND.space) this.#space(code);
      else this.#punctuation(kind);
    }
    this.#copyTo(this.#end);
    return this.#out;
  }

  #copyTo(end: number): void {
    const slice = this.#text.slice(this.#copied, end);
    this.#out += this.#untidy ? slice.replace(BLANKS, ' ') : slice;
    this.#untidy = false;
    this.#copied = end;
  }

  #space(code: number): void {
    const start = this.#at;
    this.#at += 1;
    if (code !== 32) this.#untidy = true;
    while (this.#at < this.#end && kindOf(this.#text.charCodeAt(this.#at)) === KIND.space) this.#at += 1;
    if (this.#at - start > 1) this.#untidy = true;
  }

  #punctuation(kind: number): void {
    this.#forgetWords();
    if (kind === KIND.list) this.#list();
    else if (kind === KIND.open) this.#open();
    else if (kind === KIND.close) this.#close();
    else if (kind === KIND.quote) this.#quote();
    else if (kind === KIND.less) this.#less();
    else this.#other();
  }

  #other(): void {
    this.#at += 1;
    this.#interrupt();
  }

  /** Something stands here that is no part of a placeholder or a list. */
  #interrupt(): void {
    this.#gap = GAP.broken;
    this.#bracket = BRACKET.none;
    this.#prefixStart = -1;
  }

  #forgetWords(): void {
    this.#cue = CUE.none;
    this.#afterFor = false;
    this.#nameStart = -1;
  }

  #list(): void {
    this.#at += 1;
    if (this.#gap !== GAP.broken) this.#gap = GAP.list;
    else if (this.#prefixStart < 0) this.#bracket = BRACKET.none;
  }

  #open(): void {
    const nested = this.#bracket !== BRACKET.none;
    const behindPlaceholder = this.#gap !== GAP.broken;
    this.#interrupt();
    if (behindPlaceholder && !nested) {
      this.#beforeBracket = this.#out;
      this.#bracket = BRACKET.opened;
    }
    this.#at += 1;
  }

  /** `<*> (<*>)` and `<*> ()` say one thing twice: a size in another unit, an address and its name. */
  #close(): void {
    this.#at += 1;
    const swallow = this.#bracket !== BRACKET.none && !this.#atomAt(this.#at);
    this.#interrupt();
    if (!swallow) return;
    this.#out = this.#beforeBracket;
    this.#drop(this.#at);
  }

  #atomAt(at: number): boolean {
    if (at >= this.#end) return false;
    const kind = kindOf(this.#text.charCodeAt(at));
    return kind === KIND.atom || (kind === KIND.less && this.#placeholderAt(at));
  }

  #placeholderAt(at: number): boolean {
    return this.#text.startsWith(PLACEHOLDER, at);
  }

  /** `<1 sec`: the sign belongs to the number. */
  #less(): void {
    if (this.#placeholderAt(this.#at)) {
      this.#atom();
      return;
    }
    const free = this.#at === 0 || kindOf(this.#text.charCodeAt(this.#at - 1)) === KIND.space;
    if (!free || TRAITS[this.#text.charCodeAt(this.#at + 1)] !== HAS.digit) {
      this.#other();
      return;
    }
    if (this.#prefixStart < 0) this.#prefixStart = this.#at;
    this.#at += 1;
    this.#atom();
  }

  #quote(): void {
    const end = this.#at < this.#textQuoteEnd || !this.#standsFree() ? -1 : this.#quoteEnd();
    if (end < 0) {
      this.#other();
      return;
    }
    if (this.#text.charCodeAt(end) === COLON || matchEnd(REQUEST_LINE, this.#text, this.#at + 1) >= 0) {
      this.#textQuoteEnd = end;
      this.#other();
      return;
    }
    this.#mask(this.#at, end);
  }

  #standsFree(): boolean {
    if (this.#at === 0) return true;
    const before = this.#text.charCodeAt(this.#at - 1);
    const kind = kindOf(before);
    return kind === KIND.space || kind === KIND.open || before === 44;
  }

  /** The index behind the closing quote, or -1. What was found is kept: however many quotes, one scan over the text. */
  #quoteEnd(): number {
    const quote = this.#text.charAt(this.#at);
    const known = this.#closing.get(quote) ?? 0;
    const close = known > this.#at ? known : this.#nextClosing(quote);
    this.#closing.set(quote, close);
    return close >= this.#end ? -1 : close + 1;
  }

  #nextClosing(quote: string): number {
    let at = this.#at + 1;
    while (at < this.#end && !(this.#text.charAt(at) === quote && this.#closesAt(at))) at += 1;
    return at;
  }

  #closesAt(at: number): boolean {
    return !this.#atomAt(at + 1) || (this.#text.charCodeAt(at + 1) === DOT && !this.#atomAt(at + 2));
  }

  /** Two full stops or more part what stands before from what stands behind; `../` is a path. */
  #ellipsisAt(at: number): boolean {
    return this.#text.charCodeAt(at + 1) === DOT && this.#text.charCodeAt(at + 2) !== 47;
  }

  #ellipsis(): void {
    while (this.#at < this.#end && this.#text.charCodeAt(this.#at) === DOT) this.#at += 1;
    this.#forgetWords();
    this.#interrupt();
  }

  #atom(): void {
    const start = this.#at;
    if (this.#text.charCodeAt(start) === DOT && this.#ellipsisAt(start)) {
      this.#ellipsis();
      return;
    }
    let traits = this.#measure();
    const plain = (traits & (HAS.digit | HAS.dot | HAS.slash | HAS.at)) === 0;
    const beyond = this.#beyond(start, traits);
    if (beyond >= 0) {
      this.#at = beyond;
      traits |= HAS.digit;
    }
    if ((traits & HAS.digit) !== 0) {
      if (beyond < 0 && this.#at - start <= 4 && isShortName(this.#text.slice(start, this.#at)))
        this.#word(start, traits);
      else this.#maskAll(start, traits);
    } else if (plain && this.#at - start < 8) this.#word(start, traits);
    else if (isVariable(this.#text.slice(start, this.#at), traits)) this.#maskAll(start, traits);
    else if ((traits & (HAS.dot | HAS.letter | HAS.upper)) === (HAS.dot | HAS.letter) && this.#port())
      this.#mask(start, this.#at);
    else this.#word(start, traits);
  }

  /** A path goes on behind a colon or an equals sign: `/a?b=c`, `/usr/bin:/bin`. */
  #maskAll(start: number, traits: number): void {
    if ((traits & HAS.slash) !== 0) {
      while (this.#pathGoesOn()) {
        this.#at += 1;
        this.#measure();
      }
    }
    this.#mask(start, this.#at);
  }

  #pathGoesOn(): boolean {
    const code = this.#text.charCodeAt(this.#at);
    return (code === COLON || code === 61) && this.#atomAt(this.#at + 1);
  }

  /** Moves to the end of the atom; its traits. A full stop or an exclamation at the end is not part of it. */
  #measure(): number {
    const start = this.#at;
    let at = start;
    let traits = 0;
    while (at < this.#end) {
      const code = this.#text.charCodeAt(at);
      const own = code < TRAITS.length ? (TRAITS[code] as number) : 0;
      if (own !== 0) {
        if (code === DOT && this.#ellipsisAt(at)) break;
        traits |= own;
        at += 1;
      } else if (code === 60 && this.#placeholderAt(at)) {
        traits |= HAS.digit;
        at += PLACEHOLDER.length;
      } else break;
    }
    while (at - start > 1 && isStop(this.#text.charCodeAt(at - 1))) at -= 1;
    this.#at = at;
    return traits;
  }

  /** The end of what goes on behind a colon as one thing (a URL, a Windows path, an address), or -1. */
  #beyond(start: number, traits: number): number {
    if (this.#text.charCodeAt(this.#at) !== COLON || (traits & (HAS.letter | HAS.digit)) === 0) return -1;
    if (this.#text.startsWith('//', this.#at + 1)) return this.#urlEnd(this.#at + 3);
    if (this.#at - start === 1 && this.#text.charCodeAt(this.#at + 1) === 92) return this.#urlEnd(this.#at + 1);
    if ((traits & HAS.nonHex) !== 0) return -1;
    return this.#addressEnd(start);
  }

  #urlEnd(from: number): number {
    let at = from;
    while (at < this.#end && (this.#atomAt(at) || kindOf(this.#text.charCodeAt(at)) === KIND.list)) at += 1;
    while (at > from && ',.;:!?'.includes(this.#text.charAt(at - 1))) at -= 1;
    return at;
  }

  #addressEnd(start: number): number {
    const end = matchEnd(ADDRESS, this.#text.slice(start, start + LONGEST_ADDRESS), 0) + start;
    if (end < this.#at || this.#atomAt(end)) return -1;
    return /\d/.test(this.#text.slice(start, end)) ? end : -1;
  }

  #port(): boolean {
    const end = matchEnd(PORT, this.#text, this.#at);
    if (end < 0 || this.#atomAt(end)) return false;
    this.#at = end;
    return true;
  }

  #mask(start: number, end: number): void {
    if (this.#gap === GAP.broken) {
      this.#copyTo(this.#prefixStart >= 0 ? this.#prefixStart : start);
      this.#out += PLACEHOLDER;
      if (this.#bracket === BRACKET.opened) this.#bracket = BRACKET.masked;
    }
    this.#drop(end);
    this.#prefixStart = -1;
    this.#forgetWords();
  }

  /** What has not been copied yet, up to `end`, belongs to the placeholder that was put out last. */
  #drop(end: number): void {
    const url = this.#text.charCodeAt(end) === COLON && this.#text.startsWith('//', end + 1);
    this.#at = url ? this.#urlEnd(end + 3) : end;
    this.#copied = this.#at;
    this.#untidy = false;
    this.#gap = GAP.blank;
  }

  #word(start: number, traits: number): void {
    if ((traits & HAS.letter) === 0) {
      this.#marks(start);
      return;
    }
    if (this.#cueMasks(start)) return;
    const length = this.#at - start;
    if (this.#gap === GAP.blank && length < 13 && this.#unit(start)) return;
    if (length === 3 && (traits & HAS.upper) !== 0 && isDateWord(this.#text.slice(start, this.#at))) {
      this.#dateWord(start);
      return;
    }
    this.#interrupt();
  }

  #marks(start: number): void {
    this.#forgetWords();
    if (this.#gap !== GAP.broken && JOINING_MARKS.test(this.#text.slice(start, this.#at))) this.#gap = GAP.list;
    else this.#interrupt();
  }

  #unit(start: number): boolean {
    if (!isUnit(this.#text.slice(start, this.#at))) return false;
    const next = this.#text.charCodeAt(this.#at);
    if (next === COLON || next === 61) return false;
    this.#drop(this.#at);
    return true;
  }

  #dateWord(start: number): void {
    if (this.#gap !== GAP.broken) {
      this.#drop(this.#at);
      return;
    }
    if (this.#prefixStart < 0) this.#prefixStart = start;
  }

  /** `for user NAME` and `for NAME from`: masks the name. True when the word itself was the name. */
  #cueMasks(start: number): boolean {
    const cue = this.#cue;
    const afterFor = this.#afterFor;
    const word = this.#at - start < 8 ? this.#text.slice(start, this.#at) : '';
    this.#cue = USER_CUES.has(word) ? CUE.user : CUE.none;
    this.#afterFor = word === 'for';
    if (cue === CUE.name && !NO_NAMES.has(word)) {
      this.#mask(start, this.#at);
      return true;
    }
    if (cue === CUE.user && word === 'user') this.#cue = CUE.name;
    if (word === 'from') this.#maskName();
    this.#nameStart = afterFor && !NO_NAMES.has(word) ? start : -1;
    this.#nameEnd = this.#at;
    return false;
  }

  #maskName(): void {
    if (this.#nameStart < 0) return;
    const { untidy, at } = { untidy: this.#untidy, at: this.#at };
    this.#mask(this.#nameStart, this.#nameEnd);
    this.#untidy = untidy;
    this.#at = at;
  }
}
