import { decodeEvent } from '../events/decode.ts';
import { isObject } from '../events/decode-json.ts';
import type { LogEvent } from '../events/event.ts';
import { eventIdHash } from '../events/event-id.ts';
import { logLinePayload } from '../events/lambda-line.ts';
import { sourceOfLogGroup } from '../events/log-group.ts';

/**
 * What a subscription filter of CloudWatch Logs sends, gzipped, to a function or a stream. Source: CloudWatch Logs user
 * guide, "Log group-level subscription filters".
 */
export interface CloudWatchEnvelope {
  messageType: 'DATA_MESSAGE';
  /** The account that owns the group. */
  owner: string;
  logGroup: string;
  logStream: string;
  logEvents: readonly CloudWatchLine[];
}

interface CloudWatchLine {
  /** 56 digits; the same however often the line is delivered. */
  id: string;
  /** Milliseconds since 1970. */
  timestamp: number;
  message: string;
}

/** A message that carries lines, one that only tries whether the destination answers, or neither. */
export type ReadEnvelope = { kind: 'data'; envelope: CloudWatchEnvelope } | { kind: 'control' } | { kind: 'none' };

const NONE: ReadEnvelope = { kind: 'none' };

/** Recognises an envelope in parsed JSON. One that is not whole is none: then it is JSON like any other. */
export function readEnvelope(json: unknown): ReadEnvelope {
  if (!isObject(json) || !Array.isArray(json.logEvents)) return NONE;
  if (json.messageType === 'CONTROL_MESSAGE') return { kind: 'control' };
  const { messageType, owner, logGroup, logStream, logEvents } = json;
  const isNamed = [owner, logGroup, logStream].every((name) => typeof name === 'string' && name !== '');
  if (messageType !== 'DATA_MESSAGE' || !isNamed || !logEvents.every(isLine)) return NONE;
  return { kind: 'data', envelope: json as unknown as CloudWatchEnvelope };
}

function isLine(value: unknown): value is CloudWatchLine {
  if (!isObject(value)) return false;
  const { id, timestamp, message } = value;
  return typeof id === 'string' && id !== '' && Number.isSafeInteger(timestamp) && typeof message === 'string';
}

/** A short name of the log stream: its lines have ids, and a partition key, made of it. */
export function placeOf({ owner, logGroup, logStream }: Omit<CloudWatchEnvelope, 'messageType' | 'logEvents'>): string {
  return eventIdHash([owner, logGroup, logStream].join('\0')).toString(36);
}

/** An event id takes 256 characters; AWS's own take 56. */
const LONGEST_LINE_ID = 128;

/**
 * The lines of an envelope as log events, in order; blank lines are none. The same envelope always gives the same
 * events, ids included, whichever way it came and however often: an id is made of the account, the group, the stream
 * and the line's own id, for AWS promises that one to be unique in its stream only.
 */
export function envelopeEvents({ owner, logGroup, logStream, logEvents }: CloudWatchEnvelope): LogEvent[] {
  const source = sourceOfLogGroup(logGroup);
  const place = placeOf({ owner, logGroup, logStream });
  const origin = { 'aws.log.group': logGroup, 'aws.log.stream': logStream };
  return logEvents
    .filter(({ message }) => message.trim() !== '')
    .map(({ id, timestamp, message }) => {
      const lineId = id.length <= LONGEST_LINE_ID ? id : eventIdHash(id).toString(36);
      const arrival = { id: `cloudwatch:${place}:${lineId}`, arrivedAt: timestamp, source };
      const event = decodeEvent(logLinePayload(message), arrival);
      return { ...event, attributes: { ...event.attributes, ...origin } };
    });
}
