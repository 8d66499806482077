import type { Receivers } from '../../shared/alerts/outbox.ts';
import { alertGroupProjection } from '../../shared/alerts/projection.ts';
import { decideRoutes, type RoutingTree } from '../../shared/alerts/routing-tree.ts';
import { type SilenceEvent, type SilenceState, silenceProjection } from '../../shared/alerts/silence.ts';
import type { AlertPolicy } from '../../shared/runtime/alert-policy.ts';
import type { Consumer, Handled } from '../../shared/stream/consume.ts';
import { failRecords } from '../../shared/stream/fail-records.ts';
import { type Folded, type FoldPorts, foldGroups, groupEvents, settleGroups } from '../../shared/stream/fold-groups.ts';
import type { Clock, Table } from '../../shared/stream/ports.ts';
import type { ArrivedEvent, ReadBatch } from '../../shared/stream/read-batch.ts';
import type { SeenLimits } from '../../shared/stream/seen.ts';
import { SeenPages } from '../../shared/stream/seen-pages.ts';
import { ActiveSilences, silenceKey } from './active-silences.ts';
import { findStorms } from './find-storms.ts';
import { inhibitedBy, type PrintedEvent, silenceOf, sortEvents } from './hide-events.ts';
import { keepHidden } from './keep-hidden.ts';
import { sendPending } from './send-pending.ts';
import { isTableFault, type RoutedEvent, tellUngrouped } from './tell-ungrouped.ts';
import { withoutFlood } from './without-flood.ts';

export interface RouteAlertsPorts {
  alertGroups: Table;
  ledger: Table;
  receivers: Receivers;
  policy: AlertPolicy;
  clock: Clock;
  seenLimits?: SeenLimits;
  /** Groups at info and debug of one source, route and batch. Default 1,000. */
  mostQuietGroups?: number;
}

type Silenced = ArrivedEvent & SilenceEvent;

/**
 * Decides notices by folding, saves them as pending with the state that decided them, sends them, clears them. What
 * could not be sent waits in the state, and `close-windows` sends it. While the tables do not answer, critical and
 * error events are told without it, once a group and batch: a grouped notice can wait, a page cannot.
 */
export function routeAlerts(ports: RouteAlertsPorts): Consumer {
  const { clock, policy, receivers, alertGroups: table } = ports;
  const pages = new SeenPages(ports.ledger, clock);
  const silences = new ActiveSilences(table, clock);

  const handle = async ({ events }: ReadBatch, deadline: number): Promise<Handled> => {
    const foldPorts = { table, pages, clock, deadline, limits: ports.seenLimits };
    const { changes, logs, others } = sortEvents(events);
    const { heard, silenced, ofSilenced } = await silence(logs, changes);
    const inhibited = await inhibitedBy({ logs, heard }, policy.inhibition, foldPorts);
    const all = heard.map((printed) => waysOf(printed, policy.routing));
    const isInhibited = ({ index }: ArrivedEvent) => inhibited.has(index);
    const ways = withoutFlood(
      all.map((ofEvent) => ofEvent.filter((way) => !isInhibited(way))),
      ports.mostQuietGroups,
    );
    const untold = heard.filter((_, place) => ways[place]?.length === 0).map(({ index }) => index);

    const folded = await foldGroups(alertGroupProjection, groupEvents(ways.flat(), groupOf), foldPorts);
    const groups = folded.filter((group) => group.status === 'folded');
    const storms = await findStorms(groups, policy.storm, foldPorts);
    await sendPending(groups, storms, { table, clock, receivers });
    const ungrouped = await tellUngrouped(
      folded.filter((group) => group.status === 'failed'),
      { receivers, storm: policy.storm },
    );
    await keepHidden([...ofSilenced, ...all.flat().filter(isInhibited)], foldPorts);
    const hidden = await foldSilences(silenced, foldPorts);

    const duplicates = new Set([...settleGroups(folded).duplicates, ...hidden.duplicates]);
    const filtered = new Set(
      [...others, ...untold, ...ungrouped.untold, ...hidden.lost].filter((index) => !duplicates.has(index)),
    );
    const failed = new Map([...hidden.failed, ...ungrouped.failed]);
    // Also where nothing is new, a producer's retry, and where a write failed, which may stand all the same: ids are
    // forgotten one day, and a replay would count them.
    const needsReceipt = folded.length + hidden.folded.length > 0;
    return { failed, duplicates, filtered, needsReceipt };
  };

  /** Parts what a silence hides from what is heard. */
  const silence = async (logs: readonly PrintedEvent[], changes: readonly Silenced[]) => {
    const inForce = await silences.inForce(changes);
    const heard: PrintedEvent[] = [];
    const silenced: Silenced[] = [...changes];
    const ofSilenced: RoutedEvent[] = [];
    for (const printed of logs) {
      const silenceId = inForce.length === 0 ? undefined : silenceOf(printed, inForce);
      if (silenceId === undefined) {
        heard.push(printed);
        continue;
      }
      const ways = waysOf(printed, policy.routing);
      ofSilenced.push(...ways);
      silenced.push({ ...printed, silenceId, to: ways.flatMap(({ way }) => way.route.to) });
    }
    return { heard, silenced: silenced.sort((a, b) => a.index - b.index), ofSilenced };
  };
  return { name: 'route-alerts', withoutLedger: 'proceed', handle };
}

/** What is said of a silence comes again for as long as `sluice silence` waits for it, while the table does not answer. */
const CHANGE_WAITS_MILLISECONDS = 60_000;

/**
 * Folds what silences hid, and what was said of them. While the table does not answer, what was hidden is let go with a
 * count, and so is what was said a minute ago: who said it was told that it failed, and nobody's page waits for it.
 */
async function foldSilences(events: readonly Silenced[], ports: FoldPorts<SilenceState, Silenced>) {
  const folded: Folded<SilenceState, Silenced>[] = await foldGroups(
    silenceProjection,
    groupEvents(events, ({ silenceId }) => silenceKey(silenceId)),
    ports,
  );
  const failed = new Map<number, string>();
  const lost: number[] = [];
  const waits = ({ change, arrivedAt }: Silenced) =>
    change !== undefined && ports.clock.now() - arrivedAt < CHANGE_WAITS_MILLISECONDS;
  for (const group of folded) {
    if (group.status !== 'failed') continue;
    const isDown = isTableFault(group.fault);
    const again = group.events.filter((event) => !isDown || waits(event));
    failRecords(failed, again, group.fault);
    lost.push(...group.events.filter((event) => !again.includes(event)).map(({ index }) => index));
  }
  return { folded, failed, lost, duplicates: settleGroups(folded).duplicates };
}

/** The event once for each way that it takes to somebody. */
function waysOf(printed: PrintedEvent, routing: RoutingTree): RoutedEvent[] {
  const ways = decideRoutes(printed, routing, Math.min(Date.parse(printed.event.time), printed.arrivedAt));
  return ways.filter(({ route }) => route.to.length > 0).map((way) => ({ ...printed, way }));
}

function groupOf({ way }: RoutedEvent): string {
  return way.group;
}
