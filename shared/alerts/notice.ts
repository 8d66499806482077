import type { Level } from '../events/levels.ts';
import { cleanLine } from './wording.ts';

/**
 * What a receiver gets. The id is stable: a notice that is sent again, after a crash or a lost answer, has the same
 * one, so a receiver can drop the repeat.
 */
export interface Notice {
  id: string;
  kind: 'first' | 'repeat' | 'summary' | 'resolved';
  level: Level;
  source: string;
  fingerprint: string;
  /** One line, cleaned: fit for a subject. */
  title: string;
  /** Events that this notice stands for. */
  count: number;
  /** ISO 8601, UTC. */
  firstSeen: string;
  lastSeen: string;
  sample: string;
  /** The first of its incidents, when it stands for several. */
  incidents?: readonly { fingerprint: string; title: string }[];
  link?: string;
}

/** SNS refuses subjects of 100 characters and more, and anything but printable ASCII. Source: SNS API, Publish. */
const SUBJECT_CHARACTERS = 99;

/** What stands before the title in a subject: the level, that it is over, how often it came. A storm's title says how many. */
export function subjectStart(notice: Notice): string {
  const { kind, level, count } = notice;
  const over = kind === 'resolved' ? ' resolved' : '';
  const counted = kind === 'summary' && !isOfStorm(notice) ? ` (${count} times)` : '';
  return `[${level.toUpperCase()}]${over}${counted}`;
}

/** The subject of an email: printable ASCII on one line, under 100 characters. */
export function subjectOf(notice: Notice): string {
  const subject = `${subjectStart(notice)} ${notice.title}`.replace(/[^\x20-\x7e]+/g, '?');
  return subject.length > SUBJECT_CHARACTERS ? `${subject.slice(0, SUBJECT_CHARACTERS - 3)}...` : subject;
}

/** What stands for the fingerprint in the notices of a source's storm. */
export function stormFingerprint(source: string): string {
  return `${STORM}${source}`;
}

const STORM = 'storm:';

/** Whether a notice tells of several incidents of a source at once, and of none by itself. */
export function isOfStorm({ fingerprint }: Pick<Notice, 'fingerprint'>): boolean {
  return fingerprint.startsWith(STORM);
}

const TITLE_CHARACTERS = 200;

/** One line without control, bidirectional or separator characters, at most 200 characters. */
export function titleOf(source: string, template: string): string {
  return cleanLine(`${source}: ${template}`, TITLE_CHARACTERS);
}
