import type { TemplateReader } from './template-reader.ts';

const DOT = 46;

/** Finds where quotes close. What was found is kept: however many quotes there are, one way through the text. */
export class TemplateQuotes {
  private readonly reader: TemplateReader;
  /** For each kind of quote, where the next one closes behind the last that was asked for. */
  private closing: Record<string, number> | undefined;

  constructor(reader: TemplateReader) {
    this.reader = reader;
  }

  reset(): void {
    this.closing = undefined;
  }

  /** Where the quote closes that the reader stands at, or -1. */
  closingQuote(): number {
    const { at, end, text } = this.reader;
    const quote = text.charAt(at);
    this.closing ??= {};
    const known = this.closing[quote] ?? 0;
    const close = known > at ? known : this.nextClosing(quote);
    this.closing[quote] = close;
    return close < end ? close : -1;
  }

  private nextClosing(quote: string): number {
    const { at, end, text } = this.reader;
    let close = text.indexOf(quote, at + 1);
    while (close >= 0 && !this.closesAt(close)) close = text.indexOf(quote, close + 1);
    return close < 0 ? end : close;
  }

  /** A quote closes where no word goes on; the full stop of a sentence may follow. */
  private closesAt(at: number): boolean {
    const { reader } = this;
    return !reader.atomAt(at + 1) || (reader.codeAt(at + 1) === DOT && !reader.atomAt(at + 2));
  }
}
