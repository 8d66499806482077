import { HAS } from './template-characters.ts';
import { WordSet } from './template-word-set.ts';

/** What can be said of a word by itself. All of it is closed vocabulary of everyday logs, none of one program. */

const { letter: HAS_LETTER, dot: HAS_DOT, slash: HAS_SLASH, at: HAS_AT, nonHex: HAS_NON_HEX, upper: HAS_UPPER } = HAS;

/** Units of time and size, and what follows a time of day. */
export const UNITS = new WordSet(
  'B kB KB MB GB TB PB kb mb gb KiB MiB GiB TiB byte bytes Byte Bytes bit bits ' +
    'ns us ms s sec secs second seconds min mins minute minutes hour hours day days ' +
    'nanosecond nanoseconds microsecond microseconds millisecond milliseconds msec usec nsec MHz GHz kHz Hz ' +
    'AM PM am pm UTC GMT CET CEST EST EDT CST CDT MST MDT PST PDT',
);

/** Days and months as `Date.toString`, syslog and HTTP write them. */
export const DATE_WORDS = new WordSet('Mon Tue Wed Thu Fri Sat Sun Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec');

/** Words that announce `user` and a name behind it. */
export const BEFORE_USER = new WordSet('for For by By as As from From invalid Invalid unknown Unknown');

/** Whether a word with this first letter and length may announce something. */
export function isAnnouncing(code: number, length: number): boolean {
  return BEFORE_USER.mayHold(code, length) || DATE_WORDS.mayHold(code, length);
}

const TOP_LEVEL_DOMAINS = new WordSet('com net org edu gov mil info biz local internal arpa');

/** Some of these are also ends of file names and of property names, so they count from the third label on. */
const COUNTRIES = new WordSet(
  'ar at au be br ca ch cl cn cz de dk es eu fi fr gr hk hu ie il in it jp kr mx my nl no nz pl pt ro ru se sg th tr ' +
    'tw ua uk us vn za',
);

/** A host name without digits: a top-level domain at the end. */
function isHost(word: string): boolean {
  const dot = word.lastIndexOf('.');
  if (TOP_LEVEL_DOMAINS.holds(word, dot + 1, word.length)) return true;
  return word.length - dot === 3 && word.indexOf('.') < dot && COUNTRIES.holds(word, dot + 1, word.length);
}

const REVERSED_TOPS = new WordSet('com net org edu gov io');
const REVERSED = /^\w+\.[\w-]+\.[\w.$-]*(?<!Exception|Error|Failure|Fault)$/;

/** `com.example.orders.worker`: the name of a package, a bundle or a service. Error types are left as they are. */
function isReversedHost(word: string): boolean {
  return REVERSED_TOPS.holds(word, 0, word.indexOf('.')) && REVERSED.test(word);
}

const ROOTED = /^(?:[\\/]|~[\\/]|\.{1,2}[\\/])/;

/** `/a`, `./a`, `~/a`, `a/b/c` and `a/b.c`; not `read/write`. */
function isPath(word: string): boolean {
  if (ROOTED.test(word)) return true;
  const first = word.indexOf('/');
  if (first < 0) return word.indexOf('\\') !== word.lastIndexOf('\\');
  if (first !== word.lastIndexOf('/')) return true;
  const dot = word.lastIndexOf('.');
  return dot > first && dot < word.length - 1;
}

export const LONGEST_SHORT_NAME = 4;
const SHORT_NAME = /^[A-Za-z]{2,3}\d$/;

/** `eth0`, `md5`, `IPv6`: one digit belongs to the name. */
export function isShortName(word: string): boolean {
  return SHORT_NAME.test(word);
}

/** Longer than any word that a person wrote. */
export const LONGEST_WORD = 128;
/** `deadbeef` and up; shorter ones are often words. */
export const SHORTEST_HEX = 8;

/** Whether an atom stands for something that changes from event to event. `traits` are its bits of `HAS`. */
export function isVariable(word: string, traits: number): boolean {
  if ((traits & HAS_LETTER) === 0) return false;
  if (word.length > LONGEST_WORD) return true;
  if ((traits & HAS_NON_HEX) === 0) return word.length >= SHORTEST_HEX;
  if ((traits & HAS_SLASH) !== 0) return isPath(word);
  if ((traits & HAS_AT) !== 0) return word.indexOf('@') > 0;
  if ((traits & HAS_DOT) === 0) return false;
  return ((traits & HAS_UPPER) === 0 && isHost(word)) || isReversedHost(word);
}
