import type { Notice } from '../../../shared/alerts/notice.ts';
import { PAGER_ROUTE } from '../routing.ts';
import type { World } from '../world.ts';
import { isWithoutTable } from './check-swallowed.ts';
import type { TruthEvent } from './oracle.ts';

/** One invocation sends to the topics and to the pager at the same time: their tries are over within this. */
const SAME_SENDING = 60_000;

/**
 * Whether the pager alone heard of an event, as it may while the table does not answer: there is no outbox then, the topic
 * refused all tries, and one place that took it is enough (docs/alerting.md). `within`: so soon after it arrived.
 */
export function heardByPagerAlone(world: World, within = Number.POSITIVE_INFINITY): (member: TruthEvent) => boolean {
  const { pager, topics } = world;
  // What the table decided waits for the topic.
  const isUngrouped = isWithoutTable(world);
  const pages = pager.delivered.filter((page) => page.notice.id.endsWith(`/first@${PAGER_ROUTE}`) && isUngrouped(page));
  return ({ event, fingerprint, arrivedAt }) => {
    const isRefused = (paged: number) =>
      topics.refused.some(({ notice, at }) => Math.abs(at - paged) < SAME_SENDING && tellsOf(notice, fingerprint));
    return pages.some(
      ({ notice: { source, firstSeen, lastSeen }, at }) =>
        source === event.source &&
        event.level === 'critical' &&
        event.time >= firstSeen &&
        event.time <= lastSeen &&
        at >= arrivedAt &&
        at <= arrivedAt + within &&
        isRefused(at),
    );
  };
}

/** By itself, or as one of a storm. */
export function tellsOf({ fingerprint, incidents = [] }: Notice, wanted: string): boolean {
  return fingerprint === wanted || incidents.some((incident) => incident.fingerprint === wanted);
}
