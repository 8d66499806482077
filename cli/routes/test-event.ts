import { randomBytes } from 'node:crypto';
import type { Matched } from '../../shared/alerts/matcher.ts';
import { decodeEvent } from '../../shared/events/decode.ts';
import type { LogEvent } from '../../shared/events/event.ts';
import { newEventId } from '../../shared/events/event-id.ts';
import { fingerprintEvent } from '../../shared/events/fingerprint.ts';
import type { Level } from '../../shared/events/levels.ts';
import { UsageError } from '../cli-error.ts';

export interface TestEventOptions {
  event?: string;
  level?: Level;
  source?: string;
  message?: string;
  attribute?: Record<string, string>;
  at?: Date;
}

/** The event that the options describe, read as the stream would read it. Throws a `UsageError` for none and for two. */
export function testEvent(options: TestEventOptions, now: number): Matched & { event: LogEvent } {
  const { event: text, level, source, message, attribute, at } = options;
  const isByFlags = [level, source, message, attribute].some((flag) => flag !== undefined);
  if ((text === undefined) === !isByFlags) {
    throw new UsageError(
      `routes test takes an event either as --event or as --level, --source, --message and --attribute, got ${text === undefined ? 'none' : 'both'}`,
    );
  }
  const arrivedAt = at?.getTime() ?? now;
  const arrival = { id: newEventId(arrivedAt, randomBytes), arrivedAt, source: 'cli' };
  const time = new Date(arrivedAt).toISOString();
  const flags = { v: 1, id: arrival.id, type: 'log', time, level: level ?? 'info', source: source ?? arrival.source };
  const json = text === undefined ? { ...flags, message: message ?? '', attributes: attribute } : parse(text);
  const event = decodeEvent({ json, text: JSON.stringify(json) }, arrival);
  const timed = at === undefined ? event : { ...event, time };
  return { event: timed, fingerprint: fingerprintEvent(timed).fingerprint };
}

function parse(text: string): Record<string, unknown> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new UsageError(`--event must be JSON such as '${EXAMPLE}' (${(error as Error).message})`);
  }
  if (typeof json === 'object' && json !== null && !Array.isArray(json)) return json as Record<string, unknown>;
  throw new UsageError(`--event must be one object such as '${EXAMPLE}', got ${text.slice(0, 60)}`);
}

const EXAMPLE = '{"level": "error", "source": "shop", "message": "payment failed"}';

/** Collects `name=value`. */
export function attributeOption(text: string, soFar: Record<string, string> = {}): Record<string, string> {
  const split = text.indexOf('=');
  if (split < 1) throw new UsageError(`--attribute must be name=value, got ${JSON.stringify(text)}`);
  return { ...soFar, [text.slice(0, split)]: text.slice(split + 1) };
}
