import type { Payload } from '../events/decode.ts';

const BRACE = 0x7b;
const BRACKET = 0x5b;
const CLOSING_BRACE = 0x7d;

/** The payloads of a text, or that there are more than allowed. */
export type TextPayloads = { ok: true; payloads: Payload[] } | { ok: false };

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

function linePayload(line: string): Payload {
  const json = startsAsJson(line) ? parsed(line) : NOT_JSON;
  return json === NOT_JSON ? { text: line } : { json, text: line };
}

/** Newline-delimited: a payload for each line that is not blank. */
function linePayloads(text: string, maxEvents: number): TextPayloads {
  const payloads: Payload[] = [];
  for (let start = 0; start < text.length; ) {
    const newline = text.indexOf('\n', start);
    const end = newline < 0 ? text.length : newline;
    const line = text.slice(start, end).trim();
    start = end + 1;
    if (line === '') continue;
    if (payloads.length >= maxEvents) return { ok: false };
    payloads.push(linePayload(line));
  }
  return { ok: true, payloads };
}

/** Each element with its own text; undefined where an element nests too deep to be written. */
function elementPayloads(elements: readonly unknown[]): Payload[] | undefined {
  try {
    return elements.map((json) => ({ json, text: JSON.stringify(json) }));
  } catch {
    return undefined;
  }
}

function jsonPayloads(json: unknown, text: string, maxEvents: number): TextPayloads {
  if (!Array.isArray(json)) return { ok: true, payloads: [{ json, text }] };
  if (json.length > maxEvents) return { ok: false };
  return { ok: true, payloads: elementPayloads(json) ?? [{ text }] };
}

/** Whether more than one line follows and the first is a JSON object of its own: pretty-printed JSON is not. */
function isLines(text: string): boolean {
  const newline = text.indexOf('\n');
  if (newline < 0 || text.charCodeAt(0) !== BRACE) return false;
  const first = text.slice(0, newline).trimEnd();
  return first.charCodeAt(first.length - 1) === CLOSING_BRACE && parsed(first) !== NOT_JSON;
}

/**
 * Splits a text, already trimmed and not empty, into the payloads it carries: a JSON object is one, an array one for
 * each element, newline-delimited JSON one for each line. Anything else is one plain text, however many lines it has.
 */
export function textPayloads(text: string, maxEvents: number): TextPayloads {
  if (!startsAsJson(text)) return { ok: true, payloads: [{ text }] };
  if (isLines(text)) return linePayloads(text, maxEvents);
  const json = parsed(text);
  return json === NOT_JSON ? { ok: true, payloads: [{ text }] } : jsonPayloads(json, text, maxEvents);
}
