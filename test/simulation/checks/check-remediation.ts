import { isDeepStrictEqual } from 'node:util';
import type { LogEvent } from '../../../shared/events/event.ts';
import type { RemediationFact, Step } from '../../../shared/remediation/fact.ts';
import type { InstanceId } from '../../../shared/remediation/instance.ts';
import { eventOf } from '../../../shared/remediation/report.ts';
import type { Automation } from '../automation/automation.ts';
import { eventName, factName, REMEDIATION_KIND } from '../automation/names.ts';
import { callsPeople } from '../automation/people.ts';
import { MACHINES } from '../automation/set-up.ts';
import type { World } from '../world.ts';
import { checkEnd, isEnd } from './check-restart-end.ts';
import { eventsOfKind } from './oracle.ts';

const MINUTE = 60_000;
/** Two hosts whose clocks are off by five minutes, each its own way. */
const CLOCK_ERROR = 10 * MINUTE;
const DAY = 1_440 * MINUTE;

/** Restarts against what EC2 took, and what was told of them. */
export function checkRemediation(world: World): void {
  const { automation } = world;
  if (!automation) return;
  if (!automation.queue.isEmpty) world.violate('requests for restarts still wait on their queue');
  for (const { id } of automation.queue.dead) world.violate(`the request ${id} was given up`);
  const facts = checkTold(world, automation);
  const byRequest = Map.groupBy(facts, ({ instance, request }) => `${instance} ${request}`);
  for (const [request, own] of byRequest) checkRequest(world, automation, { request, facts: own });
  for (const { id, tags } of MACHINES) {
    const isAllowed = tags['sluice-remediation'] === 'allowed';
    checkMachine(world, automation, { id, isAllowed, facts: facts.filter(({ instance }) => instance === id) });
  }
  for (const { id } of automation.asked) {
    if (!facts.some(({ request }) => request === id)) world.violate(`rule request ${id}: nothing became of it`);
  }
}

/** Each fact is told to both receivers, and people are called for what they must look at. */
function checkTold(world: World, automation: Automation): RemediationFact[] {
  const streamed = eventsOfKind(world, REMEDIATION_KIND);
  const isOfFact = ({ attributes }: LogEvent) => attributes?.instance !== undefined;
  const own = streamed.filter(isOfFact);
  const [called, told] = [own.filter(({ type }) => type === 'log'), own.filter(({ type }) => type !== 'log')];
  checkReceiver(world, automation, { receiver: 'stream', events: told });
  checkReceiver(world, automation, { receiver: 'topic', events: automation.published });
  const names = new Set(called.map(eventName));
  const facts = [...automation.facts.values()];
  for (const fact of facts) {
    if (mustLook(fact) !== names.has(`${factName(fact)}/people`))
      world.violate(`${factName(fact)}: people were ${mustLook(fact) ? 'not ' : ''}called`);
  }
  checkUnclear(world, automation, new Set(streamed.filter((event) => !isOfFact(event)).map(({ id }) => id)));
  return facts;
}

/** What settles by itself calls nobody: a request that came too soon after the last. */
function mustLook(fact: RemediationFact): boolean {
  return fact.type === 'remediation.failed' && fact.cause !== 'cooldown';
}

/** A receiver hears of every fact as the event that it is, and of nothing else. */
function checkReceiver(
  world: World,
  { facts }: Automation,
  { receiver, events }: { receiver: string; events: readonly LogEvent[] },
): void {
  const told = new Map(events.map((event) => [eventName(event), event]));
  for (const [name, fact] of facts) {
    if (!isDeepStrictEqual(told.get(name), eventOf(fact))) world.violate(`${name} was not told to the ${receiver}`);
  }
  for (const name of told.keys()) {
    if (!facts.has(name)) world.violate(`${name} was told to the ${receiver} and never decided`);
  }
}

/** Of each message that asks for nothing clear, the fact and the call of people: two events, however often it came. */
function checkUnclear(world: World, { unclear }: Automation, ids: ReadonlySet<string>): void {
  if (ids.size !== 2 * unclear) world.violate(`${unclear} requests were not understood, ${ids.size} events say so`);
}

/** A request is refused, or taken on and then running again or failed; never two of these. */
function checkRequest(
  world: World,
  automation: Automation,
  { request, facts }: { request: string; facts: readonly RemediationFact[] },
): void {
  const [end, ...more] = facts.filter(isEnd);
  if (!end || more.length > 0) world.violate(`request ${request}: ended ${more.length + (end ? 1 : 0)} times`);
  const taken = facts.find(({ type }) => type === 'remediation.requested');
  if (!taken && facts.length !== 1) world.violate(`request ${request}: was not taken on and yet acted on`);
  if (taken && end) checkEnd(world, automation, { taken, end });
}

interface Machine {
  id: InstanceId;
  isAllowed: boolean;
  facts: readonly RemediationFact[];
}

function checkMachine(world: World, automation: Automation, machine: Machine): void {
  const { instances } = automation;
  const { id, isAllowed, facts } = machine;
  const calls = instances.taken.filter((each) => each.id === id);
  const taken = facts.filter(({ type }) => type === 'remediation.requested');
  if (!isAllowed && calls.length + taken.length > 0) world.violate(`${id}: touched without its tag`);
  for (const name of ['stop', 'start', 'reboot'] as const) {
    const effective = calls.filter(({ call, isEffective }) => call === name && isEffective).length;
    // What fell back is started again, and people start it too.
    if (effective > taken.length && name !== 'start')
      world.violate(`${id}: ${effective} times ${name} for ${taken.length} requests`);
    const said = facts.filter((fact) => isSaid(fact, name)).length;
    if (said > effective) world.violate(`${id}: ${said} times ${name} was told of, ${effective} times it was done`);
  }
  checkLimits(world, automation, { id, times: taken.map(({ at }) => Date.parse(at)).sort((a, b) => a - b) });
  // Who was called has started it again, unless it is gone for good.
  const state = instances.stateOf(id);
  const isGone = state === 'terminated' && facts.some(callsPeople);
  if (state !== 'running' && !isGone) world.violate(`${id} is ${state} and nobody was called`);
}

/** Whether people are told that a step was done. */
function isSaid(fact: RemediationFact, step: Step): boolean {
  return fact.type === 'remediation.performed' && fact.step === step && fact.isSure;
}

function checkLimits(world: World, { settings }: Automation, { id, times }: { id: InstanceId; times: number[] }): void {
  for (const [n, time] of times.entries()) {
    const before = times[n - 1] ?? Number.NEGATIVE_INFINITY;
    if (time - before < settings.cooldownSeconds * 1000 - CLOCK_ERROR)
      world.violate(`${id}: restarted in its cooldown`);
    const inDay = times.filter((each) => each <= time && time - each < DAY - CLOCK_ERROR).length;
    if (inDay > settings.maximumPerDay) world.violate(`${id}: restarted ${inDay} times in a day`);
  }
}
