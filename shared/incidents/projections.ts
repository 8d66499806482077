import type { Fingerprint } from '../events/fingerprint.ts';
import { type ApplicationLogRules, grantRow, type RowsByHour, wantsRow } from './application-log.ts';
import { evolve, type FingerprintedEvent, type Incident } from './incident.ts';

/** An incident with the rows that its events were granted. */
export interface IncidentState {
  incident: Incident;
  rows: RowsByHour;
}

/** The incidents table: one item a fingerprint. */
export function incidentProjection(rules: ApplicationLogRules) {
  return {
    name: 'incidents',
    keyOf: (group: string) => ({ fingerprint: group }),
    evolve: (state: IncidentState | undefined, event: FingerprintedEvent): IncidentState => ({
      incident: evolve(state?.incident, event),
      rows: evolveRows(state?.rows ?? {}, event, rules),
    }),
    toItem: ({ incident, rows }: IncidentState) => ({ ...incident, rows }),
    fromItem: (item: Record<string, unknown>): IncidentState => {
      const { rows, version: _version, seen: _seen, ...incident } = item;
      return { incident: incident as unknown as Incident, rows: (rows ?? {}) as RowsByHour };
    },
  };
}

/** Informational events have no incident; what they need to remember is how many rows they were granted. */
export interface RowBudget {
  fingerprint: Fingerprint;
  rows: RowsByHour;
  /** Epoch seconds. */
  expiry: number;
}

const DAY_SECONDS = 86_400;

/** Row budgets of informational fingerprints, in the ledger table. They expire a week after their last event. */
export function rowBudgetProjection(rules: ApplicationLogRules) {
  return {
    name: 'row-budgets',
    keyOf: (group: string) => ({ scope: `rows#${group}`, entry: 'budget' }),
    evolve: (state: RowBudget | undefined, event: FingerprintedEvent): RowBudget => ({
      fingerprint: event.fingerprint,
      rows: evolveRows(state?.rows ?? {}, event, rules),
      expiry: Math.max(state?.expiry ?? 0, Math.floor(Date.parse(event.event.time) / 1000) + 7 * DAY_SECONDS),
    }),
    toItem: (state: RowBudget) => ({ ...state }),
    fromItem: (item: Record<string, unknown>, now: number): RowBudget | undefined => {
      const { fingerprint, rows, expiry } = item as unknown as RowBudget;
      return expiry * 1000 < now ? undefined : { fingerprint, rows, expiry };
    },
  };
}

function evolveRows(granted: RowsByHour, { event }: FingerprintedEvent, rules: ApplicationLogRules): RowsByHour {
  return wantsRow(event, rules) ? grantRow(granted, event.time, rules.rowsPerFingerprintAndHour).granted : granted;
}

/** Which of these new events get a row, given what was granted before them. */
export function grantedEvents<Event extends FingerprintedEvent>(
  before: RowsByHour,
  fresh: readonly Event[],
  rules: ApplicationLogRules,
): Event[] {
  let granted = before;
  return fresh.filter(({ event }) => {
    if (!wantsRow(event, rules)) return false;
    const step = grantRow(granted, event.time, rules.rowsPerFingerprintAndHour);
    granted = step.granted;
    return step.isGranted;
  });
}
