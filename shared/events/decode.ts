import type { Draft } from './decode-fields.ts';
import type { Notes } from './decode-fit.ts';
import { readObject, readText } from './decode-formats.ts';
import { isSoundEvent } from './decode-guard.ts';
import { isObject, isTame, isTooDeep, type JsonObject, TOO_DEEP, tame, tameText } from './decode-json.ts';
import { type Arrival, normaliseEvent } from './decode-normalise.ts';
import type { LogEvent } from './event.ts';
import { errorInText } from './plain-text.ts';

export type { Arrival } from './decode-normalise.ts';

/** One event as it came: JSON with the text that it was parsed from, or a text that is no JSON. */
export type Payload = { json: unknown; text: string } | { text: string };

/** An error's trace in the message becomes the event's error; the message stays whole. */
function withError(draft: Draft): Draft {
  const message = typeof draft.message === 'string' ? draft.message : '';
  const error = draft.error ?? errorInText(message);
  return error === undefined ? draft : { ...draft, error };
}

function ofJson(json: unknown, arrivedAt: number): Draft {
  if (typeof json === 'string') return readText(json, arrivedAt);
  return isObject(json) ? readObject(json, arrivedAt) : { details: json };
}

/** Fields that nest too deep to be written again give way, the others stay; the text of the record goes into the details. */
function withoutDepth(object: JsonObject, text: string): JsonObject {
  const shallow = Object.entries(object).map(([key, value]) => [key, isTooDeep(value) ? TOO_DEEP : value]);
  return { ...Object.fromEntries(shallow), 'sluice.text': text };
}

function tameJson(json: unknown, text: string, notes: Notes): unknown {
  if (isTame(json)) return json;
  if (!isTooDeep(json)) return tame(json);
  notes.cut.push('depth');
  return tame(isObject(json) ? withoutDepth(json, text) : text);
}

/**
 * Makes one log event of anything: canonical JSON, the JSON of other loggers, JSON of no known shape, plain text. Never
 * throws, and loses nothing silently. A whole canonical event comes back as the parsed object itself, not copied.
 * The answer always satisfies the schema `logEvent` and keeps the limits.
 */
export function decodeEvent(payload: Payload, arrival: Arrival): LogEvent {
  const { text } = payload;
  if (!('json' in payload)) return decodeText(text, arrival);
  if (isSoundEvent(payload.json, text, arrival.arrivedAt)) return payload.json;
  const notes: Notes = { kept: {}, cut: [] };
  const json = tameJson(payload.json, text, notes);
  return normaliseEvent(withError(ofJson(json, arrival.arrivedAt)), { json, text, arrival }, notes);
}

/** C programs and Python end a syslog datagram with NUL. */
function withoutTerminator(raw: string): string {
  return raw.startsWith('<') && raw.endsWith('\0') ? raw.slice(0, -1) : raw;
}

function decodeText(raw: string, arrival: Arrival): LogEvent {
  const text = tameText(withoutTerminator(raw));
  return normaliseEvent(withError(readText(text, arrival.arrivedAt)), { text, arrival }, { kept: {}, cut: [] });
}
