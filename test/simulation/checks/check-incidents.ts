import type { World } from '../world.ts';
import { givenUp, type Truth, type TruthEvent, uniqueBy } from './oracle.ts';

const LEVELS = ['critical', 'error', 'warning', 'info', 'debug'];

/** Counts, times and levels of the incidents, against a count of the accepted events that shares no code with them. */
export function checkIncidents(world: World, { events }: Truth): void {
  const dropped = givenUp(world, 'project-incidents');
  const errors = events.filter(({ event, isError }) => isError && event.type === 'log');
  const sure = uniqueBy(
    errors.filter(({ record }) => !dropped.has(record)),
    ({ fingerprint }) => fingerprint,
  );
  const all = uniqueBy(errors, ({ fingerprint }) => fingerprint);
  for (const [fingerprint, members] of all) checkCount(world, members, sure.get(fingerprint)?.length ?? 0);
  for (const { fingerprint } of world.tables.incidents.items()) {
    if (!all.has(String(fingerprint))) world.violate(`incident ${fingerprint} was made of nothing`);
  }
}

/** `least`: so many of the events must have been counted; the others a mapping gave up on. */
function checkCount(world: World, members: readonly TruthEvent[], least: number): void {
  const fingerprint = members[0]?.fingerprint ?? '';
  const item = world.tables.incidents.peek({ fingerprint });
  const count = (item?.count as number | undefined) ?? 0;
  if (count < least) world.violate(`incident ${fingerprint}: lost ${least - count} of ${least} events`);
  const most = members.length + (world.repeats.incidents.allowed.get(fingerprint) ?? 0);
  if (count > most) {
    world.violate(`incident ${fingerprint}: counts ${count}, ${most} events came`);
  }
  if (item && least === members.length) checkFields(world, item, members);
}

function checkFields(world: World, item: Readonly<Record<string, unknown>>, members: readonly TruthEvent[]): void {
  const times = members.map(({ event }) => event.time).sort();
  const severest = LEVELS.find((level) => members.some(({ event }) => event.level === level));
  const expected = { firstSeen: times[0], lastSeen: times.at(-1), level: severest, source: members[0]?.event.source };
  for (const [name, value] of Object.entries(expected)) {
    if (item[name] !== value)
      world.violate(`incident ${item.fingerprint}: ${name} is ${item[name]}, expected ${value}`);
  }
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
  const budgetOf = ({ fingerprint, isError, event }: TruthEvent) =>
    `${isError} ${fingerprint} ${event.time.slice(0, 13)}`;
  const restamped = restampedIds(wanted);
  let due = 0;
  for (const [budget, members] of uniqueBy(wanted, budgetOf)) {
    const keys = members.map(({ event }) => `${event.source}\u0000${event.time}#${event.id}`);
    const present = keys.filter((key) => rows.has(key));
    const sure = members.filter(({ record, event }) => !dropped.has(record) && !restamped.has(event.id)).length;
    const least = Math.min(rules.rowsPerFingerprintAndHour, sure);
    if (present.length < least) world.violate(`rows of ${budget}: ${present.length}, expected ${least}`);
    const granted = present.filter((key) => !overhang.has(key)).length;
    if (granted > rules.rowsPerFingerprintAndHour) world.violate(`rows of ${budget}: ${granted} pass the cap`);
    due += present.length;
  }
  if (due < rows.size) world.violate(`${rows.size - due} rows are of no event that is due one`);
}

/** An event without a time has that of its arrival: its producer's retry has another, and can be due in the next hour. */
function restampedIds(events: readonly TruthEvent[]): ReadonlySet<string> {
  const times = new Map<string, string>();
  const restamped = new Set<string>();
  for (const { event } of events) {
    if ((times.get(event.id) ?? event.time) !== event.time) restamped.add(event.id);
    times.set(event.id, event.time);
  }
  return restamped;
}
