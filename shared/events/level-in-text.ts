import { LEVELS, type Level, parseLevel } from './levels.ts';

/** A level stands near the start of a line, after the stamp and the host. Further on it is prose. */
const HEAD_CHARACTERS = 120;

const WORDS =
  'critical|crit|fatal|alarm|alert|emergency|emerg|panic|severe|error|err|warning|warn|notice|information|info|verbose|debug|trace|fine';

/** What may stand before and after a word that stands alone. */
const BEFORE = `(?<=^|[\\s\\[(<{|:=,"'])`;
const AFTER = `(?=$|[\\s\\])>}|:,;."'=])`;

/** One row a way of writing the level; the first group is the level's name. Every pattern runs in linear time. */
const FORMS: readonly RegExp[] = [
  // ERROR in capitals, alone
  new RegExp(`${BEFORE}(${WORDS.toUpperCase()})${AFTER}`),
  // [error], <warn>, (info), [core:error]
  new RegExp(`[\\[<(](?:[\\w.-]{1,32})?:?(?<![\\w.-])(${WORDS})[\\]>)]`, 'i'),
  // level=error, severity: "warn", "lvl":"info"
  new RegExp(`\\b(?:log_?level|levelname|level|lvl|severity)["']?\\s?[=:]\\s?["']?(${WORDS})\\b`, 'i'),
  // error: at the start of the line or after the program's name
  new RegExp(`(?:^|: )(${WORDS}):(?=\\s)`, 'i'),
  // 2016-09-28 04:30:30, Info   CBS: right after the stamp, set off by more than one blank
  new RegExp(`^[\\d:.,TZ/+-]+(?: [\\d:.,+-]+)? (${WORDS})(?:\\t|  | ?[|:-])`, 'i'),
  // 03-17 16:13:38.811  1702  2395 D WindowManager: (logcat)
  /^\d[\d-]* [\d:.]+ +\d+ +\d+ ([VDIWEF]) /,
  // E0923 12:34:56.789 (glog, klog)
  /^([IWEF])\d{4} \d\d:\d\d/,
];

const LETTERS: Readonly<Record<string, Level>> = { V: 'debug' };
/** <34>: syslog's priority is 8 × facility + severity. Source: RFC 5424, section 6.2.1. */
const PRIORITY = /^<(\d{1,3})>/;
const HIGHEST_PRIORITY = 191;

interface Finding {
  at: number;
  level: Level;
}

function findForm(head: string, form: RegExp): Finding[] {
  const match = form.exec(head);
  const name = match?.[1];
  if (match === null || name === undefined) return [];
  const level = LETTERS[name] ?? parseLevel(name);
  return level === undefined ? [] : [{ at: match.index + match[0].indexOf(name), level }];
}

/**
 * Finds the level that a plain line states: `ERROR` in capitals, `[error]`, `level=error`, `error:`, a logcat or glog
 * letter, a syslog priority. The word that stands first wins. Lower-case words in prose are not levels.
 */
export function levelInText(text: string): Level | undefined {
  const head = text.slice(0, HEAD_CHARACTERS);
  const priority = Number(PRIORITY.exec(head)?.[1] ?? Number.NaN);
  if (priority <= HIGHEST_PRIORITY) return parseLevel(priority % 8);
  const findings = FORMS.flatMap((form) => findForm(head, form));
  findings.sort((a, b) => a.at - b.at || LEVELS.indexOf(a.level) - LEVELS.indexOf(b.level));
  return findings[0]?.level;
}
