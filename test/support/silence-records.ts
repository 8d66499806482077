import { parseMatcher } from '../../shared/alerts/matcher.ts';
import { type Silence, silenceDetails } from '../../shared/alerts/silence.ts';
import type { LogEvent } from '../../shared/events/event.ts';
import { recordOfEvents } from './stream-records.ts';

const NOON = Date.parse('2026-11-21T12:00:00.000Z');

/** So many minutes after noon, ISO 8601. */
export const at = (minutes: number) => new Date(NOON + minutes * 60_000).toISOString();

/** A record of one event, which arrives when it happens: so many minutes after noon. */
export const record = (place: number, minute: number, event: Partial<LogEvent> = {}) =>
  recordOfEvents(place, [{ id: `event-${place}`, time: at(minute), ...event }], { arrivedAt: NOON + minute * 60_000 });

/** The source `shop`, for half an hour from noon on. */
export const ofShop: Silence = {
  id: 's1',
  matchers: [parseMatcher('source=shop')],
  author: 'ann',
  reason: 'a deployment',
  startsAt: at(0),
  endsAt: at(30),
};

/** The record with which an operator silences. */
export const silence = (place: number, minute: number, part: Partial<Silence> = {}) =>
  record(place, minute, {
    type: 'silence.created',
    level: 'info',
    source: 'sluice',
    details: silenceDetails({ ...ofShop, ...part }),
  });
