import type { Notice } from '../../../shared/alerts/notice.ts';
import { PAGER_ROUTE } from '../routing.ts';
import type { World } from '../world.ts';
import { alertGroupOf, givenUp, type Truth, type TruthEvent, uniqueBy } from './oracle.ts';
import { type Told, toldBy } from './told-counts.ts';

/** A silence that stood in the table for so long is in force everywhere. */
const IN_FORCE_AFTER = 60_000;
/** Faults that keep a function from reading the silences, or bring a record again around their beginning. */
const BLIND = [4, 18, 31, 45];

/** Faults under which what is said of a silence may be let go. */
const LETS_GO = [4, 15, 31, 45];

/** Fingerprints that the notice of a storm named. */
export function stormsIn(notices: Iterable<Notice>): Set<string> {
  const storms = [...notices].filter(({ id }) => id.includes('#storm'));
  return new Set(storms.flatMap(({ incidents = [] }) => incidents.map(({ fingerprint }) => fingerprint)));
}

/**
 * Whether the planned silence may hide an event. What ended it may have been let go while the table did not answer, goes
 * around for a while, and may be read long after it was said, also when the silence is over by itself: what it hides until then
 * is counted (simulation, seeds 311, 2123 and 2257).
 */
export function silencedBy(
  { plan, chaos, silenceEndKnownAt }: World,
  goesAround = IN_FORCE_AFTER,
): (member: TruthEvent) => boolean {
  const { silence } = plan.alerts;
  if (silence === undefined) return () => false;
  const { endedAt = silence.to } = silence;
  const isSlow = LETS_GO.some((fault) => chaos.active.has(fault));
  const isEverywhere = goesAround === 0 && silenceEndKnownAt !== undefined;
  const read =
    isSlow && !isEverywhere ? silence.to : Math.max(endedAt, goesAround === 0 ? 0 : (silenceEndKnownAt ?? silence.to));
  const end = Math.min(silence.to, read + goesAround);
  return ({ event, arrivedAt }) => {
    const at = Math.min(Date.parse(event.time), arrivedAt);
    return event.type === 'log' && event.source === silence.source && at >= silence.from && at < end;
  };
}

/** The pager, the silence and the storms of a run that has them. */
export function checkRouted(world: World, truth: Truth, inStorm: ReadonlySet<string>): void {
  if (!world.plan.alerts.isRouted) return;
  checkPager(world, truth);
  checkSilence(world, truth, inStorm);
}

/** The pager hears of every critical event, by source: what it is told adds up although it was down. */
function checkPager(world: World, { events }: Truth): void {
  const dropped = givenUp(world, 'route-alerts');
  const isSilent = silencedBy(world);
  const critical = events.filter(({ event }) => event.type === 'log' && event.level === 'critical');
  const notices = Map.groupBy(
    new Map(world.pager.delivered.map(({ notice }) => [notice.id, notice])).values(),
    ({ source }) => source,
  );
  const odd = world.pager.delivered
    .map(({ notice }) => notice)
    .find(({ level, id }) => level !== 'critical' || !id.includes(`@${PAGER_ROUTE}`));
  const isOdd = odd !== undefined && !odd.fingerprint.startsWith('silence:');
  if (isOdd) world.violate(`the pager was told of ${odd.id}, of level ${odd.level}`);
  for (const [source, members] of uniqueBy(critical, ({ event }) => event.source)) {
    const own = (notices.get(source) ?? []).filter(({ id }) => id.includes(`@${PAGER_ROUTE}`));
    const isExcused =
      members.some((member) => dropped.has(member.record) || isSilent(member)) ||
      own.some(({ id, count }) => id.includes('#storm') || world.pending.get(id)?.notice.count !== count) ||
      members.some(({ fingerprint }) => world.untold.has(`${fingerprint}#critical`));
    if (!isExcused) checkPaged(world, { source, members, own });
  }
}

function checkPaged(
  world: World,
  { source, members, own }: { source: string; members: readonly TruthEvent[]; own: readonly Notice[] },
): void {
  const { least, most } = toldBy(own);
  const again = [...new Set(members.map(alertGroupOf))].reduce(
    (sum, group) => sum + (world.repeats.notices.allowed.get(group) ?? 0),
    0,
  );
  // A producer's retry beyond the promise may count again in one group and not in the other.
  if (most < members.length || least > members.length + again) {
    world.violate(`the pager heard of ${least} to ${most} critical events of ${source}, ${members.length} came`);
  }
}

/** What is silenced is hidden and counted, nothing else is, and the end is announced. */
function checkSilence(world: World, { events }: Truth, inStorm: ReadonlySet<string>): void {
  const item = world.tables.alertGroups.peek({ group: `silence#${world.plan.alerts.silence?.id}` });
  const isSilent = silencedBy(world);
  const hidden = (item?.hidden as number | undefined) ?? 0;
  const ids = new Set(events.filter(isSilent).map(({ event }) => event.id));
  if (hidden > 0) checkAnnounced(world, hidden);
  checkForce(world, events);
  const logs = events.filter(({ event }) => event.type === 'log');
  const groups = [...uniqueBy(logs, alertGroupOf)].filter(([, members]) => members.some(isSilent));
  const isExcused = ([group, [first]]: (typeof groups)[number]) =>
    world.untold.has(group) || inStorm.has(first?.fingerprint ?? '');
  const dropped = givenUp(world, 'route-alerts');
  if (groups.some(isExcused) || logs.some(({ record }) => dropped.has(record))) return;
  const told = groups.map(([group]) => toldOf(world, group));
  const least = told.reduce((sum, one) => sum + one.least, 0);
  const most = told.reduce((sum, one) => sum + one.most, 0);
  const came = groups.reduce((sum, [, members]) => sum + members.length, 0);
  if (most + hidden < came) world.violate(`silence: ${came} events came, ${most} told and ${hidden} hidden`);
  // Only a record that comes again after it was told, when the silence is known, can be counted in both.
  if (least + hidden > came && world.chaos.active.size === 0) {
    world.violate(`silence: ${came} events came, ${least} told and ${hidden} hidden, of ${ids.size} silenced`);
  }
}

function toldOf(world: World, group: string): Told {
  const all = world.topics.delivered.map(({ notice }) => notice);
  return toldBy(all.filter(({ fingerprint, level }) => `${fingerprint}#${level}` === group));
}

function checkAnnounced(world: World, hidden: number): void {
  const told = world.topics.delivered
    .map(({ notice }) => notice)
    .filter(({ fingerprint }) => fingerprint.startsWith('silence:'));
  if (!told.some(({ count }) => count === hidden)) {
    world.violate(
      `silence: ${hidden} events were hidden, announced were ${told.map(({ count }) => count).join(', ') || 'none'}`,
    );
  }
}

/** Once it is known, no event that it hides opens anything. */
function checkForce(world: World, events: readonly TruthEvent[]): void {
  const { silenceKnownAt, chaos } = world;
  if (silenceKnownAt === undefined || BLIND.some((fault) => chaos.active.has(fault))) return;
  const isSilent = silencedBy(world, 0);
  const arrivals = Map.groupBy(events, ({ event }) => event.id);
  const isLate = (member: TruthEvent) => isSilent(member) && member.arrivedAt > silenceKnownAt + IN_FORCE_AFTER;
  const silent = new Set([...arrivals].filter(([, members]) => members.every(isLate)).map(([id]) => id));
  for (const { notice } of world.topics.delivered) {
    const openedBy = notice.id.slice(0, notice.id.lastIndexOf('/'));
    if (silent.has(openedBy)) world.violate(`notice ${notice.id} although it was silenced`);
  }
}
