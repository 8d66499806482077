import { Command } from 'commander';
import { estimateMonth, type Load, type Month } from '../../shared/cost/month.ts';
import { US_EAST_1 } from '../../shared/cost/usage.ts';
import { configurationFilePath, readConfiguration } from '../../shared/runtime/configuration-file.ts';
import { type CliStreams, terminalOf } from '../context.ts';
import { costSettings } from '../cost/cost-settings.ts';
import { countOption } from '../option-values.ts';
import { renderTable } from '../render-table.ts';
import type { Terminal } from '../terminal.ts';

const HELP = `
Examples:
  $ sluice cost --events-per-day 1000000
  $ sluice cost --events-per-day 50000 --bytes 1200 --json

It reads sluice.yml (SLUICE_CONFIG_FILE names another) and asks AWS for nothing. The model is that of "npm run bench cost":
5 % errors in 200 groups, events packed to 25 KB. Free tiers, emails and queries are not in it.`;

const SETTINGS_SHOWN = 3;
const MOST_EVENTS = 999_999_999;
/** The largest event, see the limits of an event. */
const MOST_BYTES = 262_144;

interface CostOptions {
  eventsPerDay: number;
  bytes: number;
}

export function costCommand(streams: CliStreams): Command {
  return new Command('cost')
    .summary('what a month costs at a given volume')
    .description('What a month costs with the settings of sluice.yml, and which settings matter most.')
    .requiredOption('--events-per-day <n>', 'events in a day', countOption('events-per-day', MOST_EVENTS))
    .option('--bytes <n>', 'bytes of an event as JSON', countOption('bytes', MOST_BYTES), 275)
    .addHelpText('after', HELP)
    .action((options: CostOptions, command: Command) => {
      const path = configurationFilePath(streams.env, process.cwd());
      const load = { eventsPerDay: options.eventsPerDay, bytes: options.bytes };
      const month = estimateMonth(costSettings(readConfiguration(path)), load, US_EAST_1);
      print(month, load, terminalOf(command, streams));
    });
}

function print({ total, cost, settings }: Month, load: Load, terminal: Terminal): void {
  const { region, date } = US_EAST_1;
  const shown = settings.slice(0, SETTINGS_SHOWN);
  if (terminal.json) {
    terminal.printJson({ ...load, currency: 'USD', region, prices: date, total, cost, settings: shown });
    return;
  }
  const right = 'right' as const;
  const services = Object.entries(cost).sort(([, a], [, b]) => b - a);
  const rows = [...services, ['total', total] as const].map(([service, dollars]) => [service, dollars.toFixed(2)]);
  terminal.print(renderTable([{ head: 'service' }, { head: 'dollars a month', align: right }], rows, terminal));
  const changes = shown.map(({ setting, from, to, saves }) => [setting, from, to, saves.toFixed(2)]);
  const columns = [{ head: 'setting' }, { head: 'now' }, { head: 'instead' }, { head: 'saves', align: right }];
  terminal.print(renderTable(columns, changes, terminal));
  terminal.note(`Prices of ${region}, ${date}. A saving below zero costs more.`);
}
