import { Command } from 'commander';
import type { Level } from '../../shared/events/levels.ts';
import { type CliStreams, openDeployment, terminalOf } from '../context.ts';
import { inert } from '../inert-text.ts';
import { findLogRows, logLine } from '../log-rows.ts';
import { countOption, levelOption, timeOption } from '../option-values.ts';

const HELP = `
Examples:
  $ sluice logs --source shop                        the last hour
  $ sluice logs --source shop --since 7d --level error
  $ sluice logs --source shop --since 2026-11-21T08:00 --limit 1000 --json

What gets a row is set in sluice.yml (applicationLogs): from warning up by default. The archive has every event: see
sluice query. Times are UTC.`;

const MOST_ROWS = 100_000;

export function logsCommand(streams: CliStreams): Command {
  return new Command('logs')
    .summary('show the log rows of one source')
    .description('Shows what one source logged, newest last, from the application log table.')
    .requiredOption('--source <name>', 'the application that logged')
    .option('--since <time>', 'how far back: 90s, 5m, 2h, 7d, or a time such as 2026-11-21T08:00', '1h')
    .option('--level <level>', 'this level and the more severe ones', levelOption)
    .option('--limit <n>', 'at most this many, the newest', countOption('limit', MOST_ROWS), 100)
    .addHelpText('after', HELP)
    .action(async (options: { source: string; since: string; level?: Level; limit: number }, command: Command) => {
      const terminal = terminalOf(command, streams);
      const { source, level, limit } = options;
      const now = Date.now();
      const since = timeOption('since', options.since, now);
      const deployment = await openDeployment(command, streams.env);
      const tableName = deployment.output('ApplicationLogsTable');
      const { rows, hasMore } = await findLogRows({ tableName, by: { source }, since, level, limit, now });
      if (terminal.json) return terminal.printJson(rows);
      for (const row of rows) terminal.print(logLine(row, terminal));
      if (hasMore) terminal.note(`(the newest ${limit}; --limit shows more)`);
      if (rows.length === 0) {
        terminal.note(
          `${inert(source)} has no rows since ${since.toISOString()} on stage ${deployment.stage}. Rows are kept from the level in sluice.yml up.`,
        );
      }
    });
}
