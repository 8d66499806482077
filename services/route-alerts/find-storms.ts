import type { AlertGroup } from '../../shared/alerts/alert-group.ts';
import {
  type InStorm,
  isInStorm,
  type Opening,
  openingOf,
  type Storm,
  type StormSettings,
  stormEnd,
  stormKey,
  stormProjection,
} from '../../shared/alerts/storm.ts';
import { type Folded, type FoldPorts, foldGroups, groupEvents } from '../../shared/stream/fold-groups.ts';
import type { ArrivedEvent } from '../../shared/stream/read-batch.ts';
import type { RoutedEvent } from './tell-ungrouped.ts';

export type FoldedGroup = Extract<Folded<AlertGroup, RoutedEvent>, { status: 'folded' }>;
type ArrivedOpening = ArrivedEvent & Opening;
export type FoldedStorm = Extract<Folded<Storm, ArrivedOpening>, { status: 'folded' }>;

/** What became of the incidents that a batch opened. */
export interface Storms {
  storms: FoldedStorm[];
  /** What a storm's notice tells of, by the key of the group. */
  inStorm: ReadonlyMap<string, InStorm>;
  /** Groups that were in a storm and are told by themselves again. */
  out: ReadonlySet<string>;
}

export const NO_STORMS: Storms = { storms: [], inStorm: new Map(), out: new Set() };

/**
 * Counts the incidents that this batch opened by their source. Those that a storm tells of are told by nothing else. What
 * cannot be folded is told by itself: rather too many notices than none.
 */
export async function findStorms(
  groups: readonly FoldedGroup[],
  settings: StormSettings,
  ports: FoldPorts<Storm, ArrivedOpening>,
): Promise<Storms> {
  const openings = settings.incidents === 0 ? [] : groups.flatMap((group) => openingIn(group, settings));
  if (openings.length === 0) return NO_STORMS;
  const events = groupEvents(
    openings.map(({ opening }) => opening),
    stormKey,
  );
  const folded = await foldGroups(stormProjection, events, ports);
  const storms = folded.filter((storm) => storm.status === 'folded');
  const byKey = new Map(storms.map(({ group, state }) => [group, state]));
  const inStorm = new Map<string, InStorm>();
  for (const { group, opening } of openings) {
    const storm = byKey.get(stormKey(opening));
    if (storm === undefined || !isInStorm(storm, opening)) continue;
    inStorm.set(group, { openedBy: opening.event.id, until: stormEnd(storm, opening) });
  }
  const out = openings.filter(({ group, opening }) => opening.kind === 'repeat' && !inStorm.has(group));
  return { storms, inStorm, out: new Set(out.map(({ group }) => group)) };
}

function openingIn({ group, state, events }: FoldedGroup, settings: StormSettings) {
  const kind = state && openingOf(state);
  const event = kind && events.find((one) => one.event.id === state?.window.openedBy);
  return kind && event ? [{ group, opening: { ...event, kind, settings } }] : [];
}
