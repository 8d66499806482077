import { isUtf8 } from 'node:buffer';
import { decodeEvent } from '../../shared/events/decode.ts';
import type { LogEvent } from '../../shared/events/event.ts';
import type { Line } from './read-lines.ts';

export interface LineEventOptions {
  /** Gives a line its id, unless it is JSON that brings one. */
  newId(): string;
  /** Milliseconds since 1970. */
  now(): number;
  /** Of lines that name none. */
  source: string;
}

/**
 * One event of one line, by the decoding that the consumers use; undefined for a line of blanks. A line that is not
 * UTF-8 keeps its bytes, base64, in the details; one that was too long says so.
 */
export function lineEvent({ bytes, lost }: Line, { newId, now, source }: LineEventOptions): LogEvent | undefined {
  const text = bytes.toString('utf8');
  if (text.trim() === '') return undefined;
  const arrival = { id: newId(), arrivedAt: now(), source };
  const event = decodeEvent(payloadOf(text), arrival);
  if (isUtf8(bytes) && lost === 0) return event;
  const marked: LogEvent = {
    ...event,
    ...(isUtf8(bytes) ? {} : { details: withBytes(event.details, bytes) }),
    ...(lost === 0 ? {} : { attributes: { ...event.attributes, 'sluice.line': `${bytes.length + lost} bytes, cut` } }),
  };
  // Once more through the decoder, which keeps the limits.
  return decodeEvent({ json: marked, text: JSON.stringify(marked) }, arrival);
}

function payloadOf(text: string): { json: unknown; text: string } | { text: string } {
  if (!/^\s*[{["]/.test(text)) return { text };
  try {
    return { json: JSON.parse(text), text };
  } catch {
    return { text };
  }
}

function withBytes(details: unknown, bytes: Buffer): unknown {
  const original = { 'sluice.bytes': bytes.toString('base64') };
  if (details === undefined) return original;
  const isObject = typeof details === 'object' && details !== null && !Array.isArray(details);
  return isObject ? { ...details, ...original } : { ...original, details };
}
