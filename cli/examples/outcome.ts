import { setTimeout as sleep } from 'node:timers/promises';
import { textLiteral } from '../../shared/aws/athena-literal.ts';
import { categoryOf, LEVELS, type Level } from '../../shared/events/levels.ts';
import { CommandFailure } from '../cli-error.ts';
import { openAnalytics } from '../demo/analytics.ts';
import { readIncidents } from '../demo/observe.ts';
import type { IncidentRow } from '../demo/reconcile.ts';
import type { Outputs } from './sample-cloud.ts';

/** What came of what a sample logged. */
export interface SampleOutcome {
  /** Events in the archive, by level. */
  archived: Partial<Record<Level, number>>;
  /** Incidents that count more events than before, and how many more. */
  incidents: (IncidentRow & { more: number })[];
}

const PATIENCE_MILLISECONDS = 60_000;
const POLL_MILLISECONDS = 250;

/**
 * Looks at a source before its sample runs. The function that it answers waits until so many events of this run are in
 * the archive, and each one of category error in an incident.
 */
export async function watchSource(source: string, outputs: Outputs) {
  const analytics = openAnalytics(outputs);
  const read = async () => (await readIncidents(outputs)).filter((incident) => incident.source === source);
  const before = new Map((await read()).map(({ fingerprint, count }) => [fingerprint, count]));
  const since = new Date().toISOString().replace('T', ' ').replace('Z', '');

  const readArchive = async (): Promise<SampleOutcome['archived']> => {
    const rows = await analytics.run(
      `SELECT level, count(DISTINCT id) AS events FROM log_events ` +
        `WHERE source = ${textLiteral(source)} AND received_at >= TIMESTAMP ${textLiteral(since)} GROUP BY level`,
    );
    return Object.fromEntries(rows.map(({ level, events }) => [level, Number(events)]));
  };

  const look = async (): Promise<SampleOutcome> => {
    const incidents = (await read())
      .map((incident) => ({ ...incident, more: incident.count - (before.get(incident.fingerprint) ?? 0) }))
      .filter(({ more }) => more > 0);
    return { archived: await readArchive(), incidents };
  };

  return async (put: number, say: (line: string) => void): Promise<SampleOutcome> => {
    const end = Date.now() + PATIENCE_MILLISECONDS;
    for (;;) {
      const outcome = await look();
      const counts = countsOf(outcome);
      if (counts.archived === put && counts.inIncidents === counts.errors) return outcome;
      const found = `${counts.archived} of ${put} events in the archive, of them ${counts.errors} errors; incidents count ${counts.inIncidents}`;
      say(found);
      if (Date.now() > end)
        throw new CommandFailure(`expected every event to be accounted for, after a minute: ${found}`);
      await sleep(POLL_MILLISECONDS);
    }
  };
}

/** Events in the archive, those of them of category error, and those that incidents count. */
export function countsOf({ archived, incidents }: SampleOutcome) {
  const sum = (levels: readonly Level[]) => levels.reduce((total, level) => total + (archived[level] ?? 0), 0);
  return {
    archived: sum(LEVELS),
    errors: sum(LEVELS.filter((level) => categoryOf(level) === 'error')),
    inIncidents: incidents.reduce((total, { more }) => total + more, 0),
  };
}
