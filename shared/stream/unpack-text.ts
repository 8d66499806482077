import type { Payload } from '../events/decode.ts';
import { recordsInEnvelope } from './unpack-envelopes.ts';
import { textEvents } from './unpack-lines.ts';

const BRACE = 0x7b;
const BRACKET = 0x5b;
const CLOSING_BRACE = 0x7d;

/** What the payloads of a text may come to. */
export interface TextCaps {
  maxEvents: number;
  /** Characters, at least, of all payloads: what an envelope says of all its records is said again with each. */
  maxBytes: number;
}

/** The payloads of a text, or which cap they are over. */
export type TextPayloads = { ok: true; payloads: Payload[] } | { ok: false; code: 'too-many-events' | 'too-large' };

const TOO_MANY: TextPayloads = { ok: false, code: 'too-many-events' };

const NOT_JSON = Symbol('not JSON');

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return NOT_JSON;
  }
}

function startsAsJson(text: string): boolean {
  const first = text.charCodeAt(0);
  return first === BRACE || first === BRACKET;
}

/** Newline-delimited: the payloads of each line that is not blank. */
function linePayloads(text: string, caps: TextCaps): TextPayloads {
  const payloads: Payload[] = [];
  for (let start = 0; start < text.length; ) {
    const newline = text.indexOf('\n', start);
    const end = newline < 0 ? text.length : newline;
    const line = text.slice(start, end).trim();
    start = end + 1;
    if (line === '') continue;
    if (payloads.length >= caps.maxEvents) return TOO_MANY;
    const refused = addLine(line, payloads, caps);
    if (refused !== undefined) return refused;
  }
  return { ok: true, payloads };
}

/** Adds what a line carries; answers the cap that it is over. */
function addLine(line: string, payloads: Payload[], caps: TextCaps): TextPayloads | undefined {
  const json = startsAsJson(line) ? parsed(line) : NOT_JSON;
  if (json === NOT_JSON) {
    payloads.push({ text: line });
    return undefined;
  }
  const records = recordsInEnvelope(json, line);
  if (records === undefined) {
    payloads.push({ json, text: line });
    return undefined;
  }
  const read = elements(records, line, { ...caps, maxEvents: caps.maxEvents - payloads.length });
  if (!read.ok) return read;
  for (const payload of read.payloads) payloads.push(payload);
  return undefined;
}

/** Each element with its own text. Where one nests too deep to be written, all of them are one text. */
function elements(list: readonly unknown[], text: string, { maxEvents, maxBytes }: TextCaps): TextPayloads {
  if (list.length > maxEvents) return TOO_MANY;
  const payloads: Payload[] = [];
  let room = maxBytes;
  try {
    for (const json of list) {
      const own = JSON.stringify(json);
      room -= own.length;
      if (room < 0) return { ok: false, code: 'too-large' };
      payloads.push({ json, text: own });
    }
    return { ok: true, payloads };
  } catch {
    return { ok: true, payloads: [{ text }] };
  }
}

function jsonPayloads(json: unknown, text: string, caps: TextCaps): TextPayloads {
  const list = Array.isArray(json) ? json : recordsInEnvelope(json, text);
  return list === undefined ? { ok: true, payloads: [{ json, text }] } : elements(list, text, caps);
}

function plainPayloads(text: string, { maxEvents }: TextCaps): TextPayloads {
  const events = textEvents(text, maxEvents);
  return events === undefined ? TOO_MANY : { ok: true, payloads: events.map((each) => ({ text: each })) };
}

/** Whether more than one line follows and the first is a JSON object of its own: pretty-printed JSON is not. */
function isLines(text: string): boolean {
  const newline = text.indexOf('\n');
  if (newline < 0 || text.charCodeAt(0) !== BRACE) return false;
  const first = text.slice(0, newline).trimEnd();
  return first.charCodeAt(first.length - 1) === CLOSING_BRACE && parsed(first) !== NOT_JSON;
}

/**
 * Splits a text, already trimmed and not empty, into the payloads it carries: a JSON object is one, an array one for each
 * element, an envelope such as OTLP's one for each of its records, newline-delimited JSON one for each line. Other text is
 * one, however many lines it has, unless its lines begin as a known form of log line does.
 */
export function textPayloads(text: string, caps: TextCaps): TextPayloads {
  if (!startsAsJson(text)) return plainPayloads(text, caps);
  if (isLines(text)) return linePayloads(text, caps);
  const json = parsed(text);
  return json === NOT_JSON ? plainPayloads(text, caps) : jsonPayloads(json, text, caps);
}
