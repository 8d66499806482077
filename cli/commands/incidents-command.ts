import { Command, Option } from 'commander';
import type { Level } from '../../shared/events/levels.ts';
import { type CliStreams, openDeployment, terminalOf } from '../context.ts';
import { findIncident, listIncidents } from '../find-incidents.ts';
import { INCIDENT_STATUSES, type IncidentItem, type IncidentStatus, shortFingerprint } from '../incident-item.ts';
import { inert, inertLines } from '../inert-text.ts';
import { findLogRows, type LogRow, logLine } from '../log-rows.ts';
import { countOption, levelOption } from '../option-values.ts';
import { renderTable } from '../render-table.ts';
import { colored, type Terminal } from '../terminal.ts';

const HELP = `
Examples:
  $ sluice incidents list
  $ sluice incidents list --status open --level critical
  $ sluice incidents show v1:3f9a2c          the beginning of its fingerprint is enough

An incident is all the events of level critical or error that have one fingerprint: the same source and the same message
but for numbers, names and the like.`;

const MOST_INCIDENTS = 10_000;
const RECENT_ROWS = 5;

interface ListOptions {
  status?: IncidentStatus;
  level?: Level;
  source?: string;
  limit: number;
}

export function incidentsCommand(streams: CliStreams): Command {
  const incidents = new Command('incidents')
    .summary('list incidents, show one')
    .description('Incidents: errors of one kind, counted.');
  incidents.addHelpText('after', HELP);
  incidents
    .command('list')
    .description('list incidents, those seen last first')
    .addOption(new Option('--status <status>', 'only these').choices(INCIDENT_STATUSES))
    .option('--level <level>', 'only those of this level', levelOption)
    .option('--source <name>', 'only those of this source')
    .option('--limit <n>', 'at most this many', countOption('limit', MOST_INCIDENTS), 50)
    .action(async ({ status, level, source, limit }: ListOptions, command: Command) => {
      const terminal = terminalOf(command, streams);
      const deployment = await openDeployment(command, streams.env);
      const statuses = status ? [status] : INCIDENT_STATUSES;
      const { incidents: found, hasMore } = await listIncidents(deployment.output('IncidentsTable'), {
        statuses,
        level,
        source,
        limit,
      });
      if (terminal.json) return terminal.printJson(found);
      if (found.length === 0) return terminal.note(`No such incident on stage ${deployment.stage}.`);
      terminal.print(incidentsTable(found, terminal));
      if (hasMore) terminal.note(`(the ${limit} seen last; --limit shows more)`);
    });
  incidents
    .command('show')
    .description('show one incident and its newest log rows')
    .argument('<fingerprint>', 'its fingerprint or the beginning of it')
    .action(async (typed: string, _options, command: Command) => {
      const terminal = terminalOf(command, streams);
      const deployment = await openDeployment(command, streams.env);
      const incident = await findIncident(deployment.output('IncidentsTable'), typed);
      const { rows } = await findLogRows({
        tableName: deployment.output('ApplicationLogsTable'),
        by: { fingerprint: incident.fingerprint },
        limit: RECENT_ROWS,
        now: Date.now(),
      });
      if (terminal.json) terminal.printJson({ ...incident, recent: rows });
      else printIncident(incident, rows, terminal);
    });
  return incidents;
}

/** Incidents as a table, for the terminal that it is shown on. */
export function incidentsTable(incidents: readonly IncidentItem[], terminal: Terminal): string {
  return renderTable(
    [
      { head: 'fingerprint' },
      { head: 'status' },
      { head: 'level', paint: (level) => colored(level, terminal.colors) },
      { head: 'count', align: 'right' },
      { head: 'first seen' },
      { head: 'last seen' },
      { head: 'source' },
      { head: 'template', gives: true },
    ],
    incidents.map((one) => [
      shortFingerprint(one.fingerprint),
      one.status,
      one.level,
      String(one.count),
      shownTime(one.firstSeen),
      shownTime(one.lastSeen),
      one.source,
      one.template,
    ]),
    terminal,
  );
}

/** To the second: `2026-11-21 08:00:00`. */
function shownTime(iso: string): string {
  return iso.slice(0, 19).replace('T', ' ');
}

function printIncident(incident: IncidentItem, rows: LogRow[], terminal: Terminal): void {
  const { print, colors } = terminal;
  const line = (name: string, value: string) => print(`${colors.bold(name.padEnd(12))} ${value}`);
  line('fingerprint', inert(incident.fingerprint));
  line('status', inert(incident.status));
  line('level', colored(inert(incident.level), colors));
  line('source', inert(incident.source));
  line('count', String(incident.count));
  line('first seen', inert(incident.firstSeen));
  line('last seen', inert(incident.lastSeen));
  line('template', inert(incident.template));
  line('sample', inertLines(incident.sample).replaceAll('\n', `\n${' '.repeat(13)}`));
  if (rows.length > 0) print(`\n${colors.bold('newest log rows')}`);
  for (const row of rows) print(logLine(row, terminal));
}
