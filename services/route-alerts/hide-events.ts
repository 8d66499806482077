import { type Inhibition, type Inhibitor, inhibitorProjection, inhibits } from '../../shared/alerts/inhibition.ts';
import { type SilenceEvent, silenceChange } from '../../shared/alerts/silence.ts';
import type { LogEvent } from '../../shared/events/event.ts';
import { fingerprintEvent } from '../../shared/events/fingerprint.ts';
import { type FoldPorts, foldGroups, groupEvents } from '../../shared/stream/fold-groups.ts';
import type { ArrivedEvent } from '../../shared/stream/read-batch.ts';
import { readItems } from '../../shared/stream/table-calls.ts';
import type { SilenceInForce } from './active-silences.ts';

/** A log event with what its routes are decided by. */
export type PrintedEvent = ArrivedEvent & ReturnType<typeof fingerprintEvent>;

/** What a batch holds for this consumer. */
export interface Sorted {
  /** Events that make or end a silence. */
  changes: (ArrivedEvent & SilenceEvent)[];
  logs: PrintedEvent[];
  /** Indices of all others. */
  others: number[];
}

export function sortEvents(events: readonly ArrivedEvent[]): Sorted {
  const sorted: Sorted = { changes: [], logs: [], others: [] };
  for (const arrived of events) {
    const { event, index } = arrived;
    const change = changeIn(event);
    if (event.type === 'log') sorted.logs.push({ ...arrived, ...fingerprintEvent(event) });
    else if (change)
      sorted.changes.push({ ...arrived, change, silenceId: change.kind === 'ended' ? change.id : change.silence.id });
    else sorted.others.push(index);
  }
  return sorted;
}

/** An event that says it silences and cannot be understood silences nothing. */
function changeIn(event: LogEvent) {
  if (event.type !== 'silence.created' && event.type !== 'silence.ended') return undefined;
  try {
    return silenceChange(event);
  } catch {
    return undefined;
  }
}

/** Which silence hides an event; the first that does. */
export function silenceOf(printed: PrintedEvent, inForce: readonly SilenceInForce[]): string | undefined {
  return inForce.find(({ hides }) => hides(printed))?.id;
}

export type InhibitPorts = FoldPorts<Inhibitor, ArrivedEvent & { inhibitor: string; seconds: number }>;

/**
 * Folds the sources among the logs, and answers the indices of the events that are inhibited among those that are heard.
 * What is silenced inhibits all the same, as in Alertmanager: who silences a cause does not want to hear of what follows.
 */
export async function inhibitedBy(
  { logs, heard }: { logs: readonly PrintedEvent[]; heard: readonly PrintedEvent[] },
  inhibition: Inhibition,
  ports: InhibitPorts,
): Promise<ReadonlySet<number>> {
  if (inhibition.isNone) return new Set();
  const sources = logs.flatMap((printed) => inhibition.sourcesOf(printed).map((source) => ({ ...printed, ...source })));
  const folded = await foldGroups(
    inhibitorProjection,
    groupEvents(sources, ({ inhibitor }) => inhibitor),
    ports,
  );
  const known = new Map<string, Inhibitor | undefined>();
  for (const group of folded) if (group.status === 'folded') known.set(group.group, group.state);
  const targets = heard
    .map((printed) => ({ printed, by: inhibition.targetsOf(printed) }))
    .filter(({ by }) => by.length > 0);
  const missing = [...new Set(targets.flatMap(({ by }) => by))].filter((key) => !known.has(key));
  for (const [key, state] of await readInhibitors(missing, ports)) known.set(key, state);
  const isHidden = ({ printed, by }: (typeof targets)[number]) =>
    by.some((key) => {
      const state = known.get(key);
      return state !== undefined && inhibits(state, printed);
    });
  return new Set(targets.filter(isHidden).map(({ printed }) => printed.index));
}

/** While the table does not answer nothing is inhibited: rather a notice too many. */
async function readInhibitors(keys: readonly string[], { table, clock }: InhibitPorts): Promise<[string, Inhibitor][]> {
  if (keys.length === 0) return [];
  const items = await readItems(
    table,
    keys.map((group) => ({ group })),
    clock,
  ).catch(() => []);
  return items.map((item) => [item.group as string, inhibitorProjection.fromItem(item)]);
}
