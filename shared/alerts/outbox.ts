import { LEVELS, type Level } from '../events/levels.ts';
import type { Notice } from './notice.ts';

/** Sends notices of one level to its topic. Answers those that could not be sent, by index. */
export type PublishNotices = (level: Level, notices: readonly Notice[]) => Promise<{ index: number; reason: string }[]>;

/** Sends notices to the topics of their levels, each level on its own, and says which arrived. */
export async function publishByLevel(notices: readonly Notice[], publish: PublishNotices) {
  const sent = new Set<string>();
  const refused = new Map<string, string>();
  for (const level of LEVELS) {
    const ofLevel = notices.filter((notice) => notice.level === level);
    if (ofLevel.length === 0) continue;
    const unsent = new Map((await publish(level, ofLevel)).map(({ index, reason }) => [index, reason]));
    for (const [index, { id }] of ofLevel.entries()) {
      const reason = unsent.get(index);
      if (reason === undefined) sent.add(id);
      else refused.set(id, reason);
    }
  }
  return { sent, refused };
}
