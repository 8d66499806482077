import type { LogEvent } from './event.ts';
import { applicationFrames } from './fingerprint-frames.ts';
import { templateOf } from './template.ts';

declare const fingerprintBrand: unique symbol;

/**
 * What events are grouped by: `v1:` and 32 lower-case hex digits (128 bits of a sha256). The same on every machine, for
 * ever: a better rule becomes `v2:`, and this one stays as it is. Made only by `fingerprintOf` and `parseFingerprint`.
 */
export type Fingerprint = string & { readonly [fingerprintBrand]: true };

/** The part of an event that its fingerprint is made of. */
export type FingerprintSource = Pick<LogEvent, 'source' | 'message' | 'error'>;

const FORM = /^v1:[0-9a-f]{32}$/;
const HASH_DIGITS = 32;
/** No part may run over into the next. */
const SEPARATOR = '\0';

/** Fingerprints already worked out, by source and what else is hashed. Emptied when full: no result depends on it. */
const MEMO_ENTRIES = 4_096;
const memo = new Map<string, Map<string, Fingerprint>>();
let memoEntries = 0;

/** A fingerprint that came from outside, or undefined when it is none. */
export function parseFingerprint(text: string): Fingerprint | undefined {
  return FORM.test(text) ? (text as Fingerprint) : undefined;
}

/**
 * The hash of the source and the message's template. When there is an error with a type: of the source, the type and
 * the application's top frames, or the template of the error's message when there are none.
 */
export function fingerprintOf(event: FingerprintSource): Fingerprint {
  return event.error?.type
    ? errorFingerprint(event.source, event.error)
    : hashed(event.source, templateOf(event.message));
}

/** The fingerprint, and the template of the event's message that is shown with it. */
export function fingerprintEvent(event: FingerprintSource): { fingerprint: Fingerprint; template: string } {
  const template = templateOf(event.message);
  const { error, source } = event;
  return { template, fingerprint: error?.type ? errorFingerprint(source, error) : hashed(source, template) };
}

function errorFingerprint(source: string, error: NonNullable<LogEvent['error']>): Fingerprint {
  const frames = error.stack ? applicationFrames(error.stack) : [];
  const place = frames.length > 0 ? frames.join('\n') : templateOf(error.message);
  return hashed(source, `${error.type}${SEPARATOR}${place}`);
}

function hashed(source: string, rest: string): Fingerprint {
  const known = memo.get(source)?.get(rest);
  if (known !== undefined) return known;
  // Loaded with the first fingerprint: it takes longer than all of this file, and a cold start waits for it.
  const { hash } = process.getBuiltinModule('node:crypto');
  const digits = hash('sha256', source + SEPARATOR + rest, 'hex').slice(0, HASH_DIGITS);
  const fingerprint = `v1:${digits}` as Fingerprint;
  remember(source, rest, fingerprint);
  return fingerprint;
}

function remember(source: string, rest: string, fingerprint: Fingerprint): void {
  if (memoEntries >= MEMO_ENTRIES) {
    memo.clear();
    memoEntries = 0;
  }
  const ofSource = memo.get(source) ?? new Map<string, Fingerprint>();
  memo.set(source, ofSource.set(rest, fingerprint));
  memoEntries += 1;
}
