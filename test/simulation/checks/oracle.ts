import { isDeepStrictEqual } from 'node:util';
import { isOwnSource, subjectOf } from '../../../shared/alerts/known-incidents.ts';
import type { Notice } from '../../../shared/alerts/notice.ts';
import type { LogEvent } from '../../../shared/events/event.ts';
import { eventIdHash } from '../../../shared/events/event-id.ts';
import { fingerprintEvent } from '../../../shared/events/fingerprint.ts';
import type { StreamRecord } from '../../../shared/stream/ports.ts';
import { readBatch } from '../../../shared/stream/read-batch.ts';
import type { AcceptedRecord, PartTruth } from '../input/parcel.ts';
import { sequenceKey, type World } from '../world.ts';

/** One event that the stream took, as it must be understood. */
export interface TruthEvent {
  event: LogEvent;
  fingerprint: string;
  isError: boolean;
  /** Sequence key of its record. */
  record: string;
  arrivedAt: number;
}

/** What the stream took, independent of what became of it. */
export interface Truth {
  events: TruthEvent[];
  byRecord: ReadonlyMap<string, TruthEvent[]>;
  rejected: AcceptedRecord[];
}

/** Reads what was accepted, and holds it against what the generator knows it to be. */
export function truthOf(world: World): Truth {
  const events: TruthEvent[] = [];
  const byRecord = new Map<string, TruthEvent[]>();
  const rejected: AcceptedRecord[] = [];
  for (const accepted of world.accepted) {
    const key = sequenceKey(accepted.record);
    const own = recordTruth(world, accepted);
    if (own === undefined) rejected.push(accepted);
    byRecord.set(key, own ?? []);
    events.push(...(own ?? []));
  }
  return { events, byRecord, rejected };
}

const known = new WeakMap<AcceptedRecord, TruthEvent[] | 'rejected'>();

/** The events of one record; undefined when it cannot be understood. */
export function recordTruth(world: World, accepted: AcceptedRecord): TruthEvent[] | undefined {
  const made = known.get(accepted) ?? readAccepted(world, accepted) ?? 'rejected';
  known.set(accepted, made);
  return made === 'rejected' ? undefined : made;
}

/** The events that the stream took in records of one kind, repeats included. */
export function eventsOfKind(world: World, kind: string): LogEvent[] {
  const own = world.accepted.filter(({ parcel }) => parcel.kind === kind);
  return own.flatMap((accepted) => (recordTruth(world, accepted) ?? []).map(({ event }) => event));
}

/** What one record brought of a fingerprint. */
export interface Brought {
  record: StreamRecord;
  events: TruthEvent[];
}

const brought = new WeakMap<readonly StreamRecord[], Map<string, Brought[]>>();
const NOTHING: readonly Brought[] = [];

/** What a batch brought of a fingerprint, record by record in order: asked for each time that one of its groups is written. */
export function broughtBy(world: World, batch: readonly StreamRecord[], fingerprint: string): readonly Brought[] {
  const known = brought.get(batch) ?? byFingerprint(world, batch);
  brought.set(batch, known);
  return known.get(fingerprint) ?? NOTHING;
}

function byFingerprint(world: World, batch: readonly StreamRecord[]): Map<string, Brought[]> {
  const fingerprints = new Map<string, Brought[]>();
  for (const record of batch) {
    const accepted = world.bySequence.get(sequenceKey(record));
    for (const event of (accepted && recordTruth(world, accepted)) ?? []) {
      const own = fingerprints.get(event.fingerprint) ?? [];
      fingerprints.set(event.fingerprint, own);
      const last = own.at(-1);
      if (last?.record === record) last.events.push(event);
      else own.push({ record, events: [event] });
    }
  }
  return fingerprints;
}

function readAccepted(world: World, { record, parcel }: AcceptedRecord): TruthEvent[] | undefined {
  const key = sequenceKey(record);
  const { events, rejected } = readBatch([record], () => false);
  const { truth, kind } = parcel;
  if ('rejected' in truth) {
    if (rejected.length !== 1 || events.length > 0) world.violate(`${kind} was understood as ${events.length} events`);
    return undefined;
  }
  if (events.length !== truth.parts.length) {
    world.violate(`${kind}: expected ${truth.parts.length} events, got ${events.length}, ${rejected[0]?.code}`);
  }
  checkParts(world, { kind, parts: truth.parts, events: events.map(({ event }) => event), record });
  if (new Set(events.map(({ event }) => event.id)).size < events.length)
    world.violate(`${kind}: two events have one id`);
  return events.map(({ event, arrivedAt }) => ({
    event,
    fingerprint: fingerprintEvent(event).fingerprint,
    isError: event.level === 'critical' || event.level === 'error',
    record: key,
    arrivedAt,
  }));
}

interface Parts {
  kind: string;
  parts: readonly PartTruth[];
  events: readonly LogEvent[];
  record: StreamRecord;
}

function checkParts(world: World, of: Parts): void {
  for (const [index, { id, level, event: told }] of of.parts.entries()) {
    const event = of.events[index];
    if (told && event) checkWhole(world, of, { ...namedBy(of.record, index), ...told }, event);
    if (id !== undefined && event?.id !== id) world.violate(`${of.kind}: expected id ${id}, got ${event?.id}`);
    if (level !== undefined && event?.level !== level) world.violate(`${of.kind}: level of ${id} is ${event?.level}`);
  }
}

/** What the stream names of an event that does not: its place in it, and when it came. */
function namedBy({ shardId, sequenceNumber, arrivedAt }: StreamRecord, part: number): Pick<LogEvent, 'id' | 'time'> {
  return { id: `${shardId}:${sequenceNumber}#${part}`, time: new Date(arrivedAt).toISOString() };
}

function checkWhole(world: World, { kind }: Parts, expected: LogEvent, event: LogEvent): void {
  if (isDeepStrictEqual(event, expected)) return;
  const names = new Set([...Object.keys(expected), ...Object.keys(event)] as (keyof LogEvent)[]);
  for (const name of names) {
    const [told, found] = [expected[name], event[name]].map((value) => JSON.stringify(value)?.slice(0, 80));
    if (!isDeepStrictEqual(event[name], expected[name]))
      world.violate(`${kind}: ${name} of ${expected.id} is ${found}, expected ${told}`);
  }
}

/** The group that an event has on the default route. Sluice's own are of one fingerprint, and of a group for each thing. */
export function alertGroupOf({ fingerprint, event }: TruthEvent): string {
  const subject = subjectOf(event);
  return `${fingerprint}#${event.level}${subject === undefined ? '' : `#${eventIdHash(subject).toString(36)}`}`;
}

/** Incident and level: what `World.untold` names. */
export function kindOf({ fingerprint, event }: TruthEvent): string {
  return `${fingerprint}#${event.level}`;
}

/** The group of each notice on the default route: a notice of Sluice's own does not name it, the event that opened it does. */
export function noticeGroups({ events }: Truth): (notice: Notice) => string {
  const own = events.filter(({ event }) => isOwnSource(event.source));
  const byId = new Map(own.map((member) => [member.event.id, alertGroupOf(member)]));
  return ({ id, fingerprint, level }) => {
    const kind = `${fingerprint}#${level}`;
    const group = byId.get(openedBy(id));
    // That of a storm has the id of one of its incidents.
    return group?.startsWith(kind) ? group : kind;
  };
}

/** The id of the event that opened what a notice tells of. */
export function openedBy(noticeId: string): string {
  return noticeId.slice(0, noticeId.lastIndexOf('/'));
}

/** One entry for each id within a group, the first that arrived; later ones are a producer's repeats. */
export function uniqueBy(
  events: readonly TruthEvent[],
  groupOf: (event: TruthEvent) => string,
): Map<string, TruthEvent[]> {
  const groups = new Map<string, Map<string, TruthEvent>>();
  for (const event of events) {
    const group = groupOf(event);
    const members = groups.get(group) ?? new Map<string, TruthEvent>();
    groups.set(group, members);
    if (!members.has(event.event.id)) members.set(event.event.id, event);
  }
  return new Map([...groups].map(([group, members]) => [group, [...members.values()]]));
}

/** Records that a consumer's mapping gave up on: their events may have had their effect before, or not. */
export function givenUp({ destination }: World, consumer: string): ReadonlySet<string> {
  const own = [...destination.kept, ...destination.lost].filter(({ mapping }) => mapping.startsWith(consumer));
  return new Set(own.map(({ record }) => sequenceKey(record)));
}
