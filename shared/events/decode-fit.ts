import { isWithinLimits } from './decode-guard.ts';
import { textOf } from './decode-json.ts';
import type { LogEvent } from './event.ts';
import { cutText, LIMITS, utf8Bytes } from './limits.ts';

/** What had to be changed, so that nothing is changed silently. */
export interface Notes {
  /** Original values by attribute name: `sluice.level`, `sluice.time`, `sluice.id`, `sluice.v`. */
  kept: Record<string, string>;
  /** What was cut, with its original size in bytes: `message=70000`. */
  cut: string[];
}

type Extras = Pick<LogEvent, 'details' | 'attributes'>;

/** Room for our own attributes beside what is cut to fit. */
const NOTES_BYTES = 4 * 1024;
/** Of an attribute that does not fit whole, this much of the value stays. */
const ATTRIBUTE_BYTES = 1024;

const jsonBytes = (value: unknown) => (value === undefined ? 0 : utf8Bytes(JSON.stringify(value)));

function cutField(notes: Notes, name: string, value: string, maxBytes: number): string {
  const { text, cut } = cutText(value, maxBytes);
  if (cut) notes.cut.push(`${name}=${utf8Bytes(value)}`);
  return text;
}

/** The longest JSON text, cut, that as a JSON text again keeps to `maxBytes`: its quotation marks grow by an escape each. */
function cutJson(value: unknown, maxBytes: number): string {
  const json = textOf(value);
  let limit = maxBytes;
  let { text } = cutText(json, limit);
  while (jsonBytes(text) > maxBytes) {
    limit = Math.floor(limit * 0.8);
    text = cutText(json, limit).text;
  }
  return text;
}

/** Attributes in their order as long as they fit, the value of a large one cut. */
function cutAttributes(attributes: Record<string, string>, maxBytes: number): Record<string, string> {
  let room = maxBytes;
  const kept: [string, string][] = [];
  for (const [key, value] of Object.entries(attributes)) {
    const short = cutText(value, ATTRIBUTE_BYTES).text;
    const bytes = jsonBytes(key) + jsonBytes(short) + 2;
    if (bytes > room) continue;
    kept.push([key, short]);
    room -= bytes;
  }
  return Object.fromEntries(kept);
}

/** Details and attributes share a limit; details yield first, down to half of it. */
function fitExtras({ details, attributes }: Extras, maxBytes: number, notes: Notes): Extras {
  const [detailsBytes, attributesBytes] = [jsonBytes(details), jsonBytes(attributes)];
  if (detailsBytes + attributesBytes <= maxBytes) return { details, attributes };
  const room = maxBytes - NOTES_BYTES;
  const detailsRoom = Math.max(Math.floor(room / 2), room - attributesBytes);
  const fitted: Extras = { details, attributes };
  if (detailsBytes > detailsRoom) {
    fitted.details = cutJson(details, detailsRoom);
    notes.cut.push(`details=${detailsBytes}`);
  }
  const attributesRoom = room - jsonBytes(fitted.details);
  if (attributes !== undefined && attributesBytes > attributesRoom) {
    fitted.attributes = cutAttributes(attributes, attributesRoom);
    notes.cut.push(`attributes=${attributesBytes}`);
  }
  return fitted;
}

/** The event with what had to be changed among its attributes. */
export function withNotes(event: LogEvent, { kept, cut }: Notes): LogEvent {
  const marks = cut.length === 0 ? kept : { ...kept, 'sluice.cut': cut.join(' ') };
  return Object.keys(marks).length === 0 ? event : { ...event, attributes: { ...event.attributes, ...marks } };
}

/** Cuts every field to its share of the limits. */
function cutEvent(event: LogEvent, share: number, original: Notes): LogEvent {
  const notes: Notes = { kept: original.kept, cut: [...original.cut] };
  const fitted: LogEvent = { ...event, message: cutField(notes, 'message', event.message, LIMITS.message * share) };
  if (event.error !== undefined) {
    const { message, stack } = event.error;
    fitted.error = { ...event.error, message: cutField(notes, 'error.message', message, LIMITS.errorMessage * share) };
    if (stack !== undefined) fitted.error.stack = cutField(notes, 'error.stack', stack, LIMITS.stack * share);
  }
  const extras = fitExtras(event, LIMITS.extras * share, notes);
  if (extras.details !== undefined) fitted.details = extras.details;
  if (extras.attributes !== undefined) fitted.attributes = extras.attributes;
  return withNotes(fitted, notes);
}

/** A control character takes one byte, and six in JSON: with an eighth of every limit the event fits whatever it holds. */
const SHARES = [1, 1 / 2, 1 / 4];
const LAST_SHARE = 1 / 8;

/** Cuts what is over the limits, and says so in the attribute `sluice.cut`. */
export function fitEvent(event: LogEvent, notes: Notes): LogEvent {
  for (const share of SHARES) {
    const fitted = cutEvent(event, share, notes);
    if (isWithinLimits(fitted)) return fitted;
  }
  return cutEvent(event, LAST_SHARE, notes);
}
