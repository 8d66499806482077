import { isDeepStrictEqual } from 'node:util';
import { fingerprintEvent } from '../../../shared/events/fingerprint.ts';
import type { Item } from '../../../shared/stream/ports.ts';
import type { World } from '../world.ts';
import { givenUp, type Truth, type TruthEvent, uniqueBy } from './oracle.ts';

const LEVELS = ['critical', 'error', 'warning', 'info', 'debug'];

/** Counts, times, levels and samples of the incidents, against a count of the accepted events that shares no code with them. */
export function checkIncidents(world: World, { events }: Truth): void {
  const dropped = givenUp(world, 'project-incidents');
  const errors = events.filter(({ event, isError }) => isError && event.type === 'log');
  const sure = uniqueBy(
    errors.filter(({ record }) => !dropped.has(record)),
    ({ fingerprint }) => fingerprint,
  );
  const all = uniqueBy(errors, ({ fingerprint }) => fingerprint);
  const stamps = stampsOf(errors);
  const byFingerprint = Map.groupBy(errors, ({ fingerprint }) => fingerprint);
  for (const [fingerprint, members] of all) {
    const least = sure.get(fingerprint)?.length ?? 0;
    const item = checkCount(world, members, least);
    if (!item || least < members.length) continue;
    checkFields(world, item, { members, stamps });
    checkSample(world, item, { errors: byFingerprint.get(fingerprint) ?? [], stamps });
  }
  for (const { fingerprint } of world.tables.incidents.items()) {
    if (!all.has(String(fingerprint))) world.violate(`incident ${fingerprint} was made of nothing`);
  }
}

/** `least`: so many of the events must have been counted; the others a mapping gave up on. */
function checkCount(world: World, members: readonly TruthEvent[], least: number): Item | undefined {
  const fingerprint = members[0]?.fingerprint ?? '';
  const item = world.tables.incidents.peek({ fingerprint });
  const count = (item?.count as number | undefined) ?? 0;
  if (count < least) world.violate(`incident ${fingerprint}: lost ${least - count} of ${least} events`);
  const most = members.length + (world.repeats.incidents.allowed.get(fingerprint) ?? 0);
  if (count > most) {
    world.violate(`incident ${fingerprint}: counts ${count}, ${most} events came`);
  }
  return item;
}

/** Of an event with several stamps any may count, whichever record took effect first: the others bound what can be seen. */
function checkFields(
  world: World,
  item: Item,
  { members, stamps }: { members: readonly TruthEvent[]; stamps: Stamps },
): void {
  const times = members.map((member) => stamps.get(stampKey(member)) ?? []);
  const every = [...new Set(times.flat())].sort();
  const firstAtLatest = times.map((own) => own.at(-1) ?? '').sort()[0] ?? '';
  const lastAtLeast =
    times
      .map(([earliest = '']) => earliest)
      .sort()
      .at(-1) ?? '';
  const expected = {
    firstSeen: every.filter((time) => time <= firstAtLatest),
    lastSeen: every.filter((time) => time >= lastAtLeast),
    level: [LEVELS.find((level) => members.some(({ event }) => event.level === level))],
    source: [members[0]?.event.source],
    status: ['open'],
  };
  for (const [name, values] of Object.entries(expected)) {
    if (!values.some((value) => value === item[name]))
      world.violate(`incident ${item.fingerprint}: ${name} is ${item[name]}, expected ${values.join(' or ')}`);
  }
}

/**
 * The sample is of the event that was seen first; of several in that millisecond, of the one with the lowest id. One that has
 * another stamp too may have been counted with that: it can be the sample, and need not.
 */
function checkSample(
  world: World,
  item: Item,
  { errors, stamps }: { errors: readonly TruthEvent[]; stamps: Stamps },
): void {
  const first = errors.filter(({ event }) => event.time === item.firstSeen);
  const sure = first.filter((member) => stamps.get(stampKey(member))?.length === 1).map(({ event }) => event.id);
  const lowest = sure.sort()[0];
  const candidates = first.filter(({ event }) => lowest === undefined || event.id <= lowest);
  const found = [item.sampleId, item.sample, item.template];
  const expected = candidates.map(({ event }) => [event.id, sampleOf(event.message), fingerprintEvent(event).template]);
  if (!expected.some((values) => isDeepStrictEqual(values, found)))
    world.violate(`incident ${item.fingerprint}: the sample is ${found}, expected ${expected.join(' or ')}`);
}

/** A message within a KiB of UTF-8, or as much of it as leaves 40 bytes for the mark. */
function sampleOf(message: string): string {
  const bytes = Buffer.from(message);
  if (bytes.length <= 1_024) return message;
  // In UTF-8 a byte 10xxxxxx goes on with a character: none is split.
  let end = 984;
  while (((bytes[end] ?? 0) & 0b1100_0000) === 0b1000_0000) end--;
  return `${bytes.subarray(0, end)}… [cut ${bytes.length - end} bytes]`;
}

/** The rows of the application log table are those that are due, and no others. */
export function checkRows(world: World, { events }: Truth): void {
  const { rules } = world.plan;
  const dropped = givenUp(world, 'project-incidents');
  const wanted = events.filter(({ event }) => {
    const least = Object.hasOwn(rules.sources, event.source) ? rules.sources[event.source] : rules.minLevel;
    return event.type === 'log' && LEVELS.indexOf(event.level) <= LEVELS.indexOf(least as string);
  });
  const rows = new Set<string>();
  for (const { source_application: source, period } of world.tables.applicationLogs.items())
    rows.add(`${source}\u0000${period}`);
  const overhang = new Set([world.overhang, ...world.unsettledRows.values()].flatMap((keys) => [...keys]));
  const budgetOf = ({ fingerprint, isError, event }: TruthEvent) => `${isError} ${fingerprint} ${hourOf(event.time)}`;
  const stamps = stampsOf(wanted);
  /** The rows that an event may have in its hour: one, save what attempts left that died. */
  const keysOf = (member: TruthEvent) => {
    const { source, time, id } = member.event;
    const inHour = (stamps.get(stampKey(member)) ?? []).filter((stamp) => hourOf(stamp) === hourOf(time));
    return inHour.map((stamp) => `${source}\u0000${stamp}#${id}`);
  };
  const isSure = (member: TruthEvent) =>
    !dropped.has(member.record) && new Set(stamps.get(stampKey(member))?.map(hourOf)).size === 1;
  let due = 0;
  for (const [budget, members] of uniqueBy(wanted, budgetOf)) {
    const present = members.map((member) => keysOf(member).filter((key) => rows.has(key)));
    const found = present.filter((own) => own.length > 0).length;
    const least = Math.min(rules.rowsPerFingerprintAndHour, members.filter(isSure).length);
    if (found < least) world.violate(`rows of ${budget}: ${found}, expected ${least}`);
    const granted = present.map((own) => own.filter((key) => !overhang.has(key)).length);
    const sum = granted.reduce((total, count) => total + count, 0);
    if (sum > rules.rowsPerFingerprintAndHour) world.violate(`rows of ${budget}: ${sum} pass the cap`);
    // An event that was granted two rows has one that is not due.
    due += present.flat().length - granted.reduce((total, count) => total + Math.max(0, count - 1), 0);
  }
  if (due < rows.size) world.violate(`${rows.size - due} rows are of no event that is due one`);
}

/** The stamps of each event, earliest first. */
type Stamps = ReadonlyMap<string, readonly string[]>;

/**
 * An event without a time has that of its arrival: its producer's retry has another, can be due in the next hour, and takes
 * effect first when the first record comes again later.
 */
function stampsOf(events: readonly TruthEvent[]): Stamps {
  const stamps = new Map<string, Set<string>>();
  for (const truth of events) {
    const key = stampKey(truth);
    stamps.set(key, (stamps.get(key) ?? new Set()).add(truth.event.time));
  }
  return new Map([...stamps].map(([key, times]) => [key, [...times].sort()]));
}

function stampKey({ fingerprint, event }: TruthEvent): string {
  return `${fingerprint} ${event.id}`;
}

function hourOf(time: string): string {
  return time.slice(0, 13);
}
