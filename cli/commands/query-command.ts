import { Command, Option } from 'commander';
import type { AthenaResult } from '../../shared/aws/athena-query.ts';
import { type CliStreams, openDeployment, terminalOf } from '../context.ts';
import { askAthena } from '../query/ask-athena.ts';
import { isNumeric, resultCsv, resultObjects } from '../query/result-text.ts';
import { bindParameters, findSavedQuery, loadSavedQueries, paramOption } from '../query/saved-queries.ts';
import { renderTable, type TableColumn } from '../render-table.ts';
import type { Terminal } from '../terminal.ts';

const HELP = `
Examples:
  $ sluice query list
  $ sluice query show top-templates                              its parameters and its SQL
  $ sluice query run top-templates --param days=30 --param limit=5
  $ sluice query run level-mix-by-day --format csv > levels.csv

Queries read the archive, which gets events after a few minutes (archive.buffer in sluice.yml). On AWS they are billed by
what they read.`;

const FORMATS = ['table', 'json', 'csv'] as const;

interface RunOptions {
  param?: ReadonlyMap<string, string>;
  format?: (typeof FORMATS)[number];
}

export function queryCommand(streams: CliStreams): Command {
  const query = new Command('query')
    .summary('list, show and run the saved Athena queries')
    .description('Saved queries over the archive.');
  query.addHelpText('after', HELP);
  query
    .command('list')
    .description('list the saved queries and their parameters')
    .action((_options, command: Command) => listQueries(terminalOf(command, streams)));
  query
    .command('show')
    .description('show what one saved query asks, its parameters and its SQL')
    .argument('<name>')
    .action((name: string, _options, command: Command) => showQuery(name, terminalOf(command, streams)));
  query
    .command('run')
    .description('run one saved query')
    .argument('<name>')
    .option('--param <name=value>', 'a parameter, as often as there are some', paramOption)
    .addOption(
      new Option('--format <format>', 'how the result is written (default: table, json with --json)').choices(FORMATS),
    )
    .action((name: string, options: RunOptions, command: Command) => runQuery(name, options, command, streams));
  return query;
}

function listQueries(terminal: Terminal): void {
  const queries = loadSavedQueries();
  if (terminal.json) {
    terminal.printJson(queries.map(({ sql: _, ...rest }) => rest));
    return;
  }
  const params = (query: (typeof queries)[number]) =>
    query.params.map(({ name, default: usual = '…' }) => `${name}=${usual}`).join(' ');
  const rows = queries.map((query) => [query.name, query.description, params(query)]);
  terminal.print(
    renderTable([{ head: 'name' }, { head: 'description', gives: true }, { head: 'parameters' }], rows, terminal),
  );
}

function showQuery(name: string, terminal: Terminal): void {
  const query = findSavedQuery(loadSavedQueries(), name);
  if (terminal.json) {
    terminal.printJson(query);
    return;
  }
  terminal.print(`${terminal.colors.bold(query.name)}: ${query.description}\n`);
  const rows = query.params.map((param) => [
    param.name,
    param.type,
    param.default ?? '(must be given)',
    param.description,
  ]);
  const columns = [{ head: 'parameter' }, { head: 'type' }, { head: 'default' }, { head: 'description', gives: true }];
  if (rows.length > 0) terminal.print(`${renderTable(columns, rows, terminal)}\n`);
  terminal.print(query.sql);
}

async function runQuery(name: string, options: RunOptions, command: Command, streams: CliStreams): Promise<void> {
  const terminal = terminalOf(command, streams);
  const sql = bindParameters(findSavedQuery(loadSavedQueries(), name), options.param ?? new Map());
  const deployment = await openDeployment(command, streams.env);
  let result: AthenaResult = { columns: [], rows: [], scannedBytes: 0 };
  const all: AthenaResult['rows'] = [];
  for await (const { columns, rows, scannedBytes } of askAthena(sql, deployment, terminal)) {
    all.push(...rows);
    result = { columns, rows: all, scannedBytes };
  }
  printResult(result, options.format ?? (terminal.json ? 'json' : 'table'), terminal, streams);
}

function printResult(
  result: AthenaResult,
  format: (typeof FORMATS)[number],
  terminal: Terminal,
  streams: CliStreams,
): void {
  if (format === 'json') {
    terminal.printJson({ rows: resultObjects(result), scannedBytes: result.scannedBytes });
  } else if (format === 'csv') {
    streams.stdout.write(resultCsv(result, { isTerminal: streams.stdout.isTTY === true }));
  } else {
    terminal.print(resultTable(result, terminal));
    terminal.note(`${result.rows.length} rows, ${result.scannedBytes} bytes read`);
  }
}

function resultTable({ columns, rows }: AthenaResult, terminal: Terminal): string {
  const shown = columns.map((column): TableColumn => {
    const isNumber = isNumeric(column);
    return { head: column.name, align: isNumber ? 'right' : 'left', gives: !isNumber };
  });
  const cells = rows.map((row) => row.map((cell) => cell ?? ''));
  return renderTable(shown, cells, terminal);
}
