import { isUtf8 } from 'node:buffer';
import type { Payload } from '../events/decode.ts';
import { envelopeEvents, type ReadEnvelope, readEnvelope } from './cloudwatch-envelope.ts';
import { hasAggregateMagic, isAggregate, readAggregate } from './kpl.ts';
import { codecOf, decompress } from './unpack-compressed.ts';
import { textPayloads } from './unpack-text.ts';

export interface UnpackCaps {
  /** Bytes that all of a record may unpack to. Default 32 MiB. */
  maxBytes: number;
  /** Events that one record may carry. Default 10,000. */
  maxEvents: number;
}

export const UNPACK_CAPS: UnpackCaps = { maxBytes: 32 * 1024 * 1024, maxEvents: 10_000 };

/** Why a record is no events: a stable code for quarantine, counts and tests. */
export type RefusalCode =
  | 'empty'
  | 'not-utf8'
  | 'too-large'
  | 'bad-compression'
  | 'nested'
  | 'bad-aggregate'
  | 'too-many-events';

export interface Refusal {
  ok: false;
  code: RefusalCode;
  /** For people: what was expected and what came. */
  reason: string;
}

export type Unpacked = { ok: true; payloads: Payload[] } | Refusal;

function refuse(code: RefusalCode, reason: string): Refusal {
  return { ok: false, code, reason };
}

/** `toString` keeps it; it is no part of the text. */
const BYTE_ORDER_MARK = 0xfeff;

type Opened = { ok: true; data: Uint8Array; isPacked: boolean } | Refusal;

/** The content of a record that may be compressed, one level of it. */
function open(data: Uint8Array, maxBytes: number): Opened {
  const codec = codecOf(data);
  if (codec === undefined) {
    if (data.length > maxBytes) return refuse('too-large', `more than ${maxBytes} bytes`);
    return { ok: true, data, isPacked: false };
  }
  const result = decompress(codec, data, maxBytes);
  if (!result.ok) return refuse(result.code, result.reason);
  const isNested = codecOf(result.data) !== undefined || isAggregate(result.data);
  if (isNested) return refuse('nested', `${codec.name} around something packed: one level is unpacked`);
  return { ...result, isPacked: true };
}

/** The envelope in what CloudWatch Logs sent, gzipped. Never throws. */
export function unpackEnvelope(data: Uint8Array): ReadEnvelope {
  const opened = open(data, UNPACK_CAPS.maxBytes);
  const read: Unpacked | Refusal =
    opened.ok && opened.isPacked
      ? readText(opened.data, { ...UNPACK_CAPS, maxEvents: 1 })
      : refuse('empty', 'not packed');
  const [only] = read.ok ? read.payloads : [];
  return only !== undefined && 'json' in only ? readEnvelope(only.json) : { kind: 'none' };
}

/** Only what is packed can be an envelope of CloudWatch Logs, so that other records do not pay for looking. */
function readOpened({ data, isPacked }: { data: Uint8Array; isPacked: boolean }, caps: UnpackCaps): Unpacked {
  const read = readText(data, caps);
  const { maxEvents } = caps;
  const [only, ...others] = read.ok ? read.payloads : [];
  if (!isPacked || only === undefined || others.length > 0 || !('json' in only)) return read;
  const found = readEnvelope(only.json);
  if (found.kind === 'none') return read;
  if (found.kind === 'control') return { ok: true, payloads: [] };
  if (found.envelope.logEvents.length > maxEvents) return refuse('too-many-events', `more than ${maxEvents} events`);
  return {
    ok: true,
    payloads: envelopeEvents(found.envelope).map((json) => ({ json, text: JSON.stringify(json) })),
  };
}

function readText(data: Uint8Array, caps: UnpackCaps): Unpacked {
  if (!isUtf8(data))
    return refuse('not-utf8', `${data.length} bytes that are neither UTF-8, gzip, zstd nor an aggregate`);
  const buffer = Buffer.isBuffer(data) ? data : Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  const whole = buffer.toString('utf8');
  return payloadsOf(whole.charCodeAt(0) === BYTE_ORDER_MARK ? whole.slice(1) : whole, caps);
}

function payloadsOf(whole: string, caps: UnpackCaps): Unpacked {
  const text = whole.trim();
  if (text === '') return refuse('empty', 'a record without content');
  const result = textPayloads(text, caps);
  if (result.ok)
    return result.payloads.length === 0 ? refuse('empty', 'a JSON array or envelope without records') : result;
  return refuse(
    result.code,
    result.code === 'too-large'
      ? `events of more than ${caps.maxBytes} characters`
      : `more than ${caps.maxEvents} events`,
  );
}

type Part = { ok: true; payloads: Payload[]; bytes: number } | Refusal;

function openPart(record: Uint8Array, caps: UnpackCaps): Part {
  if (isAggregate(record)) return refuse('nested', 'an aggregate within an aggregate');
  const opened = open(record, caps.maxBytes);
  if (!opened.ok) return opened;
  const read = readOpened(opened, caps);
  return read.ok ? { ...read, bytes: opened.data.length } : read;
}

/** The user records of an aggregate share the caps. One that cannot be read refuses all: none may be lost. */
function unpackAggregate(data: Uint8Array, caps: UnpackCaps): Unpacked {
  const aggregate = readAggregate(data);
  if (!aggregate.ok) return refuse('bad-aggregate', aggregate.reason);
  const payloads: Payload[] = [];
  let room = caps.maxBytes;
  for (const [index, record] of aggregate.records.entries()) {
    const part = openPart(record, { maxBytes: room, maxEvents: caps.maxEvents - payloads.length });
    if (!part.ok) return { ...part, reason: `user record ${index + 1} of ${aggregate.records.length}: ${part.reason}` };
    for (const payload of part.payloads) payloads.push(payload);
    room -= part.bytes;
  }
  return payloads.length === 0 ? refuse('empty', 'an aggregate without user records') : { ok: true, payloads };
}

/** Reads the events out of a record that is plain ASCII, and so neither compressed nor an aggregate. Never throws. */
export function unpackAscii(text: string): Unpacked {
  const { maxBytes } = UNPACK_CAPS;
  return text.length <= maxBytes ? payloadsOf(text, UNPACK_CAPS) : refuse('too-large', `more than ${maxBytes} bytes`);
}

/**
 * Reads the events out of one Kinesis record: plain, gzip, zstd or a KPL aggregate; within it a JSON object, an array,
 * newline-delimited JSON or plain text; packed, also what a subscription of CloudWatch Logs sends. Never throws; what it refuses belongs in quarantine with its payload. The inverse
 * of `packEvents`.
 */
export function unpackRecord(data: Uint8Array, caps?: Partial<UnpackCaps>): Unpacked {
  const limits = caps === undefined ? UNPACK_CAPS : { ...UNPACK_CAPS, ...caps };
  if (hasAggregateMagic(data) && isAggregate(data)) return unpackAggregate(data, limits);
  const opened = open(data, limits.maxBytes);
  return opened.ok ? readOpened(opened, limits) : opened;
}
