import { isOwnSource } from '../../../shared/alerts/known-incidents.ts';
import { sequenceKey, type World, type WrittenReceipt } from '../world.ts';
import { kindOf, type Truth, type TruthEvent } from './oracle.ts';

/** How many events of a batch its flood may leave untold. */
interface Flood {
  /** Those that are told to nobody whatever a silence hides. */
  members: readonly TruthEvent[];
  /** Where a silence may hide some, which are no flood then: each of them may be one or none. */
  unsure: readonly TruthEvent[];
}

/**
 * What a run of route-alerts lets go untold, it counts as filtered beside what is no log event. Two things explain it: a
 * flood of quiet groups, to the event, and a table that failed for this very run, which leaves all but urgent events untold.
 */
export function checkUntold(world: World, { byRecord }: Truth, accounted: WrittenReceipt): void {
  const { received, filtered, records, didTableFail } = accounted;
  const events = records.flatMap((record) => byRecord.get(sequenceKey(record)) ?? []);
  // What an operator says of a silence has its effect, unless its table does not answer.
  const others = events.filter(({ event }) => event.type !== 'log' && !event.type.startsWith('silence.')).length;
  const poison = records.filter(
    (record) => 'rejected' in (world.bySequence.get(sequenceKey(record))?.parcel.truth ?? {}),
  ).length;
  // Of a batch that was done in part before, or comes again in part, nothing here says which part it is.
  const isWhole = received === events.length + poison;
  const { members, unsure } = isWhole ? floodOf(world, events) : { members: [], unsure: floodable(world, events) };
  const [least, most] = [isWhole ? others + members.length : 0, others + members.length + unsure.length];
  const isRight = filtered >= least && (filtered <= most || didTableFail);
  if (!isRight) {
    const due = least === most ? `${least}` : `${least} to ${most}`;
    world.violate(`route-alerts: ${due} to filter of ${received}, ${filtered} filtered`);
  }
  const isExact = isWhole && filtered === least;
  const untold = didTableFail && filtered > 0 && !isExact ? events : [...members, ...unsure];
  for (const member of untold) world.untold.add(kindOf(member));
}

/** What is of one quiet group of its source too many: told to nobody, while all else of its batch is. */
function floodOf(world: World, events: readonly TruthEvent[]): Flood {
  const most = world.plan.mostQuietGroups ?? Number.POSITIVE_INFINITY;
  const members: TruthEvent[] = [];
  const unsure: TruthEvent[] = [];
  for (const own of Map.groupBy(floodable(world, events), ({ event }) => event.source).values()) {
    if (own.some((member) => maySilence(world, member))) unsure.push(...own);
    else {
      const kept = [...new Set(own.map(kindOf))].slice(0, most);
      members.push(...own.filter((member) => !kept.includes(kindOf(member))));
    }
  }
  return { members, unsure };
}

/** The quiet events of sources that have more quiet groups than are kept: no part of them is a flood elsewhere. */
function floodable({ plan }: World, events: readonly TruthEvent[]): TruthEvent[] {
  const most = plan.mostQuietGroups ?? Number.POSITIVE_INFINITY;
  const isQuiet = ({ event }: TruthEvent) =>
    event.type === 'log' && (event.level === 'info' || event.level === 'debug') && !isOwnSource(event.source);
  const bySource = Map.groupBy(events.filter(isQuiet), ({ event }) => event.source);
  return [...bySource.values()].filter((own) => new Set(own.map(kindOf)).size > most).flat();
}

/** Whether the planned silence can hide it: a function may know of it or not, and of its end or not. */
function maySilence({ plan }: World, { event, arrivedAt }: TruthEvent): boolean {
  const { silence } = plan.alerts;
  if (event.source !== silence?.source) return false;
  const at = Math.min(Date.parse(event.time), arrivedAt);
  return at >= silence.from && at < silence.to;
}
