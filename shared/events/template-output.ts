import { BLANKS } from './template-characters.ts';
import { CODE, PLACEHOLDER, type TemplateReader } from './template-reader.ts';

/** What stands between the last placeholder and here. */
const GAP = { broken: 0, blank: 1, list: 2 } as const;
/** A bracket right behind a placeholder: none, just opened, holding nothing but a placeholder. */
const BRACKET = { none: 0, opened: 1, masked: 2 } as const;

/**
 * What has been put out so far. Text is copied in slices, and as late as possible: `copied` is where the text starts
 * that is not in `out` yet, so that a part can still be dropped when it turns out to belong to a placeholder.
 */
export class TemplateOutput {
  private readonly reader: TemplateReader;
  private out = '';
  private copied = 0;
  private untidy = false;
  private gap: number = GAP.broken;
  private bracket: number = BRACKET.none;
  private beforeBracket = '';
  private prefix = -1;

  constructor(reader: TemplateReader) {
    this.reader = reader;
  }

  reset(): void {
    this.out = '';
    this.copied = 0;
    this.untidy = false;
    this.interrupt();
  }

  /** Everything that is left is copied. */
  finish(): string {
    this.copyTo(this.reader.end);
    return this.out;
  }

  /** Only blanks stand between here and a placeholder. */
  get followsPlaceholder(): boolean {
    return this.gap === GAP.blank;
  }

  /** A list of placeholders may go on here. */
  get inList(): boolean {
    return this.gap !== GAP.broken;
  }

  /** The blanks just read are to become one space. */
  tidyLater(): void {
    this.untidy = true;
  }

  /** Something stands here that is no part of a placeholder or a list. */
  interrupt(): void {
    this.gap = GAP.broken;
    this.bracket = BRACKET.none;
    this.prefix = -1;
  }

  /** From `start` on the text belongs to the placeholder, if one follows: the day before a date. */
  announce(start: number): void {
    if (this.prefix < 0) this.prefix = start;
  }

  /** `<*>, <*>` is one placeholder: lists of any length have one template. */
  list(): void {
    if (this.gap !== GAP.broken) this.gap = GAP.list;
    else if (this.prefix < 0) this.bracket = BRACKET.none;
  }

  /** Puts out a placeholder for the text from `start` to `end`, or lets it be part of the one before. */
  mask(start: number, end: number): void {
    if (this.gap === GAP.broken) {
      this.copyTo(this.prefix >= 0 ? this.prefix : start);
      this.out += PLACEHOLDER;
      if (this.bracket === BRACKET.opened) this.bracket = BRACKET.masked;
    }
    this.prefix = -1;
    this.absorb(end);
  }

  /** Masks a part that has been read past, and goes on as if nothing had been masked. */
  maskEarlier(start: number, end: number): void {
    const { untidy, reader } = this;
    const { at } = reader;
    this.mask(start, end);
    this.untidy = untidy;
    reader.at = at;
  }

  /** What has not been copied yet, up to `end`, belongs to the placeholder that was put out last. */
  absorb(end: number): void {
    const { reader } = this;
    const url = reader.codeAt(end) === CODE.colon && reader.slashesAt(end + 1);
    reader.at = url ? reader.urlEnd(end + 3) : end;
    this.copied = reader.at;
    this.untidy = false;
    this.gap = GAP.blank;
  }

  open(): void {
    const nested = this.bracket !== BRACKET.none;
    const behindPlaceholder = this.gap !== GAP.broken;
    this.interrupt();
    if (nested || !behindPlaceholder) return;
    this.beforeBracket = this.out;
    this.bracket = BRACKET.opened;
  }

  /** `<*> (<*>)` and `<*> ()` say one thing twice: a size in another unit, an address and its name. */
  close(end: number): void {
    const saysTwice = this.bracket !== BRACKET.none && !this.reader.atomAt(end);
    this.interrupt();
    if (!saysTwice) return;
    this.out = this.beforeBracket;
    this.absorb(end);
  }

  private copyTo(end: number): void {
    const slice = this.reader.text.slice(this.copied, end);
    this.out += this.untidy ? slice.replace(BLANKS, ' ') : slice;
    this.untidy = false;
    this.copied = end;
  }
}
