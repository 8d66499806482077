import type { Draft } from './decode-fields.ts';
import type { Notes } from './decode-fit.ts';
import { readObject } from './decode-formats.ts';
import { isSoundEvent } from './decode-guard.ts';
import { isObject, isTame, isTooDeep, type JsonObject, TOO_DEEP, tame, tameText } from './decode-json.ts';
import { type Arrival, normaliseEvent } from './decode-normalise.ts';
import type { LogEvent } from './event.ts';
import { errorInText } from './plain-text.ts';

export type { Arrival } from './decode-normalise.ts';

/** One event as it came: JSON with the text that it was parsed from, or a text that is no JSON. */
export type Payload = { json: unknown; text: string } | { text: string };

/** An error's trace in the text becomes the event's error; the text stays whole. */
function ofText(text: string): Draft {
  const error = errorInText(text);
  return error === undefined ? { message: text } : { message: text, error };
}

function ofObject(object: JsonObject): Draft {
  const draft = readObject(object);
  const message = typeof draft.message === 'string' ? draft.message : '';
  const error = draft.error ?? errorInText(message);
  return error === undefined ? draft : { ...draft, error };
}

function ofJson(json: unknown): Draft {
  if (typeof json === 'string') return ofText(json);
  return isObject(json) ? ofObject(json) : { details: json };
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
  return normaliseEvent(ofJson(json), { json, text, arrival }, notes);
}

function decodeText(raw: string, arrival: Arrival): LogEvent {
  const text = tameText(raw);
  return normaliseEvent(ofText(text), { text, arrival }, { kept: {}, cut: [] });
}
