import { fingerprintEvent } from '../../shared/events/fingerprint.ts';
import { categoryOf } from '../../shared/events/levels.ts';
import { type ApplicationLogRules, applicationLogRow, wantsRow } from '../../shared/incidents/application-log.ts';
import type { FingerprintedEvent } from '../../shared/incidents/incident.ts';
import { grantedEvents, incidentProjection, rowBudgetProjection } from '../../shared/incidents/projections.ts';
import type { Consumer, Handled } from '../../shared/stream/consume.ts';
import { Fault } from '../../shared/stream/fault.ts';
import { foldGroups, groupEvents, settleGroups } from '../../shared/stream/fold-groups.ts';
import { type KeepQuarantined, keepRejected } from '../../shared/stream/keep-rejected.ts';
import type { Clock, Item, Table } from '../../shared/stream/ports.ts';
import type { ArrivedEvent, ReadBatch } from '../../shared/stream/read-batch.ts';
import type { SeenLimits } from '../../shared/stream/seen.ts';
import { SeenPages } from '../../shared/stream/seen-pages.ts';
import { writeItems } from '../../shared/stream/table-calls.ts';

export interface ProjectIncidentsPorts {
  incidents: Table;
  applicationLogs: Table;
  ledger: Table;
  clock: Clock;
  rules: ApplicationLogRules;
  /** Where there is no archive, whose consumer keeps them otherwise. */
  quarantine?: KeepQuarantined;
  seenLimits?: SeenLimits;
}

type IncidentEvent = ArrivedEvent & FingerprintedEvent;

/** Keeps the incidents and the application logs: both are folded from the stream and can be folded again. */
export function projectIncidents(ports: ProjectIncidentsPorts): Consumer {
  const { clock, rules } = ports;
  const pages = new SeenPages(ports.ledger, clock);
  const incidents = incidentProjection(rules);
  const budgets = rowBudgetProjection(rules);

  const putRows = async (events: readonly FingerprintedEvent[]) => {
    const rows = events.map((event) => ({ ...applicationLogRow(event, rules) }) as Item);
    const { unsent } = await writeItems(ports.applicationLogs, rows, clock);
    const first = unsent[0];
    if (first) throw new Fault('throttled', `${unsent.length} of ${rows.length} rows not written: ${first.reason}`);
  };

  const handle = async ({ events, rejected }: ReadBatch, deadline: number): Promise<Handled> => {
    const { quarantine } = ports;
    const lost = quarantine && (await keepRejected(rejected, { quarantine, clock, deadline }));
    const { kept, filtered } = selectEvents(events, rules);
    const isError = ({ event }: IncidentEvent) => categoryOf(event.level) === 'error';
    const common = { pages, clock, deadline, limits: ports.seenLimits };
    // Rows come before the item that counts them: their keys are made of the event, so a repeat writes the same row.
    const folded = await Promise.all([
      foldGroups(incidents, groupEvents(kept.filter(isError), byFingerprint), {
        ...common,
        table: ports.incidents,
        beforeWrite: ({ before, fresh }) => putRows(grantedEvents(before?.rows ?? {}, fresh, rules)),
      }),
      foldGroups(
        budgets,
        groupEvents(
          kept.filter((event) => !isError(event)),
          byFingerprint,
        ),
        {
          ...common,
          table: ports.ledger,
          beforeWrite: ({ before, fresh }) => putRows(grantedEvents(before?.rows ?? {}, fresh, rules)),
        },
      ),
    ]);
    const { failed, duplicates } = settleGroups(folded.flat());
    return { failed: new Map([...failed, ...(lost ?? [])]), duplicates, filtered };
  };
  return { name: 'project-incidents', withoutLedger: 'fail', handle };
}

/** The events that this consumer keeps something of, with what they are grouped by, and the places of the others. */
export function selectEvents(events: readonly ArrivedEvent[], rules: ApplicationLogRules) {
  const kept: IncidentEvent[] = [];
  const filtered = new Set<number>();
  for (const arrived of events) {
    if (isKept(arrived, rules)) kept.push({ ...arrived, ...fingerprintEvent(arrived.event) });
    else filtered.add(arrived.index);
  }
  return { kept, filtered };
}

function isKept({ event }: ArrivedEvent, rules: ApplicationLogRules): boolean {
  return event.type === 'log' && (categoryOf(event.level) === 'error' || wantsRow(event, rules));
}

function byFingerprint({ fingerprint }: IncidentEvent): string {
  return fingerprint;
}
