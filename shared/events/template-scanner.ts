import { HAS, KIND, KINDS, TRAITS } from './template-characters.ts';
import { NAME, TemplateNames } from './template-names.ts';
import { TemplateOutput } from './template-output.ts';
import { TemplateQuotes } from './template-quotes.ts';
import { TemplateReader } from './template-reader.ts';
import {
  DATE_WORDS,
  isShortName,
  isVariable,
  LONGEST_SHORT_NAME,
  LONGEST_WORD,
  SHORTEST_HEX,
  UNITS,
} from './template-words.ts';

// A name of this module is a constant to the compiler; an imported one is looked up at every use, a quarter of a scan.
const kinds = KINDS;
const traitsOf = TRAITS;
const { letter: HAS_LETTER, digit: HAS_DIGIT, dot: HAS_DOT, slash: HAS_SLASH } = HAS;
const { at: HAS_AT, nonHex: HAS_NON_HEX, upper: HAS_UPPER } = HAS;
const { atom: KIND_ATOM, dot: KIND_DOT, space: KIND_SPACE, list: KIND_LIST } = KIND;
const { open: KIND_OPEN, close: KIND_CLOSE, quote: KIND_QUOTE, less: KIND_LESS } = KIND;
const longestShortName = LONGEST_SHORT_NAME;
const longestWord = LONGEST_WORD;
const shortestHex = SHORTEST_HEX;

const COMMA = 44;
const DOT = 46;
const COLON = 58;

/** An atom with none of these is a word, unless it is very long or made of hex digits. */
const UNUSUAL = HAS_DIGIT | HAS_DOT | HAS_SLASH | HAS_AT;
/** Marks that part the members of a list: `10 - 20`. */
const JOINING_MARKS = /^[-+/&~#.]+$/;
/** The quoted text of access logs: its method tells events apart. */
const REQUEST_LINE = /^[A-Z]{3,7} (?:[/*<]|https?:)/;
const LONGEST_REQUEST_START = 16;

/** One scan over a message, left to right. An instance is used again for each message, one after another. */
export class TemplateScanner {
  private readonly reader = new TemplateReader();
  private readonly output = new TemplateOutput(this.reader);
  private readonly names = new TemplateNames();
  private readonly quotes = new TemplateQuotes(this.reader);
  /** Up to here a quoted text is read like any other. */
  private textQuoteEnd = -1;

  scan(text: string): string {
    const { reader } = this;
    reader.reset(text);
    this.output.reset();
    this.names.forget();
    this.quotes.reset();
    this.textQuoteEnd = -1;
    while (reader.at < reader.end) {
      if (this.output.idle && !this.names.waiting && reader.skipQuiet()) this.judge();
      else if (reader.at < reader.end) this.step(kinds[reader.codeAt(reader.at)] as number);
    }
    return this.output.finish();
  }

  /** Whether the text that was scanned has line ends or escape characters, which need a look of their own. */
  get sawRough(): boolean {
    return this.reader.rough;
  }

  private step(kind: number): void {
    if (kind === KIND_ATOM) this.atom();
    else if (kind === KIND_SPACE) this.reader.readBlanks();
    else this.punctuation(kind);
  }

  private punctuation(kind: number): void {
    if (kind === KIND_DOT) {
      this.dot();
      return;
    }
    this.names.forget();
    if (kind === KIND_QUOTE) this.quote();
    else if (kind === KIND_LESS) this.less();
    else this.mark(kind);
  }

  private mark(kind: number): void {
    const { output, reader } = this;
    reader.at += 1;
    if (kind === KIND_LIST) output.list();
    else if (kind === KIND_OPEN) output.open();
    else if (kind === KIND_CLOSE) output.close(reader.at);
    else output.interrupt();
  }

  private other(): void {
    this.reader.at += 1;
    this.output.interrupt();
  }

  private dot(): void {
    const { reader } = this;
    if (!reader.ellipsisAt(reader.at)) {
      this.atom();
      return;
    }
    while (reader.codeAt(reader.at) === DOT) reader.at += 1;
    this.names.forget();
    this.output.interrupt();
  }

  /** `<*>` is an atom, and in `<1 sec` the sign belongs to the number. */
  private less(): void {
    const { reader } = this;
    if (reader.placeholderAt(reader.at)) this.atom();
    else if (this.standsApart() && traitsOf[reader.codeAt(reader.at + 1)] === HAS_DIGIT) {
      this.output.announce(reader.at);
      reader.at += 1;
      this.atom();
    } else this.other();
  }

  private standsApart(): boolean {
    const { at } = this.reader;
    return at === 0 || this.reader.kindAt(at - 1) === KIND_SPACE;
  }

  private quote(): void {
    const { reader } = this;
    const close = this.mayOpenQuote() ? this.quotes.closingQuote() : -1;
    if (close < 0) this.other();
    else if (this.isQuotedText(close)) {
      this.textQuoteEnd = close + 1;
      this.other();
    } else {
      reader.noteRough(reader.at, close);
      this.mask(reader.at, close + 1);
    }
  }

  /** A quote that stands behind `=` or `:` encloses the value of a key, which is read like any other value. */
  private mayOpenQuote(): boolean {
    const { at } = this.reader;
    if (at < this.textQuoteEnd) return false;
    return this.standsApart() || this.reader.kindAt(at - 1) === KIND_OPEN || this.reader.codeAt(at - 1) === COMMA;
  }

  /** The keys of JSON and the request lines of access logs say what happened. */
  private isQuotedText(close: number): boolean {
    const { reader } = this;
    if (reader.codeAt(close + 1) === COLON) return true;
    return REQUEST_LINE.test(reader.text.slice(reader.at + 1, reader.at + LONGEST_REQUEST_START));
  }

  private atom(): void {
    this.reader.readAtom();
    this.judge();
  }

  /** Masks or keeps the atom that has been read. */
  private judge(): void {
    const { reader } = this;
    const { traits, start, at } = reader;
    const beyond = reader.codeAt(at) === COLON ? reader.endBeyondColon() : -1;
    if (beyond >= 0) this.mask(start, beyond);
    else if ((traits & HAS_DIGIT) !== 0) this.digits();
    else if ((traits & UNUSUAL) === 0 && isPlain(traits, at - start)) this.word();
    else this.unusual();
  }

  private digits(): void {
    const { reader } = this;
    const { text, traits, start } = reader;
    const length = reader.at - start;
    if (length <= longestShortName && (traits & HAS_LETTER) !== 0 && isShortName(text.slice(start, reader.at))) {
      this.word();
      return;
    }
    if ((traits & HAS_SLASH) !== 0) reader.readRestOfPath();
    this.mask(start, reader.at);
  }

  private unusual(): void {
    const { reader } = this;
    const { traits, start } = reader;
    if (!isVariable(reader.text.slice(start, reader.at), traits)) this.wordOrHost(traits);
    else {
      if ((traits & HAS_SLASH) !== 0) reader.readRestOfPath();
      this.mask(start, reader.at);
    }
  }

  /** A dotted name is a host when a port stands behind it. */
  private wordOrHost(traits: number): void {
    const { reader } = this;
    const dotted = (traits & (HAS_DOT | HAS_LETTER | HAS_UPPER)) === (HAS_DOT | HAS_LETTER);
    const portEnd = dotted ? reader.portEnd() : -1;
    if (portEnd >= 0) this.mask(reader.start, portEnd);
    else this.word();
  }

  private mask(start: number, end: number): void {
    this.output.mask(start, end);
    this.names.forget();
  }

  private word(): void {
    const { reader, output } = this;
    if ((reader.traits & HAS_LETTER) === 0) this.marks();
    else if (this.isName()) this.mask(reader.start, reader.at);
    else if (output.followsPlaceholder && this.isUnit()) output.absorb(reader.at);
    else if (DATE_WORDS.holds(reader.text, reader.start, reader.at)) this.dateWord();
    else output.interrupt();
  }

  private marks(): void {
    const { reader, output } = this;
    this.names.forget();
    if (output.inList && JOINING_MARKS.test(reader.text.slice(reader.start, reader.at))) output.list();
    else output.interrupt();
  }

  private isName(): boolean {
    const { names, reader, output } = this;
    const { text, start, at } = reader;
    const name = names.follow(text, start, at);
    if (name === NAME.before) {
      output.maskEarlier(names.start, names.end);
      names.start = -1;
    }
    return name === NAME.here;
  }

  private isUnit(): boolean {
    const { text, start, at } = this.reader;
    if (!UNITS.holds(text, start, at)) return false;
    return kinds[this.reader.codeAt(at)] !== KIND_LIST || this.reader.codeAt(at) === COMMA;
  }

  private dateWord(): void {
    if (this.output.inList) this.output.absorb(this.reader.at);
    else this.output.announce(this.reader.start);
  }
}

function isPlain(traits: number, length: number): boolean {
  return length < shortestHex || ((traits & HAS_NON_HEX) !== 0 && length <= longestWord);
}
