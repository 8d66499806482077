import type { LogEvent } from '../events/event.ts';
import { eventIdHash } from '../events/event-id.ts';
import { EVENT_VERSION } from '../events/event-version.ts';
import type { Level } from '../events/levels.ts';
import { cutText, cutUnits, LENGTHS } from '../events/limits.ts';

/** The source of events about Sluice itself. */
export const HEALTH_SOURCE = 'sluice';

type Fields = Record<string, unknown>;

const MESSAGE_BYTES = 2_048;
const MOST_OBJECTS = 100;

const LEVEL_OF_STATE: Readonly<Record<string, Level>> = { ALARM: 'error', OK: 'info', INSUFFICIENT_DATA: 'info' };

/**
 * A change of a CloudWatch alarm as SNS carries it, as the event `alarm.changed`: none where a new alarm, or one that knew
 * nothing, finds all well, which every deployment's alarms do; undefined when the message is of something else. Source:
 * CloudWatch User Guide, "Alarm events" and the message that an alarm publishes to SNS.
 */
export function alarmChange(message: unknown, now: number): LogEvent[] | undefined {
  const told = fieldsOf(message);
  const { AlarmName: name, NewStateValue: state, OldStateValue: previous } = told;
  if (typeof name !== 'string' || typeof state !== 'string' || !Object.hasOwn(LEVEL_OF_STATE, state)) return undefined;
  if (previous === 'INSUFFICIENT_DATA' && state === 'OK') return [];
  return [alarmEvent({ told, name, state, previous }, now)];
}

interface AlarmChange {
  told: Fields;
  name: string;
  state: string;
  previous: unknown;
}

function alarmEvent({ told, name, state, previous }: AlarmChange, now: number): LogEvent {
  const { StateChangeTime, NewStateReason } = told;
  const changed = Date.parse(text(StateChangeTime));
  const time = new Date(Number.isNaN(changed) ? now : changed).toISOString();
  const arn = text(told.AlarmArn) || name;
  return {
    v: EVENT_VERSION,
    id: `alarm/${eventIdHash(arn)}/${state}/${time}`,
    type: 'alarm.changed',
    time,
    level: LEVEL_OF_STATE[state] ?? 'info',
    source: HEALTH_SOURCE,
    message: cutText(`Alarm ${name} is ${state}: ${text(NewStateReason)}`, MESSAGE_BYTES).text,
    attributes: {
      alarm: cutUnits(name, LENGTHS.source).text,
      state,
      ...(typeof previous === 'string' ? { previous: cutUnits(previous, LENGTHS.source).text } : {}),
    },
  };
}

/**
 * Objects that Lambda put into the failures bucket, as S3 tells of them, each as an error; undefined when the message is of
 * something else, none for S3's test message. Source: S3 User Guide, "Event message structure".
 */
export function keptFailures(message: unknown, now: number): LogEvent[] | undefined {
  const told = fieldsOf(message);
  if (told.Event === 's3:TestEvent') return [];
  const records = Array.isArray(told.Records) ? told.Records.map(fieldsOf) : [];
  if (records.length === 0 || records.some(({ eventSource }) => eventSource !== 'aws:s3')) return undefined;
  return records.slice(0, MOST_OBJECTS).map((record) => keptFailure(record, now));
}

function keptFailure({ s3, eventTime }: Fields, now: number): LogEvent {
  const { bucket, object } = fieldsOf(s3);
  const { key } = fieldsOf(object);
  const place = `s3://${text(fieldsOf(bucket).name)}/${decodedKey(text(key))}`;
  const happened = Date.parse(text(eventTime));
  return {
    v: EVENT_VERSION,
    id: `failure/${eventIdHash(place)}`,
    type: 'log',
    time: new Date(Number.isNaN(happened) ? now : happened).toISOString(),
    level: 'error',
    source: HEALTH_SOURCE,
    message: cutText(`A batch could not be processed to the end; it was kept as ${place}`, MESSAGE_BYTES).text,
  };
}

/** S3 encodes keys as forms do. */
function decodedKey(key: string): string {
  const spaced = key.replaceAll('+', ' ');
  try {
    return decodeURIComponent(spaced);
  } catch {
    return spaced;
  }
}

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
