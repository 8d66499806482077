import { LEVELS, type Level } from '../events/levels.ts';
import type { Notice } from './notice.ts';
import { addressesOf, type Outbox, type PendingNotice } from './pending.ts';
import { LEVEL_TOPIC } from './routing-tree.ts';

/** Sends notices to one receiver. Answers those that it did not take, by index; rejects for nothing that can be foreseen. */
export type SendNotices = (notices: readonly Notice[]) => Promise<{ index: number; reason: string }[]>;

/** How notices are sent to each address. */
export type Receivers = ReadonlyMap<string, SendNotices>;

/** Sends notices of one level to its topic. Answers those that could not be sent, by index. */
export type PublishNotices = (level: Level, notices: readonly Notice[]) => Promise<{ index: number; reason: string }[]>;

/** The receiver that is always there: each notice goes to the topic of its level, each level on its own. */
export function levelTopics(publish: PublishNotices): SendNotices {
  return async (notices) => {
    const publishLevel = async (level: Level) => {
      const ofLevel = [...notices.entries()].filter(([, notice]) => notice.level === level);
      if (ofLevel.length === 0) return [];
      const failures = await publish(
        level,
        ofLevel.map(([, notice]) => notice),
      );
      return failures.map(({ index, reason }) => ({ index: ofLevel[index]?.[0] ?? index, reason }));
    };
    // At the same time: a topic that hangs holds up none of the other four.
    return (await Promise.all(LEVELS.map(publishLevel))).flat();
  };
}

export interface Delivered {
  /** Addresses by the id of the notice that they took. Those that are no more count among them: nobody waits there. */
  taken: Map<string, Set<string>>;
  /** Notices that wait on, once for each address that did not take them. */
  refused: { id: string; address: string; reason: string }[];
  /** Notices whose address is no longer configured. */
  unknown: { id: string; address: string }[];
}

/**
 * Sends what waits in the outboxes to every address at the same time, one that is slow or dead holds up no other; to each the
 * groups with the most severe notices first.
 */
export async function deliverPending(outboxes: readonly Outbox[], receivers: Receivers): Promise<Delivered> {
  const delivered: Delivered = { taken: new Map(), refused: [], unknown: [] };
  const byAddress = new Map<string, PendingNotice[]>();
  for (const outbox of mostSevereFirst(outboxes)) {
    for (const notice of outbox.pending) {
      for (const address of addressesOf(outbox, notice)) {
        const waiting = byAddress.get(address);
        if (waiting) waiting.push(notice);
        else byAddress.set(address, [notice]);
      }
    }
  }
  const sending = [...byAddress].map(([address, waiting]) => deliver(address, waiting, { receivers, delivered }));
  const outcomes = await Promise.allSettled(sending);
  const broken = outcomes.find((outcome) => outcome.status === 'rejected');
  if (broken) throw broken.reason;
  return delivered;
}

/** A sender may run out of time. The notices of one group stay in order. */
function mostSevereFirst(outboxes: readonly Outbox[]): readonly Outbox[] {
  const rank = ({ pending }: Outbox) => Math.min(LEVELS.length, ...pending.map(({ level }) => LEVELS.indexOf(level)));
  return outboxes
    .map((outbox) => ({ outbox, rank: rank(outbox) }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ outbox }) => outbox);
}

async function deliver(
  address: string,
  waiting: readonly PendingNotice[],
  { receivers, delivered }: { receivers: Receivers; delivered: Delivered },
): Promise<void> {
  const take = ({ id }: Notice) => {
    delivered.taken.set(id, (delivered.taken.get(id) ?? new Set()).add(address));
  };
  const send = receivers.get(address);
  if (!send) {
    delivered.unknown.push(...waiting.map(({ id }) => ({ id, address })));
    for (const notice of waiting) take(notice);
    return;
  }
  const unsent = new Map((await send(waiting.map(plain))).map(({ index, reason }) => [index, reason]));
  for (const [index, notice] of waiting.entries()) {
    const reason = unsent.get(index);
    if (reason === undefined) take(notice);
    else delivered.refused.push({ id: notice.id, address, reason });
  }
}

/** As a receiver gets it: whom else it goes to is not its business. */
function plain({ to: _, ...notice }: PendingNotice): Notice {
  return notice;
}

/** The receivers of those who configure none. */
export function onlyLevelTopics(publish: PublishNotices): Receivers {
  return new Map([[LEVEL_TOPIC, levelTopics(publish)]]);
}
