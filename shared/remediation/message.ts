import { eventIdHash } from '../events/event-id.ts';
import { type InstanceId, parseInstanceId } from './instance.ts';
import {
  oneLine,
  REASON_CHARACTERS,
  REQUEST_ID_CHARACTERS,
  REQUESTER_CHARACTERS,
  type RemediationRequest,
} from './request.ts';

/** What a message of the request queue, or the event of a direct invocation, asks for. */
export type Asked =
  | { status: 'asked'; request: RemediationRequest }
  /** There is nothing to do, such as for an alarm that is over. */
  | { status: 'ignored'; reason: string }
  /** It should ask for something, and what is not clear. `id` is stable where the message allows it. */
  | { status: 'unclear'; problem: string; id?: string };

/** The instances that alarms are for, by the alarm's name: `remediation.alarms`. */
export type AlarmInstances = Readonly<Record<string, InstanceId>>;

type Json = Readonly<Record<string, unknown>>;

/** The text of a message. Never throws: whoever may write to a topic of the account can send anything. */
export function readMessage(text: string, alarms: AlarmInstances): Asked {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { status: 'unclear', problem: 'expected JSON, got other text' };
  }
  return readAsked(json, alarms);
}

/** A request of ours, an alarm as SNS brings it, with its envelope or without, or as CloudWatch invokes a function. */
export function readAsked(json: unknown, alarms: AlarmInstances): Asked {
  const message = objectOf(json);
  if (isObject(message.remediation)) return readRequest(message.remediation);
  if (isObject(message.alarmData)) return readAlarm(directAlarm(message, message.alarmData), alarms);
  if (typeof message.AlarmName === 'string') return readAlarm(publishedAlarm(message), alarms);
  if (message.Type === 'Notification' && typeof message.Message === 'string')
    return readEnvelope(message.Message, alarms);
  return { status: 'unclear', problem: 'expected a request of a rule or the change of an alarm, got other JSON' };
}

/** One envelope, not one within another. */
function readEnvelope(text: string, alarms: AlarmInstances): Asked {
  try {
    const message = objectOf(JSON.parse(text));
    if (typeof message.AlarmName === 'string') return readAlarm(publishedAlarm(message), alarms);
  } catch {
    // Said below.
  }
  return { status: 'unclear', problem: "expected the change of an alarm in the topic's message, got something else" };
}

/** A request as a message: the inverse of `readMessage`. */
export function requestMessage(request: RemediationRequest): string {
  return JSON.stringify({ remediation: request });
}

function readRequest({ id, instance, by, reason, at }: Json): Asked {
  const target = parseInstanceId(instance);
  const time = timeOf(at);
  const { kind, name } = objectOf(by);
  const isNamed = (kind === 'rule' || kind === 'alarm') && isText(name, REQUESTER_CHARACTERS);
  if (!isText(id, REQUEST_ID_CHARACTERS) || !isNamed || time === undefined || typeof reason !== 'string') {
    return { status: 'unclear', problem: 'expected id, instance, by, reason and at of a request, got something else' };
  }
  if (!target) return { status: 'unclear', id, problem: `expected the id of an instance, got ${shown(instance)}` };
  const request = { id, instance: target, by: { kind, name: oneLine(name, REQUESTER_CHARACTERS) } };
  return { status: 'asked', request: { ...request, reason: oneLine(reason, REASON_CHARACTERS), at: time } } as Asked;
}

interface Alarm {
  name: string;
  state: unknown;
  reason: unknown;
  changedAt: unknown;
  /** The dimension `InstanceId` of its metrics, where they have one and the same. */
  instance: unknown;
}

/** Source: CloudWatch User Guide, "Lambda alarm actions". */
function directAlarm(message: Json, data: Json): Alarm {
  const { value, reason, timestamp } = objectOf(data.state);
  const metrics = listOf(objectOf(data.configuration).metrics);
  const dimensions = metrics.map((metric) =>
    objectOf(objectOf(objectOf(objectOf(metric).metricStat).metric).dimensions),
  );
  const instance = theOne(dimensions.flatMap((each) => (Object.hasOwn(each, 'InstanceId') ? [each.InstanceId] : [])));
  return { name: String(data.alarmName ?? ''), state: value, reason, changedAt: timestamp ?? message.time, instance };
}

/** Source: CloudWatch User Guide, "Notifying users on alarm changes": the JSON that an alarm publishes to a topic. */
function publishedAlarm(message: Json): Alarm {
  const { Dimensions, Metrics } = objectOf(message.Trigger);
  // An alarm on metric math has no dimensions of its own: each metric in it has.
  const ofMetrics = listOf(Metrics).map((each) => objectOf(objectOf(objectOf(each).MetricStat).Metric).Dimensions);
  const dimensions = [Dimensions, ...ofMetrics].flatMap(listOf).map(objectOf);
  const ofInstances = dimensions.filter(({ name, Name }) => (name ?? Name) === 'InstanceId');
  return {
    name: message.AlarmName as string,
    state: message.NewStateValue,
    reason: message.NewStateReason,
    changedAt: message.StateChangeTime,
    instance: theOne(ofInstances.map(({ value, Value }) => value ?? Value)),
  };
}

/** An alarm on the metrics of two instances does not say which of them to restart. */
function theOne(instances: readonly unknown[]): unknown {
  return new Set(instances).size === 1 ? instances[0] : undefined;
}

function readAlarm({ name: given, state, reason, changedAt, instance }: Alarm, alarms: AlarmInstances): Asked {
  const name = oneLine(given, REQUESTER_CHARACTERS);
  if (state !== 'ALARM') return { status: 'ignored', reason: `alarm ${name} is ${oneLine(String(state), 40)}` };
  const at = timeOf(changedAt);
  if (at === undefined) return { status: 'unclear', problem: `expected the time of alarm ${name}'s change, got none` };
  const id = alarmRequestId(given, at);
  const target = (Object.hasOwn(alarms, given) ? alarms[given] : undefined) ?? parseInstanceId(instance);
  if (!target) {
    const advice = 'name it in remediation.alarms, or watch a metric with the dimension InstanceId';
    return { status: 'unclear', id, problem: `expected alarm ${name} to be of an instance, got none; ${advice}` };
  }
  const text = typeof reason === 'string' ? oneLine(reason, REASON_CHARACTERS) : 'no reason was given';
  return { status: 'asked', request: { id, instance: target, by: { kind: 'alarm', name }, reason: text, at } };
}

const SHORT_NAME = 120;

/** The same change has the same id, whichever way it comes and however often. */
function alarmRequestId(name: string, at: string): string {
  return `alarm:${oneLine(name, SHORT_NAME)}:${eventIdHash(name).toString(36)}:${Date.parse(at)}`;
}

/** CloudWatch writes `2026-11-21T12:00:00.000+0000`, which is no ISO 8601 to JavaScript without its colon. */
function timeOf(text: unknown): string | undefined {
  if (typeof text !== 'string' || text.length > 40) return undefined;
  const milliseconds = Date.parse(text.replace(/([+-]\d\d)(\d\d)$/, '$1:$2'));
  return Number.isNaN(milliseconds) ? undefined : new Date(milliseconds).toISOString();
}

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const objectOf = (value: unknown): Json => (isObject(value) ? value : {});
const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
const isText = (value: unknown, characters: number): value is string =>
  typeof value === 'string' && value.length > 0 && value.length <= characters;
const shown = (value: unknown) => (typeof value === 'string' ? oneLine(value, 60) : typeof value);
