import { setTimeout } from 'node:timers/promises';
import { snsPublish } from '../../shared/aws/sns-publish.ts';
import { Fault } from '../../shared/stream/fault.ts';
import type { Clock, SendChunk } from '../../shared/stream/ports.ts';
import {
  type PublishOptions,
  type PublishToTopic,
  publishMessages,
  type TopicMessage,
} from '../../shared/stream/publish-messages.ts';
import { textOfThrown } from '../plain-value.ts';
import type { Alert, AlertIssue, AlertOutcome, SendAlertsOptions } from './alert-api.ts';
import { checkAlert } from './check-alert.ts';
import { type AllowsTopic, readAllowed } from './topic-arn.ts';

const MOST_ALERTS = 1_000;
/** Topics that are told at the same time: one that hangs does not hold up the others. */
const LANES = 8;
const TIMEOUT = 10_000;
const LONGEST_TIMEOUT = 300_000;

/** Pauses keep the process: the caller waits for the answer. */
const clock: Clock = {
  now: Date.now,
  random: Math.random,
  sleep: async (milliseconds) => {
    await setTimeout(milliseconds);
  },
};

/**
 * Tells the topics of each alert, all that one topic gets in as few calls as SNS allows, and again what was refused in
 * passing: at least once, since an answer may be lost. Resolves with what became of each alert, in their order; never
 * rejects and never throws: what went wrong is in `issues`, for the application to log.
 */
export function sendAlerts<Given extends Alert>(
  alerts: readonly Given[],
  options: SendAlertsOptions = {},
): Promise<AlertOutcome<Given>[]> {
  return sendAlertsBy(alerts, options, clock);
}

/** The same by a clock that a test made. */
export async function sendAlertsBy<Given extends Alert>(
  alerts: readonly Given[],
  options: SendAlertsOptions,
  ticking: Clock,
): Promise<AlertOutcome<Given>[]> {
  try {
    return await sendEach(alerts, options, ticking);
  } catch (fault) {
    const issue: AlertIssue = { code: 'bad-alert', message: `expected a list of alerts: ${textOfThrown(fault)}` };
    return [{ alert: alerts as unknown as Given, sent: [], issues: [issue] }];
  }
}

async function sendEach<Given extends Alert>(alerts: readonly Given[], options: SendAlertsOptions, ticking: Clock) {
  if (!Array.isArray(alerts)) throw new TypeError(`got a value of type ${typeof alerts}`);
  const settings = readOptions(options);
  const outcomes = Array.from(alerts, (alert: Given): AlertOutcome<Given> => {
    return { alert, sent: [], issues: [...settings.issues] };
  });
  const parcels = outcomes.flatMap((outcome, index) => parcelsOf(outcome, index, settings.allows));
  const until = ticking.now() + settings.timeout;
  await inLanes(queuesOf(parcels), async ([topicArn, queue]) => {
    const send = beginningBefore(until, ticking, (messages) => settings.publish(topicArn)(messages));
    await publishQueue(queue, { send, clock: ticking, patience: settings.timeout });
  });
  for (const { outcome, topicArn, refusal } of parcels) {
    if (refusal === undefined) outcome.sent.push(topicArn);
    else outcome.issues.push({ code: 'not-sent', message: refusal, topicArn });
  }
  return outcomes;
}

interface AlertSettings {
  allows: AllowsTopic;
  timeout: number;
  publish: PublishToTopic;
  /** What is wrong with the options, told with every alert. */
  issues: AlertIssue[];
}

function readOptions(options: unknown): AlertSettings {
  const { allowedTopicArns, timeout, publish } = { ...(options as Readonly<Record<string, unknown>> | undefined) };
  const issues: AlertIssue[] = [];
  const complain = (message: string) => void issues.push({ code: 'bad-option', message });
  const allows = readAllowed(allowedTopicArns);
  if (allows === undefined) complain('expected allowedTopicArns, a list of ARNs: no topic is told');
  const isTime = typeof timeout === 'number' && timeout >= 0 && timeout <= LONGEST_TIMEOUT;
  if (timeout !== undefined && !isTime) complain(`expected timeout, 0 to ${LONGEST_TIMEOUT} ms: it is ${TIMEOUT}`);
  return {
    allows: allows ?? (() => false),
    timeout: isTime ? timeout : TIMEOUT,
    publish: typeof publish === 'function' ? (publish as PublishToTopic) : snsPublish,
    issues,
  };
}

/** A message on its way to one topic. */
interface Parcel {
  topicArn: string;
  message: TopicMessage;
  outcome: AlertOutcome<unknown>;
  /** Why the topic did not take it. */
  refusal?: string;
}

function parcelsOf(outcome: AlertOutcome<unknown>, index: number, allows: AllowsTopic): Parcel[] {
  const checked = index < MOST_ALERTS ? safelyChecked(outcome, allows) : tooMany(outcome);
  if (checked === undefined) return [];
  return checked.topicArns.map((topicArn) => ({ topicArn, message: checked.message, outcome }));
}

function safelyChecked({ alert, issues }: AlertOutcome<unknown>, allows: AllowsTopic) {
  try {
    return checkAlert(alert, allows, issues);
  } catch (fault) {
    issues.push({ code: 'bad-alert', message: `expected an alert that can be read: ${textOfThrown(fault)}` });
    return undefined;
  }
}

function tooMany({ issues }: AlertOutcome<unknown>): undefined {
  issues.push({ code: 'bad-alert', message: `expected at most ${MOST_ALERTS} alerts in one call: send it in another` });
}

/** A call that would begin later is not made. */
function beginningBefore(until: number, { now }: Clock, send: SendChunk<TopicMessage>): SendChunk<TopicMessage> {
  return async (messages) => {
    if (now() > until) throw new Fault('out-of-time', 'the time for it was over');
    return await send(messages);
  };
}

/** What each topic gets, in the order of the alerts. */
function queuesOf(parcels: readonly Parcel[]): Map<string, Parcel[]> {
  const queues = new Map<string, Parcel[]>();
  for (const parcel of parcels) {
    const queue = queues.get(parcel.topicArn);
    if (queue === undefined) queues.set(parcel.topicArn, [parcel]);
    else queue.push(parcel);
  }
  return queues;
}

async function publishQueue(queue: readonly Parcel[], ports: PublishOptions): Promise<void> {
  const messages = queue.map(({ message }) => message);
  const { unsent } = await publishMessages(messages, ports);
  for (const { index, reason } of unsent) {
    const parcel = queue[index];
    if (parcel !== undefined) parcel.refusal = reason;
  }
}

/** Works on so many at a time. */
async function inLanes<T>(items: Iterable<T>, work: (item: T) => Promise<void>): Promise<void> {
  const rest = [...items].values();
  const lane = async () => {
    for (const item of rest) await work(item);
  };
  await Promise.all(Array.from({ length: LANES }, lane));
}
