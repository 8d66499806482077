import type { Level } from '../../shared/events/levels.ts';

/** SNS refuses subjects of 100 characters and more, and anything but printable ASCII. Source: SNS API, Publish. */
const LONGEST_SUBJECT = 99;
/** What is looked at of a text: more could not be seen. */
const LOOKED_AT = 1_000;

/**
 * The subject of an email: printable ASCII on one line, under 100 characters. Accents are left off, other letters become
 * `?`. Undefined when nothing is left.
 */
export function asciiSubject(text: string): string | undefined {
  const line = text
    .slice(0, LOOKED_AT)
    .normalize('NFKD')
    .replace(/\p{Mn}+/gu, '')
    .replace(/[\p{Cc}\p{Cf}\p{Z}]+/gu, ' ')
    .trim()
    .replace(/[^\x20-\x7e]+/g, '?');
  if (line === '') return undefined;
  return line.length > LONGEST_SUBJECT ? `${line.slice(0, LONGEST_SUBJECT - 3).trimEnd()}...` : line;
}

/** The subject of an alert that has none: its level, and what its message says first. */
export function subjectOfMessage(message: string, level: Level | undefined): string | undefined {
  const first =
    message
      .slice(0, LOOKED_AT)
      .trimStart()
      .split(/[\r\n]/, 1)[0] ?? '';
  return asciiSubject(level === undefined ? first : `[${level.toUpperCase()}] ${first}`);
}
