import type { Notice } from '../../shared/alerts/notice.ts';
import type { Receivers, SendNotices } from '../../shared/alerts/outbox.ts';
import type { Level } from '../../shared/events/levels.ts';

/** A receiver that refused so many notices of a level in one sweep, and took none of them, may take no other. */
const MOST_REFUSED = 100;

/**
 * The receivers, for one sweep. One that refuses all that it is asked for is asked for one notice of a page, and for the
 * others of it when it takes that: what else waits for it is only read, thousands of groups a second, so that what waits for
 * others behind it has its turn in the same minute. It is not asked for nothing at all, for a hundred notices that nobody
 * could take must not stand before all others. By level, for one of the levels' topics may refuse while the other four take.
 */
export function hardlyAskedWhenRefusing(receivers: Receivers): Receivers {
  return new Map([...receivers].map(([address, send]) => [address, untilRefusing(send)]));
}

interface Asked {
  taken: number;
  refused: number;
  /** Why it refused the last one. */
  reason: string;
}

/** A notice and its place in the call. */
type Placed = readonly [index: number, notice: Notice];

function untilRefusing(send: SendNotices): SendNotices {
  const levels = new Map<Level, Asked>();
  const askedOf = (level: Level) => levels.get(level) ?? { taken: 0, refused: 0, reason: '' };
  const isRefusing = ([, { level }]: Placed) => askedOf(level).taken === 0 && askedOf(level).refused >= MOST_REFUSED;
  const remember = ({ level }: Notice, reason: string | undefined) => {
    const { taken, refused, reason: before } = askedOf(level);
    const answer = reason === undefined ? { taken: taken + 1 } : { refused: refused + 1 };
    levels.set(level, { taken, refused, ...answer, reason: reason ?? before });
  };
  const ask = async (asked: readonly Placed[]) => {
    if (asked.length === 0) return [];
    const answer = await send(asked.map(([, notice]) => notice));
    const reasons = new Map(answer.map(({ index, reason }) => [asked[index]?.[0] as number, reason]));
    for (const [index, notice] of asked) remember(notice, reasons.get(index));
    return [...reasons].map(([index, reason]) => ({ index, reason }));
  };
  return async (notices) => {
    const all = [...notices.entries()];
    // The last of each level: another one in every call.
    const probes = [...new Map(all.filter(isRefusing).map((one) => [one[1].level, one])).values()];
    const unsent = await ask(probes);
    const others = all.filter((one) => !probes.includes(one));
    const skipped = others.filter(isRefusing).map(([index, { level }]) => ({ index, reason: askedOf(level).reason }));
    return [...unsent, ...skipped, ...(await ask(others.filter((one) => !isRefusing(one))))];
  };
}
