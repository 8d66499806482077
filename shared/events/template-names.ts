import { WordSet } from './template-word-set.ts';
import { BEFORE_USER } from './template-words.ts';

/** Words that stand where a name would, and are none. */
const NO_NAMES = new WordSet('for by as of from on at to in with is was has not');

/** What a word turns out to be: nothing special, a name, or what shows that the word before was a name. */
export const NAME = { none: 0, here: 1, before: 2 } as const;

/** Follows the words of a sentence to find names: `for user NAME`, `for NAME from`. The names themselves are anything. */
export class TemplateNames {
  /** Where the name lies that `NAME.before` speaks of. */
  start = -1;
  end = -1;
  /** Whether the words so far announce something. If not, only a word that is a cue itself matters. */
  waiting = false;
  private beforeUser = false;
  private beforeName = false;
  private afterFor = false;

  /** Something other than a word stands here. */
  forget(): void {
    if (!this.waiting) return;
    this.waiting = false;
    this.beforeUser = false;
    this.beforeName = false;
    this.afterFor = false;
    this.start = -1;
  }

  /** The next word, and where it lies. */
  follow(text: string, start: number, end: number): number {
    const cue = BEFORE_USER.holds(text, start, end);
    return cue || this.waiting ? this.consider(text, start, end) : NAME.none;
  }

  private consider(text: string, start: number, end: number): number {
    const mayBeName = !NO_NAMES.holds(text, start, end);
    const isName = this.beforeName && mayBeName;
    const endsName = this.start >= 0 && isWord('from', text, start, end);
    if (!endsName) this.remember(start, end, mayBeName);
    this.beforeName = this.beforeUser && isWord('user', text, start, end);
    this.beforeUser = BEFORE_USER.holds(text, start, end);
    this.afterFor = isWord('for', text, start, end);
    this.waiting = this.beforeUser || this.beforeName || this.start >= 0;
    if (isName) return NAME.here;
    return endsName ? NAME.before : NAME.none;
  }

  private remember(start: number, end: number, mayBeName: boolean): void {
    this.start = this.afterFor && mayBeName ? start : -1;
    this.end = end;
  }
}

function isWord(word: string, text: string, start: number, end: number): boolean {
  return end - start === word.length && text.startsWith(word, start);
}
