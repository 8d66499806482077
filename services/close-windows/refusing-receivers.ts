import type { Notice } from '../../shared/alerts/notice.ts';
import type { Receivers, SendNotices } from '../../shared/alerts/outbox.ts';
import type { Level } from '../../shared/events/levels.ts';

/** A receiver that refused so many notices of a level in one run, and took none of them, will take no other. */
const MOST_REFUSED = 100;

/**
 * The receivers, for one run. One that refuses all that it is asked for is not asked any more: what else waits for it is
 * only read, thousands of groups a second, so that what waits for others behind it has its turn in the same minute. By
 * level, for one of the levels' topics may refuse while the other four take.
 */
export function askedNoMoreWhenRefusing(receivers: Receivers): Receivers {
  return new Map([...receivers].map(([address, send]) => [address, untilRefusing(send)]));
}

interface Asked {
  taken: number;
  refused: number;
  /** Why it refused the last one. */
  reason: string;
}

function untilRefusing(send: SendNotices): SendNotices {
  const levels = new Map<Level, Asked>();
  const askedOf = (level: Level) => levels.get(level) ?? { taken: 0, refused: 0, reason: '' };
  const isRefusing = ({ level }: Notice) => askedOf(level).taken === 0 && askedOf(level).refused >= MOST_REFUSED;
  const remember = ({ level }: Notice, reason: string | undefined) => {
    const { taken, refused, reason: before } = askedOf(level);
    const answer = reason === undefined ? { taken: taken + 1 } : { refused: refused + 1 };
    levels.set(level, { taken, refused, ...answer, reason: reason ?? before });
  };
  return async (notices) => {
    const all = [...notices.entries()];
    const skipped = all.filter(([, notice]) => isRefusing(notice));
    const asked = all.filter(([, notice]) => !isRefusing(notice));
    const unsent = skipped.map(([index, { level }]) => ({ index, reason: askedOf(level).reason }));
    if (asked.length === 0) return unsent;
    const answer = await send(asked.map(([, notice]) => notice));
    const reasons = new Map(answer.map(({ index, reason }) => [asked[index]?.[0], reason]));
    for (const [index, notice] of asked) remember(notice, reasons.get(index));
    return [...unsent, ...[...reasons].map(([index, reason]) => ({ index: index as number, reason }))];
  };
}
