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

/** The subject of an email: printable ASCII on one line, under 100 characters. */
export function subjectOf({ kind, level, title, count }: Notice): string {
  const counted = kind === 'summary' ? ` (${count} times)` : '';
  const subject = `[${level.toUpperCase()}]${counted} ${title}`.replace(/[^\x20-\x7e]+/g, '?');
  return subject.length > SUBJECT_CHARACTERS ? `${subject.slice(0, SUBJECT_CHARACTERS - 3)}...` : subject;
}

const TITLE_CHARACTERS = 200;

/** One line without control, bidirectional or separator characters, at most 200 characters. */
export function titleOf(source: string, template: string): string {
  return cleanLine(`${source}: ${template}`, TITLE_CHARACTERS);
}
