import { LENGTHS } from '../shared/events/limits.ts';
import { type EventParts, type NamedLevel, shortText, splitAttributes } from './event-maker.ts';
import type { GivenEvent } from './logger-api.ts';
import { plainValue } from './plain-value.ts';
import type { Redaction } from './redaction.ts';

/** The last millisecond of the year 9999: ISO 8601 writes later years in another way. */
const LAST_TIME = 253_402_300_799_999;

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';

/** An event that somebody else made, each field as an event can carry it; what cannot be is left out, and then filled in. */
export function partsOfGiven(given: GivenEvent<string>, level: NamedLevel, redaction: Redaction): EventParts {
  const { message, id, type, time, source, locator, error, details, attributes, traceId, spanId } = given;
  const parts: EventParts = { level, message, error, isWhole: true };
  if (isText(id) && id.length <= LENGTHS.id) parts.id = id;
  if (isText(type)) parts.type = shortText(type, LENGTHS.type);
  if (isText(source)) parts.source = shortText(source, LENGTHS.source);
  if (isText(locator) || typeof locator === 'number') parts.locator = locator;
  if (typeof time === 'number' && time >= 0 && time <= LAST_TIME) parts.time = Math.floor(time);
  if (details !== undefined) parts.details = plainValue(details, redaction, ['details']);
  if (attributes !== undefined) parts.split = splitAttributes(attributes, redaction);
  if (isText(traceId)) parts.traceId = shortText(traceId, LENGTHS.traceId);
  if (isText(spanId)) parts.spanId = shortText(spanId, LENGTHS.spanId);
  return parts;
}
