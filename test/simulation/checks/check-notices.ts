import type { Notice } from '../../../shared/alerts/notice.ts';
import type { World } from '../world.ts';
import { checkRouted, silencedBy, stormsIn } from './check-routed.ts';
import { checkSwallowed } from './check-swallowed.ts';
import { heardByPagerAlone, tellsOf } from './heard-alone.ts';
import {
  alertGroupOf,
  givenUp,
  kindOf,
  noticeGroups,
  openedBy,
  type Truth,
  type TruthEvent,
  uniqueBy,
} from './oracle.ts';
import { toldBy } from './told-counts.ts';

/** A critical or error notice may wait so long while the tables are down: one batch, its tries, and the sending. */
const URGENT_WITHIN = 10 * 60_000;

/** Every decided notice was sent, every urgent group was told of, and the counts in notices add up. */
export function checkNotices(world: World, truth: Truth): void {
  const { events } = truth;
  const delivered = [...world.topics.delivered, ...world.pager.delivered].map(({ notice }) => notice);
  const sent = new Map(delivered.map((notice) => [notice.id, notice]));
  const inStorm = stormsIn(delivered);
  checkOutbox(world, { sent, inStorm });
  checkAccepted(world, truth, sent.keys());
  const dropped = givenUp(world, 'route-alerts');
  const logs = events.filter(({ event }) => event.type === 'log');
  const ofTopics = new Map(world.topics.delivered.map(({ notice }) => [notice.id, notice]));
  const groupOf = noticeGroups(truth);
  const noticesOf = Map.groupBy(ofTopics.values(), groupOf);
  const tellingsOf = Map.groupBy(world.topics.delivered, ({ notice }) => groupOf(notice));
  const isSilent = silencedBy(world);
  const isPagedAlone = heardByPagerAlone(world);
  const isUrgent = (member: TruthEvent) => member.isError && !isSilent(member) && !isPagedAlone(member);
  markUncounted(world, logs.filter(isPagedAlone));
  for (const [group, members] of uniqueBy(logs, alertGroupOf)) {
    const notices = noticesOf.get(group) ?? [];
    const sure = members.filter(({ record }) => !dropped.has(record));
    const isNamed = inStorm.has(members[0]?.fingerprint ?? '');
    const urgent = sure.filter(isUrgent);
    if (urgent.length > 0 && !isNamed && !notices.some(({ kind }) => kind === 'first')) {
      world.violate(`group ${group}: ${members.length} urgent events and no first notice`);
    }
    const isExact = sure.length === members.length && !isNamed && !members.some(isSilent);
    if (!isExact) continue;
    const onTopic = members.filter((member) => !isPagedAlone(member));
    checkSwallowed(world, { group, members: onTopic, tellings: tellingsOf.get(group) ?? [] });
    checkCounts(world, { group, members, notices });
  }
  checkRouted(world, truth, inStorm);
}

/** What the pager alone heard of is in no count of what the topics took. */
function markUncounted({ untold }: World, members: readonly TruthEvent[]): void {
  for (const member of members) untold.add(kindOf(member));
}

/** Nothing that was decided waits, and all of it went out, by itself or by the notice of a storm. */
function checkOutbox(
  world: World,
  { sent, inStorm }: { sent: ReadonlyMap<string, Notice>; inStorm: ReadonlySet<string> },
): void {
  for (const [id, { notice }] of world.pending) {
    const isTold = sent.has(id) || (notice.kind !== 'summary' && inStorm.has(notice.fingerprint));
    if (!isTold) world.violate(`notice ${id} was decided and never sent`);
  }
  for (const item of world.tables.alertGroups.items()) {
    const waiting = ((item.pending ?? []) as Notice[]).length;
    if (waiting > 0) world.violate(`group ${item.group}: ${waiting} notices still wait in the outbox`);
  }
}

function checkAccepted(world: World, { events }: Truth, sent: Iterable<string>): void {
  const ids = new Set(events.map(({ event }) => event.id));
  for (const id of sent) if (!ids.has(openedBy(id))) world.violate(`notice ${id} is of no accepted event`);
}

/** While nothing was down: a window is told once, then summed up exactly; together they are all events of the group. */
function checkCounts(
  world: World,
  { group, members, notices }: { group: string; members: readonly TruthEvent[]; notices: readonly Notice[] },
): void {
  // A notice that was told without grouping counts its batch. It has the id of the one that the fold decides for the same
  // event, also when that fold was written and its answer lost, so that a receiver drops one of the two.
  const isGrouped = ({ id, count }: Notice) => world.pending.get(id)?.notice.count === count;
  if (!notices.every(isGrouped) || members.some((member) => world.untold.has(kindOf(member)))) return;
  // What its group has forgotten opens a window again in a replay, under the id of one that was told by its end (seed 695).
  const again = world.repeats.notices.allowed.get(group) ?? 0;
  if (again > 0 && world.plan.replayAt !== undefined) return;
  const openings = notices.filter(({ kind }) => kind === 'first' || kind === 'repeat');
  const late = openings.find(({ count }) => count !== 1);
  if (late && !mayBeLate(world, group, notices)) world.violate(`notice ${late.id} counts ${late.count}`);
  const { least, most } = toldBy(notices);
  const came = members.length + again;
  checkEnds(world, { group, came, notices });
  if (least > came || most < came)
    world.violate(`group ${group}: notices tell of ${least} to ${most} events, ${came} came`);
}

/**
 * What flaps is held back, what was told a while ago, and what a full outbox has no room for: then a window is told of with
 * all that it holds. Not the very first one: that is told at once.
 */
function mayBeLate({ full, plan }: World, group: string, notices: readonly Notice[]): boolean {
  const wasTold = notices.some(({ kind, count }) => kind === 'first' && count === 1);
  const level = notices[0]?.level;
  if (wasTold && level !== undefined && plan.repeat[level] > 0) return true;
  return full.has(group) || notices.filter(({ kind }) => kind === 'resolved').length >= 2;
}

/** What is told to be over tells of events that no other end tells of, and of more than one. */
function checkEnds(
  world: World,
  { group, came, notices }: { group: string; came: number; notices: readonly Notice[] },
): void {
  const ends = notices.filter(({ kind }) => kind === 'resolved');
  const ended = ends.reduce((sum, { count }) => sum + count, 0);
  if (ended > came) world.violate(`group ${group}: ${ended} events are over, ${came} came`);
  const single = ends.find(({ count }) => count < 2);
  if (single) world.violate(`notice ${single.id}: an end of ${single.count} event`);
}

/** While DynamoDB was down: urgent events were told of all the same, and soon. */
export function checkUrgentWhileDown(world: World, { events }: Truth): void {
  const { tablesDown, topicsDenied, oneTopicDenied, throttled, paused } = world.plan;
  const [down] = tablesDown;
  // What holds up the mapping or the topics holds up the notices too.
  if (!down || [topicsDenied, oneTopicDenied.spans, throttled, paused].some(({ length }) => length > 0)) return;
  const dropped = givenUp(world, 'route-alerts');
  const isSilent = silencedBy(world);
  const isUrgent = (member: TruthEvent) =>
    member.isError && member.event.type === 'log' && !dropped.has(member.record) && !isSilent(member);
  const isPagedAlone = heardByPagerAlone(world, URGENT_WITHIN);
  for (const member of events.filter(isUrgent)) {
    const { event, fingerprint, arrivedAt } = member;
    if (arrivedAt < down.from + 60_000 || arrivedAt > down.to - URGENT_WITHIN) continue;
    const isOnTopic = world.topics.delivered.some(
      ({ notice, at }) =>
        tellsOf(notice, fingerprint) && at >= arrivedAt - URGENT_WITHIN && at <= arrivedAt + URGENT_WITHIN,
    );
    const isTold = isOnTopic || isPagedAlone(member);
    if (!isTold) world.violate(`${event.id} came while the tables were down and nobody was told`);
  }
}
