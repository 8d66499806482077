import { DUE_BUCKET, WAITING_BUCKET } from '../../shared/alerts/projection.ts';
import { SILENCE_BUCKET } from '../../shared/alerts/silence.ts';
import { scheduleAutomation, sweepRulesEveryMinute, timesInvoked } from './automation/schedule-automation.ts';
import { checkAccounted } from './checks/check-accounted.ts';
import { checkAlarms } from './checks/check-alarms.ts';
import { checkApplications } from './checks/check-applications.ts';
import { checkArchive, checkDestination, checkQuarantine } from './checks/check-archive.ts';
import { checkDrops } from './checks/check-drops.ts';
import { checkEmpty } from './checks/check-empty.ts';
import { scheduleHeldUp } from './checks/check-held-up.ts';
import { checkIncidents, checkRows } from './checks/check-incidents.ts';
import { checkLedger, checkMappings } from './checks/check-ledger.ts';
import { checkNotices, checkUrgentWhileDown } from './checks/check-notices.ts';
import { checkOwnWarnings } from './checks/check-own-warnings.ts';
import { checkRemediation } from './checks/check-remediation.ts';
import { checkRules } from './checks/check-rules.ts';
import { checkSenders } from './checks/check-senders.ts';
import { truthOf } from './checks/oracle.ts';
import { closeWindowsFunction, consumerFunctions, rulesFunction } from './consumers.ts';
import { crashViolation } from './crash.ts';
import { FAULTS } from './faults.ts';
import { latestSkew, skewOf } from './host-clocks.ts';
import { scheduleApplications } from './input/schedule-applications.ts';
import { scheduleDrops } from './input/schedule-drops.ts';
import { scheduleInput } from './input/schedule-input.ts';
import { scheduleSenders } from './input/schedule-senders.ts';
import { EventSourceMapping, type MappingOptions } from './models/event-source-mapping.ts';
import { planRun, type RunOptions } from './plan.ts';
import { runProbes } from './probes/run-probes.ts';
import { Strikes } from './strikes.ts';
import { type ConsumerFunctions, type Tally, tally } from './tally.ts';
import { World } from './world.ts';

export interface RunResult {
  seed: number;
  planned: number[];
  active: number[];
  traceHash: string;
  violations: string[];
  hits: [number, number][];
  kinds: [string, number][];
  tally: Tally;
  trace: string[] | undefined;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** After the faults end: for the backlog, for what waits in the outbox. */
const DRAIN = HOUR;
/** SNS delivers an alarm again for so long that one comes as the hour ends: a mapping may gather it first (seed 6377). */
const JUST_ARRIVED = 10 * MINUTE;
/** What goes on is told again after a day, and the window before it may have been summed up an hour after its last event. */
const WINDOWS = 28 * HOUR;
/** A split waits so long at most for records of a shard, looking so often. */
const LOOK = 100;
const MOST_LOOKS = 3_000;
const TTL_LAG = 48 * HOUR;

/** One run of the whole pipeline from one seed. */
export async function runSeed(options: RunOptions): Promise<RunResult> {
  const plan = planRun(options);
  const world = new World(plan);
  if (options.trace) world.scheduler.trace = [];
  const functions = consumerFunctions(world);
  try {
    await simulate(world, functions);
    await runProbes(world);
    checkAll(world);
  } catch (fault) {
    world.violate(crashViolation(fault));
  }
  for (const fault of plan.required) {
    if (!world.chaos.log.has(fault)) world.violate(`fault ${fault} never struck: ${FAULTS[fault]?.fault}`);
  }
  return {
    seed: plan.seed,
    planned: [...plan.planned],
    active: [...plan.active],
    traceHash: world.scheduler.traceHash.toString(16).padStart(8, '0'),
    violations: world.violations,
    hits: [...world.chaos.log.hits],
    kinds: [...world.chaos.log.kinds],
    tally: tally(world, functions),
    trace: world.scheduler.trace,
  };
}

async function simulate(world: World, functions: ConsumerFunctions): Promise<void> {
  const { plan, scheduler } = world;
  const consumers = [...functions].map(([name, own]) => ({ name, own, strikes: new Strikes(world) }));
  const addMappings = (version: string, startsAt: MappingOptions['startsAt']) => {
    for (const { name, own, strikes } of consumers) {
      const options = mappingOptions(world, { name: `${name}${version}`, startsAt });
      const invoke = strikes.counted(version, (records, settle) => own.invoke(records, settle));
      world.mappings.push(new EventSourceMapping({ ...options, invoke }, world));
    }
    if (!rules) return;
    const options = mappingOptions(world, { name: `evaluate-rules${version}`, startsAt });
    const invoke: MappingOptions['invoke'] = (records, settle) => rules.invoke(records, settle);
    world.mappings.push(new EventSourceMapping({ ...options, invoke }, world));
  };
  const automation = scheduleAutomation(world);
  world.automation = automation;
  const rules = automation && rulesFunction(world, automation);
  addMappings('', 'trim horizon');
  scheduleInput(world);
  world.drops = scheduleDrops(world);
  world.applications.push(...scheduleApplications(world));
  world.senders = scheduleSenders(world);
  const second = plan.secondMapping;
  if (second !== undefined) {
    const startsAt = world.random.pick(['trim horizon', 'latest', { timestamp: second - 10 * MINUTE }] as const);
    scheduler.at(second, 'a second version of the mappings', () => addMappings(' (2)', startsAt));
  }
  for (const { at, kind } of plan.reshards) scheduler.at(at, kind, () => reshard(world, kind));
  if (plan.replayAt !== undefined) {
    scheduler.at(plan.replayAt, 'everything is delivered again', () => {
      for (const mapping of world.mappings) mapping.replay();
    });
  }
  scheduleHeldUp(world);
  sweepEveryMinute(world);
  const until = plan.faultsEnd + WINDOWS - MINUTE;
  if (automation) sweepRulesEveryMinute(world, { automation, until, skew: (random) => skewOf(world, random) });
  if (plan.secondInput) expireEveryDay(world);
  await scheduler.runUntil(plan.faultsEnd + DRAIN);
  const old = scheduler.now - JUST_ARRIVED;
  const waiting = world.mappings.filter((mapping) => mapping.waitsSince(old)).map(({ options }) => options.name);
  if (waiting.length > 0) world.violate(`an hour after the last fault these are not drained: ${waiting.join(', ')}`);
  await scheduler.runUntil(plan.faultsEnd + WINDOWS);
}

function mappingOptions(
  { plan, destination }: World,
  own: Pick<MappingOptions, 'name' | 'startsAt'>,
): Omit<MappingOptions, 'invoke'> {
  return {
    ...own,
    batchSize: plan.batchSize,
    window: plan.batchWindow,
    parallelization: plan.parallelization,
    bisects: true,
    reportsFailures: true,
    retries: 10_000,
    recordAge: plan.recordAge,
    retryCounter: plan.retryCounter,
    paused: plan.paused,
    throttled: plan.throttled,
    childFirst: plan.childFirst,
    keepFailed: (mapping, records, reason) => destination.keep(mapping, records, reason),
  };
}

/** Under load: a shard is split while records of it wait, so that its children may be read first. */
function reshard(world: World, kind: 'split' | 'merge', tries = MOST_LOOKS): void {
  const { stream, chaos, random, scheduler, mappings } = world;
  const loaded = stream.open.filter((open) => mappings.some((mapping) => mapping.isBehind(open)));
  if (kind === 'split' && loaded.length === 0 && tries > 0) {
    scheduler.after(LOOK, 'waits for load', () => reshard(world, kind, tries - 1));
    return;
  }
  const shard = random.pick(kind === 'split' && loaded.length > 0 ? loaded : stream.open);
  if (world.plan.childFirst) for (const mapping of mappings) mapping.rest(shard, 2 * MINUTE);
  if (kind === 'split') stream.split(shard);
  else if (!stream.merge(shard)) stream.merge(stream.open.find(({ from }) => from === 0) as typeof shard);
  chaos.hit(21, kind);
}

/**
 * EventBridge's schedule. Source: EventBridge User Guide, "Schedules". A minute in which nothing is due by any host's clock
 * changes nothing and is passed over: a run has some 500 of them, and a third of its steps were theirs.
 */
function sweepEveryMinute(world: World): void {
  const { scheduler, plan, tables } = world;
  const sweep = closeWindowsFunction(world);
  const end = plan.faultsEnd + WINDOWS - MINUTE;
  const random = world.random.fork('the schedule');
  const latestClock = () => new Date(scheduler.now + latestSkew(world)).toISOString();
  const tick = () => {
    const [next] = [DUE_BUCKET, WAITING_BUCKET, SILENCE_BUCKET]
      .flatMap((bucket) => tables.alertGroups.firstIndexed('byDue', bucket) ?? [])
      .sort();
    const isDue = next !== undefined && next <= latestClock();
    for (let times = isDue ? timesInvoked(random) : 0; times > 0; times--) sweep.invoke(undefined, () => undefined);
    if (scheduler.now < end) scheduler.after(next === undefined ? 5 * MINUTE : MINUTE, 'the schedule', tick);
  };
  scheduler.after(MINUTE, 'the schedule', tick);
}

function expireEveryDay({ scheduler, plan, tables }: World): void {
  const tick = () => {
    for (const table of Object.values(tables)) table.expire(scheduler.now, TTL_LAG);
    if (scheduler.now < plan.faultsEnd) scheduler.after(DAY, 'time to live', tick);
  };
  scheduler.after(DAY, 'time to live', tick);
}

function checkAll(world: World): void {
  const truth = truthOf(world);
  checkMappings(world);
  checkAlarms(world);
  checkLedger(world, truth);
  checkAccounted(world);
  checkEmpty(world);
  checkIncidents(world, truth);
  checkRows(world, truth);
  checkArchive(world, truth);
  checkQuarantine(world, truth);
  checkDrops(world, truth);
  checkApplications(world);
  checkSenders(world, truth);
  checkOwnWarnings(world);
  checkRules(world, truth);
  checkRemediation(world);
  checkDestination(world);
  checkUrgentWhileDown(world, truth);
  checkNotices(world, truth);
}
