import { HAS, KIND, KINDS, TRAITS } from './template-characters.ts';
import { NAME, TemplateNames } from './template-names.ts';
import { TemplateOutput } from './template-output.ts';
import { CODE, TemplateReader } from './template-reader.ts';
import {
  DATE_WORDS,
  isShortName,
  isVariable,
  LONGEST_SHORT_NAME,
  LONGEST_WORD,
  SHORTEST_HEX,
  UNITS,
} from './template-words.ts';

/** An atom with none of these is a word, unless it is very long or made of hex digits. */
const UNUSUAL = HAS.digit | HAS.dot | HAS.slash | HAS.at;
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
  /** Up to here a quoted text is read like any other. */
  private textQuoteEnd = -1;

  scan(text: string): string {
    const { reader } = this;
    reader.reset(text);
    this.output.reset();
    this.names.forget();
    this.textQuoteEnd = -1;
    reader.skipQuiet();
    while (reader.at < reader.end) {
      this.step(KINDS[reader.codeAt(reader.at)] as number);
      if (this.output.idle && !this.names.waiting) reader.skipQuiet();
    }
    return this.output.finish();
  }

  private step(kind: number): void {
    if (kind === KIND.atom) this.atom();
    else if (kind === KIND.space) this.space();
    else this.punctuation(kind);
  }

  private space(): void {
    const { reader } = this;
    const start = reader.at;
    while (reader.kindAt(reader.at) === KIND.space) reader.at += 1;
    if (reader.at - start > 1 || reader.codeAt(start) !== CODE.space) this.output.tidyLater();
  }

  private punctuation(kind: number): void {
    if (kind === KIND.dot) {
      this.dot();
      return;
    }
    this.names.forget();
    if (kind === KIND.quote) this.quote();
    else if (kind === KIND.less) this.less();
    else this.mark(kind);
  }

  private mark(kind: number): void {
    const { output, reader } = this;
    reader.at += 1;
    if (kind === KIND.list) output.list();
    else if (kind === KIND.open) output.open();
    else if (kind === KIND.close) output.close(reader.at);
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
    while (reader.codeAt(reader.at) === CODE.dot) reader.at += 1;
    this.names.forget();
    this.output.interrupt();
  }

  /** `<*>` is an atom, and in `<1 sec` the sign belongs to the number. */
  private less(): void {
    const { reader } = this;
    if (reader.placeholderAt(reader.at)) this.atom();
    else if (this.standsApart() && TRAITS[reader.codeAt(reader.at + 1)] === HAS.digit) {
      this.output.announce(reader.at);
      reader.at += 1;
      this.atom();
    } else this.other();
  }

  private standsApart(): boolean {
    const { at } = this.reader;
    return at === 0 || this.reader.kindAt(at - 1) === KIND.space;
  }

  private quote(): void {
    const { reader } = this;
    const close = this.mayOpenQuote() ? reader.closingQuote() : -1;
    if (close < 0) this.other();
    else if (this.isQuotedText(close)) {
      this.textQuoteEnd = close + 1;
      this.other();
    } else this.mask(reader.at, close + 1);
  }

  /** A quote that stands behind `=` or `:` encloses the value of a key, which is read like any other value. */
  private mayOpenQuote(): boolean {
    const { at } = this.reader;
    if (at < this.textQuoteEnd) return false;
    return this.standsApart() || this.reader.kindAt(at - 1) === KIND.open || this.reader.codeAt(at - 1) === CODE.comma;
  }

  /** The keys of JSON and the request lines of access logs say what happened. */
  private isQuotedText(close: number): boolean {
    const { reader } = this;
    if (reader.codeAt(close + 1) === CODE.colon) return true;
    return REQUEST_LINE.test(reader.text.slice(reader.at + 1, reader.at + LONGEST_REQUEST_START));
  }

  private atom(): void {
    const { reader } = this;
    reader.readAtom();
    const { traits } = reader;
    const length = reader.at - reader.start;
    const word = (traits & UNUSUAL) === 0 && length <= LONGEST_WORD;
    const beyond = reader.endBeyondColon();
    if (beyond >= 0) this.mask(reader.start, beyond);
    else if (word && ((traits & HAS.nonHex) !== 0 || length < SHORTEST_HEX)) this.word();
    else this.unusual();
  }

  private unusual(): void {
    const { reader } = this;
    const { traits } = reader;
    if (!this.isVariable()) this.wordOrHost(traits);
    else {
      if ((traits & HAS.slash) !== 0) reader.readRestOfPath();
      this.mask(reader.start, reader.at);
    }
  }

  private isVariable(): boolean {
    const { text, start, at, traits } = this.reader;
    if ((traits & HAS.digit) === 0) return isVariable(text.slice(start, at), traits);
    return (traits & HAS.letter) === 0 || at - start > LONGEST_SHORT_NAME || !isShortName(text.slice(start, at));
  }

  /** A dotted name is a host when a port stands behind it. */
  private wordOrHost(traits: number): void {
    const { reader } = this;
    const dotted = (traits & (HAS.dot | HAS.letter | HAS.upper)) === (HAS.dot | HAS.letter);
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
    if ((reader.traits & HAS.letter) === 0) this.marks();
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
    return KINDS[this.reader.codeAt(at)] !== KIND.list || this.reader.codeAt(at) === CODE.comma;
  }

  private dateWord(): void {
    if (this.output.inList) this.output.absorb(this.reader.at);
    else this.output.announce(this.reader.start);
  }
}
