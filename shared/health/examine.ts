import { counted, type Finding, shownNames, well, wrong } from './finding.ts';

/** A function behind the stream, as its receipts and its mapping call it. */
export interface StreamConsumer {
  name: string;
  functionKey: string;
}

/** Those that are always deployed. */
const CONSUMERS: readonly StreamConsumer[] = [
  { name: 'route-alerts', functionKey: 'routeAlerts' },
  { name: 'project-incidents', functionKey: 'projectIncidents' },
];
const ARCHIVE: StreamConsumer = { name: 'archive-events', functionKey: 'archiveEvents' };
const RULES: StreamConsumer = { name: 'evaluate-rules', functionKey: 'evaluateRules' };

/** What of a configuration decides which functions stand behind the stream. */
export interface Behind {
  archive: { isEnabled: boolean };
  rules: readonly unknown[];
}

export function streamConsumers({ archive, rules }: Behind): readonly StreamConsumer[] {
  return [...CONSUMERS, ...(archive.isEnabled ? [ARCHIVE] : []), ...(rules.length > 0 ? [RULES] : [])];
}

export function examineNode(version: string): Finding {
  const [major] = version.replace(/^v/, '').split('.');
  if (Number(major) >= 24) return well('node', `Node ${version}`);
  return wrong(
    'node',
    `Node ${version}, and Sluice needs 24`,
    'run it as npx sluice, which uses the Node 24 in node_modules',
  );
}

export interface Stack {
  /** `UPDATE_COMPLETE`, … */
  status: string;
  outputs: Readonly<Record<string, string>>;
}

export function examineStack(name: string, stack: Stack, needed: readonly string[]): Finding {
  const deploy = 'deploy again (npx serverless deploy); the events of the stack in CloudFormation say what failed';
  if (!/^(CREATE|UPDATE)_COMPLETE$/.test(stack.status)) return wrong('stack', `${name} is ${stack.status}`, deploy);
  const missing = needed.filter((output) => !stack.outputs[output]);
  if (missing.length === 0) return well('stack', `${name} is ${stack.status}`);
  return wrong('stack', `${name} has no output ${shownNames(missing)}`, 'deploy this version (npx serverless deploy)');
}

/** An event source mapping of a consumer. */
export interface Mapping {
  functionKey: string;
  state: string;
  /** `OK`, `No records processed`, `PROBLEM: …`; missing before the first. */
  lastResult?: string;
}

export function examineMappings(
  mappings: readonly Mapping[],
  consumers: readonly StreamConsumer[] = [...CONSUMERS, ARCHIVE],
): Finding {
  const missing = consumers.filter(({ functionKey }) => !mappings.some((one) => one.functionKey === functionKey));
  if (missing.length > 0) {
    const names = shownNames(missing.map(({ functionKey }) => functionKey));
    return wrong(
      'mappings',
      `nothing of the stream reaches ${names}`,
      'deploy again: its event source mapping is gone',
    );
  }
  const off = mappings.filter(({ state }) => !/^(Enabled|Enabling|Creating|Updating)$/.test(state));
  if (off.length > 0) {
    const names = shownNames(off.map(({ functionKey, state }) => `${functionKey} (${state})`));
    return wrong(
      'mappings',
      `switched off: ${names}`,
      'enable them before the stream forgets their records, or deploy again',
    );
  }
  const failing = mappings.filter(({ lastResult }) => /^PROBLEM/.test(lastResult ?? ''));
  if (failing.length === 0) return well('mappings', `all ${mappings.length} are enabled, and none has a problem`);
  const says = shownNames(failing.map(({ functionKey, lastResult }) => `${functionKey}: ${lastResult}`));
  return wrong('mappings', says, "read the function's log: it says why the batch fails");
}

/** The newest receipt of a consumer for a shard. */
export interface NewestReceipt {
  consumer: string;
  shard: string;
  /** Sorts as the records do. */
  entry: string;
  /** Milliseconds since 1970. */
  at: number;
}

export interface Backlog {
  /** Default: those that are always deployed. */
  consumers?: readonly StreamConsumer[];
  receipts: readonly NewestReceipt[];
  /** The most milliseconds that each consumer was behind within the last minutes; missing where it is not measured. */
  iteratorAges: Readonly<Record<string, number>>;
}

/** Consumers gather batches at their own pace; more than this apart is no pace. */
const APART_MILLISECONDS = 120_000;

/** Whether a consumer is behind the stream by more than the alarm allows, or behind the others. */
export function examineBacklog(backlog: Backlog, limitSeconds: number): Finding {
  const { receipts, iteratorAges, consumers = [...CONSUMERS, ARCHIVE] } = backlog;
  const late = consumers.flatMap(({ name }) => {
    const age = Math.max(iteratorAges[name] ?? 0, behindOthers(receipts, name));
    return age >= Math.min(limitSeconds * 1_000, APART_MILLISECONDS) ? [{ name, age }] : [];
  });
  const ages = consumers.flatMap(({ name }) => iteratorAges[name] ?? []);
  if (late.length === 0) {
    const measured = ages.length === 0 ? '' : `, at most ${duration(Math.max(...ages))} behind the stream`;
    return well('backlog', `no consumer is behind the others${measured}`);
  }
  const says = shownNames(late.map(({ name, age }) => `${name} is ${duration(age)} behind`));
  return wrong(
    'backlog',
    says,
    'read its log; if it is only slow, raise stream.shards or consumers.batchSize in sluice.yml',
  );
}

function behindOthers(receipts: readonly NewestReceipt[], consumer: string): number {
  const own = receipts.filter((one) => one.consumer === consumer);
  const others = receipts.filter((one) => one.consumer !== consumer);
  return others.reduce((most, other) => {
    const same = own.find(({ shard }) => shard === other.shard);
    const isBehind = same === undefined || same.entry < other.entry;
    return isBehind ? Math.max(most, other.at - (same?.at ?? other.at - APART_MILLISECONDS)) : most;
  }, 0);
}

/** What a consumer has done with of late. */
export interface Account {
  consumer: string;
  received: number;
  projected: number;
  duplicates: number;
  filtered: number;
  quarantined: number;
}

export function examineLedger(accounts: readonly Account[]): Finding {
  const unequal = accounts.filter(
    (one) => one.received !== one.projected + one.duplicates + one.filtered + one.quarantined,
  );
  if (unequal.length === 0) {
    const most = Math.max(0, ...accounts.map(({ received }) => received));
    return well('ledger', `every event is accounted for, of the newest ${most} of each consumer`);
  }
  const says = shownNames(
    unequal.map(
      ({ consumer, received, projected, duplicates, filtered, quarantined }) =>
        `${consumer} received ${received}, and has ${projected} + ${duplicates} + ${filtered} + ${quarantined}`,
    ),
  );
  return wrong('ledger', says, 'a fault of Sluice: report it with the log of the function');
}

/** Objects that should not be there. */
export interface Objects {
  count: number;
  /** The keys of some. */
  keys: readonly string[];
}

export function examineObjects(
  check: string,
  objects: Objects,
  words: { none: string; some: string; advice: string },
): Finding {
  if (objects.count === 0) return well(check, words.none);
  return wrong(check, `${counted(objects.count, 'object')} ${words.some}: ${shownNames(objects.keys)}`, words.advice);
}

export interface AlarmState {
  name: string;
  /** `OK`, `ALARM`, `INSUFFICIENT_DATA`. */
  state: string;
  description: string;
}

export function examineAlarms(alarms: readonly AlarmState[], isEnabled: boolean): Finding {
  if (!isEnabled) return well('alarms', 'none are made: alarms.enabled is false in sluice.yml');
  if (alarms.length === 0) return wrong('alarms', 'there are none', 'deploy this version (npx serverless deploy)');
  const raised = alarms.filter(({ state }) => state === 'ALARM');
  const [first] = raised;
  if (first === undefined) return well('alarms', `none of ${alarms.length} is raised`);
  return wrong('alarms', `raised: ${shownNames(raised.map(({ name }) => name))}`, first.description);
}

export interface Subscription {
  topic: string;
  endpoint: string;
  isConfirmed: boolean;
}

export function examineSubscriptions(subscriptions: readonly Subscription[]): Finding {
  const waiting = subscriptions.filter(({ isConfirmed }) => !isConfirmed);
  if (waiting.length === 0)
    return well('subscriptions', `${counted(subscriptions.length, 'subscription')}, all confirmed`);
  const names = shownNames(waiting.map(({ endpoint, topic }) => `${endpoint} (${topic})`));
  const advice =
    'whoever owns the address must follow the link in the mail "AWS Notification - Subscription Confirmation"';
  return wrong('subscriptions', `not confirmed, so they get nothing: ${names}`, advice);
}

/** What was throttled in the last hour, by what throttled it. */
export function examineThrottles(throttled: Readonly<Record<string, number>>): Finding {
  const some = Object.entries(throttled).filter(([, count]) => count > 0);
  if (some.length === 0) return well('throttles', 'nothing was throttled in the last hour');
  const says = shownNames(some.map(([name, count]) => `${name}: ${count}`));
  return wrong(
    'throttles',
    `throttled in the last hour: ${says}`,
    'writes of the stream want more stream.shards; functions want concurrency of the account',
  );
}

/** Groups that somebody should have looked at by now, and did not. */
export function examineNotices(overdue: number): Finding {
  if (overdue === 0) return well('notices', 'no window is overdue and no notice waits');
  const says = `${counted(overdue, 'group')} should have been told about by now`;
  return wrong('notices', says, 'a receiver refuses them, or closeWindows does not run: its log says which');
}

function duration(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1_000);
  if (seconds < 120) return `${seconds} s`;
  return seconds < 7_200 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3_600)} h`;
}
