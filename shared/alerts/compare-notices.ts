import type { Notice } from './notice.ts';

/** A notice in a comparison: what people know it by. */
export interface ComparedNotice extends Pick<Notice, 'kind' | 'level' | 'source' | 'title' | 'count' | 'firstSeen'> {
  receiver: string;
}

/** What a receiver would get. */
export interface ReceiverChange {
  receiver: string;
  /** Notices under the present configuration, and under the new one. */
  before: number;
  after: number;
  /** Those that only the new one tells, and those that only the present one does. */
  won: number;
  lost: number;
  examples: { won: ComparedNotice[]; lost: ComparedNotice[] };
}

interface Same {
  example: ComparedNotice;
  before: number;
  after: number;
}

/**
 * The notices of two configurations, side by side. Two are the same when one receiver is told the same of the same
 * event: that it began a window, or what came of that window. So a summary with another count is the same notice, and one of
 * a window that begins with another event is not.
 */
export class NoticeComparison {
  readonly #same = new Map<string, Same>();

  add(side: 'before' | 'after', receiver: string, notice: Notice): void {
    const key = `${receiver}\n${subjectOf(notice)}`;
    const same = this.#same.get(key) ?? { example: compared(receiver, notice), before: 0, after: 0 };
    same[side] += 1;
    this.#same.set(key, same);
  }

  /** By receiver, those with the greatest change first; so many examples of each, evenly over the time. */
  byReceiver(examples: number): ReceiverChange[] {
    const changes = new Map<string, ReceiverChange>();
    for (const { example, before, after } of this.#same.values()) {
      const { receiver } = example;
      const none = { receiver, before: 0, after: 0, won: 0, lost: 0, examples: { won: [], lost: [] } };
      const change: ReceiverChange = changes.get(receiver) ?? none;
      changes.set(receiver, change);
      change.before += before;
      change.after += after;
      change.won += Math.max(0, after - before);
      change.lost += Math.max(0, before - after);
      if (after > before) change.examples.won.push(example);
      if (before > after) change.examples.lost.push(example);
    }
    const chosen = [...changes.values()].map((change) => ({
      ...change,
      examples: { won: spread(change.examples.won, examples), lost: spread(change.examples.lost, examples) },
    }));
    return chosen.sort((a, b) => b.won + b.lost - a.won - a.lost || (a.receiver < b.receiver ? -1 : 1));
  }
}

/** Which event opened the window; of an end, since when it went on: its last window may be another. */
function subjectOf({ id, kind, fingerprint, firstSeen }: Notice): string {
  if (kind === 'resolved') return `${kind}\n${fingerprint}\n${firstSeen}`;
  const end = id.lastIndexOf(`/${kind}`);
  // What stands behind # tells the notices of a storm from each other, and from those of its incidents.
  const [, part = ''] = id.slice(end).split('#');
  return `${kind}\n${id.slice(0, end)}\n${part}`;
}

function compared(receiver: string, { kind, level, source, title, count, firstSeen }: Notice): ComparedNotice {
  return { receiver, kind, level, source, title, count, firstSeen };
}

/** The first, the last and what lies between them, by their time. */
function spread(all: readonly ComparedNotice[], most: number): ComparedNotice[] {
  const sorted = [...all].sort((a, b) => (a.firstSeen < b.firstSeen ? -1 : 1));
  if (sorted.length <= most) return sorted;
  const step = (sorted.length - 1) / Math.max(1, most - 1);
  return Array.from({ length: most }, (_, n) => sorted[Math.round(n * step)] as ComparedNotice);
}
