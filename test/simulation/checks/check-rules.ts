import { eventIdHash } from '../../../shared/events/event-id.ts';
import { parseInstanceId } from '../../../shared/remediation/instance.ts';
import type { CompiledRule, Condition } from '../../../shared/rules/rule.ts';
import type { Firing, OutgoingFiring, RuleState } from '../../../shared/rules/rule-state.ts';
import type { Item, StreamRecord } from '../../../shared/stream/ports.ts';
import type { Automation } from '../automation/automation.ts';
import { RULES_KIND } from '../automation/names.ts';
import type { World } from '../world.ts';
import { checkRepeats } from './check-repeats.ts';
import { eventsOfKind, givenUp, type Truth, type TruthEvent, uniqueBy } from './oracle.ts';

const MOST_PENDING = 20;

/** At every write of a rule's state: what was decided stays as it was, and what should fire has fired. */
export function noteFirings(
  world: World,
  automation: Automation,
  { before, after }: { before: Item | undefined; after: Item | undefined },
): void {
  if (!after) return;
  const { rule: name, pending, times } = after as unknown as RuleState;
  const waited = new Set(((before?.pending ?? []) as RuleState['pending']).map(({ firing }) => firing.id));
  for (const outgoing of pending) {
    if (!waited.has(outgoing.firing.id)) noteDecided(world, automation, { group: String(after.group), name, outgoing });
    noteFiring(world, automation, outgoing);
  }
  const condition = conditionOf(automation, name);
  if (condition?.kind !== 'count') return;
  const [oldest = 0] = times;
  const spread = (times.at(-1) ?? 0) - oldest;
  const isDue = times.length > condition.moreThan && spread < condition.withinSeconds * 1000;
  if (isDue && pending.length < MOST_PENDING) world.violate(`${after.group}: should have fired`);
  if (times.length > condition.moreThan + 1) world.violate(`${after.group}: keeps ${times.length} times`);
}

/** What was not pending before is decided by this write: once ever, and not too soon after what its group decided last. */
function noteDecided(
  world: World,
  automation: Automation,
  { group, name, outgoing: { firing, to } }: { group: string; name: string; outgoing: OutgoingFiring },
): void {
  const { firings, newest } = automation;
  if (firings.has(firing.id)) world.violate(`${firing.id} was sent and is decided again`);
  const last = newest.get(group);
  newest.set(group, firing);
  const condition = conditionOf(automation, name);
  if (condition?.kind === 'absence' && to.includes('remediation'))
    world.violate(`${firing.id}: a restart before it is known what came meanwhile`);
  if (condition?.kind === 'count') checkQuiet(world, condition.withinSeconds, { last, firing });
  // In a month of silence it is forgotten that an absence was told.
  else if (!world.plan.secondInput) checkTurns(world, { last, firing });
}

interface Decided {
  last: Firing | undefined;
  firing: Firing;
}

/** What goes on for hours fires once a window. */
function checkQuiet(world: World, seconds: number, { last, firing }: Decided): void {
  const since = last && (Date.parse(firing.at) - Date.parse(last.at)) / 1000;
  if (since !== undefined && since < seconds) world.violate(`${firing.id} fired ${since} s after ${last?.id}`);
}

/** An absence is told once until it is over, and over once. */
function checkTurns(world: World, { last, firing }: Decided): void {
  const expected = last?.kind === 'fired' ? 'over' : 'fired';
  if (firing.kind !== expected) world.violate(`${firing.id}: ${firing.kind} after ${last?.id ?? 'nothing'}`);
}

function noteFiring(world: World, { firings }: Automation, { firing, to }: OutgoingFiring): void {
  const known = firings.get(firing.id);
  if (!known) firings.set(firing.id, { firing, to });
  else if (JSON.stringify(known.firing) !== JSON.stringify(firing)) world.violate(`${firing.id} was decided twice`);
}

function conditionOf({ rules }: Automation, name: string): Condition | undefined {
  return rules.find(({ rule }) => rule.name === name)?.rule.condition;
}

const groups = new WeakMap<TruthEvent, string[]>();

/** The rule and group that an event counts for, for rules that count. Asked at every write: an event is matched once. */
function groupsOf(rules: readonly CompiledRule[], member: TruthEvent): string[] {
  const known = groups.get(member) ?? matched(rules, member);
  groups.set(member, known);
  return known;
}

function matched(rules: readonly CompiledRule[], { event, fingerprint }: TruthEvent): string[] {
  if (event.type !== 'log' || event.source.startsWith('sluice.')) return [];
  return rules.flatMap(({ rule, match }) => {
    if (rule.condition.kind !== 'count') return [];
    return match(event, () => fingerprint as never)?.group ?? [];
  });
}

/** Called when a state is written by a batch: each of its events counts once, as far as ids are remembered. */
export function checkRuleRepeats(
  world: World,
  { rules, repeats }: Automation,
  write: { batch: readonly StreamRecord[]; item: Item },
): void {
  const group = String(write.item.group);
  if (conditionOf({ rules } as Automation, String(write.item.rule))?.kind !== 'count') return;
  checkRepeats(world, repeats, { ...write, group, belongs: (event) => groupsOf(rules, event).includes(group) });
}

/** Firings against the events that the stream took, and what became of them. */
export function checkRules(world: World, truth: Truth): void {
  const { automation } = world;
  if (!automation) return;
  checkSent(world, automation);
  checkAbsence(world, automation);
  const counted = new Map<string, TruthEvent[]>();
  for (const event of truth.events) {
    for (const group of groupsOf(automation.rules, event)) {
      const members = counted.get(group) ?? [];
      counted.set(group, members);
      members.push(event);
    }
  }
  for (const [group, events] of counted) checkTotal(world, automation, { group, events });
  for (const { firing } of automation.firings.values()) checkSound(world, automation, { firing, counted });
  if (world.chaos.active.size === 0) {
    for (const [group, events] of counted) checkComplete(world, automation, { group, events });
  }
}

/** Nothing that was decided waits, and all of it arrived where it should. */
function checkSent(world: World, { firings, asked, states }: Automation): void {
  const events = new Set(eventsOfKind(world, RULES_KIND).map(({ id }) => id));
  const requests = new Set(asked.map(({ id }) => id));
  const all = [...firings.values()];
  for (const [n, { firing, to }] of all.entries()) {
    // The restart of an absence is dropped where there are events again before it is asked for.
    const isDropped = to.includes('held') && all.slice(n).some((later) => later.firing.kind === 'over');
    const isAsked = !isDropped && to.some((receiver) => receiver !== 'stream') && parseInstanceId(firing.restart);
    if (!events.has(firing.id)) world.violate(`${firing.id} fired and nobody was told`);
    if (isAsked && !requests.has(firing.id)) world.violate(`${firing.id} fired and no restart was asked for`);
  }
  const undecided = [...events, ...requests].filter((id) => !firings.has(id));
  for (const id of undecided) world.violate(`${id} was told and never decided`);
  for (const { group, pending } of states.items()) {
    const waiting = (pending as unknown[]).length;
    if (waiting > 0) world.violate(`${group}: ${waiting} firings still wait`);
  }
}

/** A day after the last event the absence has been noticed, once since. */
function checkAbsence(world: World, { states, firings }: Automation): void {
  const state = states.peek({ group: 'rule#quiet#all' }) as unknown as RuleState | undefined;
  if (!state?.isAbsent) world.violate('the rule quiet: an absence of a day was not noticed');
  const last = [...firings.values()].filter(
    ({ firing }) => firing.kind === 'fired' && firing.id.endsWith(`:${state?.lastSeen.toString(36)}`),
  );
  if (last.length !== 1) world.violate(`the rule quiet: its last absence was noticed ${last.length} times`);
}

function checkTotal(
  world: World,
  { states, repeats }: Automation,
  { group, events }: { group: string; events: readonly TruthEvent[] },
): void {
  // After a month of silence a state begins anew.
  if (world.plan.secondInput) return;
  const dropped = givenUp(world, 'evaluate-rules');
  const count = (some: readonly TruthEvent[]) => uniqueBy(some, () => group).get(group)?.length ?? 0;
  const least = count(events.filter(({ record }) => !dropped.has(record)));
  const most = count(events) + (repeats.allowed.get(group) ?? 0);
  const total = (states.peek({ group })?.total as number | undefined) ?? 0;
  if (total < least) world.violate(`${group}: lost ${least - total} of ${least} events`);
  if (total > most) world.violate(`${group}: counts ${total}, ${most} events came`);
}

/** As windows go, an event is not later than its arrival. */
const timeOf = ({ event, arrivedAt }: TruthEvent) => Math.min(Date.parse(event.time), arrivedAt);

function checkSound(
  world: World,
  automation: Automation,
  { firing, counted }: { firing: Firing; counted: ReadonlyMap<string, readonly TruthEvent[]> },
): void {
  const [, name = '', key = ''] = firing.id.split(':');
  const condition = conditionOf(automation, name);
  if (condition?.kind !== 'count') return;
  const to = Date.parse(firing.at);
  const own = counted.get(`rule#${name}#${key}`) ?? [];
  checkAsked(world, automation, { firing, own });
  const within = own.filter((event) => {
    const time = timeOf(event);
    return time <= to && time > to - condition.withinSeconds * 1000;
  });
  const ids = new Set(within.map(({ event }) => event.id));
  if (ids.size <= condition.moreThan) world.violate(`${firing.id} fired of ${ids.size} events`);
}

const DAY = 86_400_000;

/** A restart is asked for as of an arrival of the event that the rule fired with; what is a day late has its own time. */
function checkAsked(
  world: World,
  { asked }: Automation,
  { firing, own }: { firing: Firing; own: readonly TruthEvent[] },
): void {
  const causes = own.filter(({ event }) => firing.id.endsWith(`:${eventIdHash(event.id).toString(36)}`));
  const late = causes.some(({ arrivedAt }) => arrivedAt - Date.parse(firing.at) >= DAY) ? [Date.parse(firing.at)] : [];
  const expected = new Set([...causes.map(({ arrivedAt }) => arrivedAt), ...late]);
  for (const { id, at } of asked) {
    if (id === firing.id && !expected.has(Date.parse(at)))
      world.violate(`${id}: asked for as of ${at}, when its event did not come`);
  }
}

/** What comes an hour late beside events that are on time is behind every window (seed 1920). */
function isInOrder(events: readonly TruthEvent[], slack: number): boolean {
  let newest = Number.NEGATIVE_INFINITY;
  for (const event of events.toSorted((a, b) => a.arrivedAt - b.arrivedAt)) {
    if (timeOf(event) < newest - slack) return false;
    newest = Math.max(newest, timeOf(event));
  }
  return true;
}

/** Of the window: events of several shards are not told in order, to the second. */
const SURE = 0.8;

function checkComplete(
  world: World,
  automation: Automation,
  { group, events }: { group: string; events: readonly TruthEvent[] },
): void {
  const [, name = '', key = ''] = group.split('#');
  const condition = conditionOf(automation, name);
  if (condition?.kind !== 'count') return;
  const own = uniqueBy(events, () => group).get(group) ?? [];
  if (!isInOrder(own, condition.withinSeconds * 1000 * (1 - SURE))) return;
  const times = own.map(timeOf).sort((a, b) => a - b);
  const length = condition.withinSeconds * 1000 * SURE;
  const isDue = times.some((time, n) => time - (times[n - condition.moreThan] ?? Number.NEGATIVE_INFINITY) < length);
  const hasFired = [...automation.firings.keys()].some((id) => id.startsWith(`rule:${name}:${key}:`));
  if (isDue && !hasFired) world.violate(`${group}: never fired`);
}
