import { decodeEvent } from '../../shared/events/decode.ts';
import type { LogEvent } from '../../shared/events/event.ts';
import { type Fingerprint, fingerprintEvent } from '../../shared/events/fingerprint.ts';
import { categoryOf } from '../../shared/events/levels.ts';
import { DAY_START, type DaySecond } from '../input/day.ts';
import { hostileRecord } from '../input/hostile.ts';
import { letters } from '../input/trace.ts';
import type { Batch } from './run-alerts.ts';

/** Seconds that are gathered into a batch. Windows are decided on the events' own times, so it changes no notice. */
const GATHERED = 10;
/** 2 % of the records. */
const HOSTILE_EVERY = 50;

/** What of the input somebody must hear of. */
export interface Heard {
  events: number;
  hostile: number;
  /** Distinct errors and critical events. */
  errors: Set<Fingerprint>;
}

/** A day as batches of records, each a second of events, one a line. Counts what it gives into `heard`. */
export function* dayBatches(day: Iterable<DaySecond>, heard: Heard, { hostile = false } = {}): Generator<Batch> {
  let records: Buffer[] = [];
  let place = 0;
  for (const { at, events } of day) {
    if (hostile && place % HOSTILE_EVERY === HOSTILE_EVERY - 1) {
      records.push(Buffer.from(hostileRecord(heard.hostile)));
      heard.hostile += 1;
      place += 1;
    }
    if (events.length > 0) {
      records.push(recordOf(events));
      place += 1;
      hear(events, heard);
    }
    if ((at / 1_000) % GATHERED === GATHERED - 1 && records.length > 0) {
      yield { at: at + 1_000, records };
      records = [];
    }
  }
}

function hear(events: readonly LogEvent[], heard: Heard): void {
  heard.events += events.length;
  for (const event of events) {
    if (categoryOf(event.level) === 'error') heard.errors.add(fingerprintEvent(event).fingerprint);
  }
}

function recordOf(events: readonly LogEvent[]): Buffer {
  return Buffer.from(events.map((event) => JSON.stringify(event)).join('\n'));
}

/** Errors of one source, of one kind or each of its own, in batches of two seconds over `seconds`. */
export function* errorBatches(count: number, { kinds, seconds }: { kinds: number; seconds: number }): Generator<Batch> {
  const batches = Math.max(1, seconds / 2);
  for (let batch = 0; batch < batches; batch++) {
    const [from, to] = [Math.floor((batch * count) / batches), Math.floor(((batch + 1) * count) / batches)];
    const at = DAY_START + batch * 2_000;
    const events = Array.from({ length: to - from }, (_, n) => errorOf(from + n, at, kinds));
    if (events.length > 0) yield { at: at + 2_000, records: [recordOf(events)] };
  }
}

function errorOf(n: number, at: number, kinds: number): LogEvent {
  const message = `handler ${letters(n % kinds)} cannot finish order ${n}`;
  const json = {
    v: 1,
    id: `error-${n}`,
    type: 'log',
    time: new Date(at).toISOString(),
    level: 'error',
    source: 'shop',
    message,
  };
  return decodeEvent({ json, text: JSON.stringify(json) }, { id: json.id, arrivedAt: at, source: 'shop' });
}
