import { BLANKS } from './template-characters.ts';
import { TemplateMemo } from './template-memo.ts';
import { LONGEST_TEXT, PLACEHOLDER, type TemplateReader } from './template-reader.ts';

const COLON = 58;

/** What stands between the last placeholder and here. */
const GAP = { broken: 0, blank: 1, list: 2 } as const;
/** A bracket right behind a placeholder: none, just opened, holding nothing but a placeholder. */
const BRACKET = { none: 0, opened: 1, masked: 2 } as const;

/**
 * Which parts of the text are kept. They are noted as late as possible: `kept` is where the text starts that has not
 * been decided about, so that it can still become part of a placeholder. Nothing but numbers until `finish`: a string
 * stored in an object that lives long costs more than reading ten characters.
 */
export class TemplateOutput {
  private readonly reader: TemplateReader;
  private readonly memo = new TemplateMemo();
  /** Start and end of each kept part; between two of them stands a placeholder. */
  private readonly bounds = new Uint16Array(2 * LONGEST_TEXT + 2);
  private count = 0;
  private kept = 0;
  private gap: number = GAP.broken;
  private bracket: number = BRACKET.none;
  private countBeforeBracket = 0;
  private prefix = -1;

  constructor(reader: TemplateReader) {
    this.reader = reader;
  }

  reset(): void {
    this.count = 0;
    this.kept = 0;
    this.interrupt();
  }

  /** The kept parts with their placeholders, runs of blanks as one space, none at the ends. */
  finish(): string {
    this.keepTo(this.reader.end);
    const { bounds, count } = this;
    return this.memo.get({ codes: this.reader.codes, bounds, count }, this.join);
  }

  private readonly join = (): string => {
    const { bounds, count } = this;
    const kept: string[] = [];
    for (let at = 0; at < count; at += 2) kept.push(this.reader.text.slice(bounds[at], bounds[at + 1]));
    const joined = kept.join(PLACEHOLDER).replace(BLANKS, ' ');
    const start = joined.startsWith(' ') ? 1 : 0;
    return joined.slice(start, joined.endsWith(' ') ? Math.max(start, joined.length - 1) : joined.length);
  };

  /** No placeholder, no bracket and no date is near: what comes next stands for itself. */
  get idle(): boolean {
    return this.gap === GAP.broken && this.bracket === BRACKET.none && this.prefix < 0;
  }

  /** Only blanks stand between here and a placeholder. */
  get followsPlaceholder(): boolean {
    return this.gap === GAP.blank;
  }

  /** A list of placeholders may go on here. */
  get inList(): boolean {
    return this.gap !== GAP.broken;
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

  /** Puts a placeholder for the text from `start` to `end`, or lets it be part of the one before. */
  mask(start: number, end: number): void {
    if (this.gap === GAP.broken) {
      this.keepTo(this.prefix >= 0 ? this.prefix : start);
      if (this.bracket === BRACKET.opened) this.bracket = BRACKET.masked;
    }
    this.prefix = -1;
    this.absorb(end);
  }

  /** Masks a part that has been read past, and goes on where reading was. */
  maskEarlier(start: number, end: number): void {
    const { at } = this.reader;
    this.mask(start, end);
    this.reader.at = at;
  }

  /** What has not been decided about, up to `end`, belongs to the last placeholder. */
  absorb(end: number): void {
    const { reader } = this;
    const url = reader.codeAt(end) === COLON && reader.slashesAt(end + 1);
    reader.at = url ? reader.urlEnd(end + 3) : end;
    this.kept = reader.at;
    this.gap = GAP.blank;
  }

  open(): void {
    const nested = this.bracket !== BRACKET.none;
    const behindPlaceholder = this.gap !== GAP.broken;
    this.interrupt();
    if (nested || !behindPlaceholder) return;
    this.countBeforeBracket = this.count;
    this.bracket = BRACKET.opened;
  }

  /** `<*> (<*>)` and `<*> ()` say one thing twice: a size in another unit, an address and its name. */
  close(end: number): void {
    const saysTwice = this.bracket !== BRACKET.none && !this.reader.atomAt(end);
    this.interrupt();
    if (!saysTwice) return;
    this.count = this.countBeforeBracket;
    this.absorb(end);
  }

  private keepTo(end: number): void {
    this.bounds[this.count] = this.kept;
    this.bounds[this.count + 1] = end;
    this.count += 2;
  }
}
