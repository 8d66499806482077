import { LEVELS } from '../../shared/events/levels.ts';
import { renderTable } from '../render-table.ts';
import type { Terminal } from '../terminal.ts';
import { isExact } from './reconcile.ts';
import type { DemoReport } from './run-demo.ts';

/** The report as `--json` prints it: one object. */
export function reportJson({ accounts, incidents, objects, queries, seconds }: DemoReport) {
  const { received, duplicates, filtered, quarantined, projected, notices, rows, checks } = accounts;
  const wrong = checks.filter((check) => check.expected !== check.actual);
  return {
    received,
    duplicates,
    filtered,
    quarantined,
    projected,
    exact: isExact(accounts),
    notices,
    incidents,
    archive: { objects, rows },
    queries: Object.fromEntries(Object.entries(queries).map(([name, found]) => [name, found.length])),
    seconds,
    ...(wrong.length > 0 ? { wrong } : {}),
  };
}

/** Rows of a saved query that the report shows; `sluice query run` shows all. */
const SHOWN_ROWS = 8;

/** The report as a person reads it. */
export function printReport(report: DemoReport, terminal: Terminal): void {
  const { accounts, incidents, objects, queries } = report;
  const { received, projected, duplicates, filtered, quarantined, notices, rows } = accounts;
  const { bold, dim } = terminal.colors;
  const title = (text: string) => terminal.print(`\n${bold(text)}`);
  const number = { align: 'right' as const };

  title('Every event accounted for');
  const parts: [string, number, string][] = [
    ['received', received, 'repeats included'],
    ['projected', projected, 'in an incident or with a row in the application logs'],
    ['duplicates', duplicates, 'same id, no second effect'],
    ['filtered', filtered, 'kept in the archive only, as configured'],
    ['quarantined', quarantined, 'could not be understood; payload and reason are kept'],
  ];
  for (const [name, count, note] of parts)
    terminal.print(`  ${name.padEnd(12)} ${String(count).padStart(6)}  ${dim(note)}`);

  title('Notices by level');
  for (const level of LEVELS) terminal.print(`  ${level.padEnd(12)} ${String(notices[level]).padStart(6)}`);

  title(`Incidents (${incidents.length})`);
  const columns = [
    { head: 'count', ...number },
    { head: 'level' },
    { head: 'status' },
    { head: 'source' },
    { head: 'template', gives: true },
  ];
  const cells = incidents.map(({ count, level, status, source, template }) => [
    String(count),
    level,
    status,
    source,
    template,
  ]);
  terminal.print(renderTable(columns, cells, terminal));

  title('Archive');
  terminal.print(`  ${rows} rows in ${objects} Parquet objects, partitioned by level and date`);

  for (const [name, found] of Object.entries(queries)) {
    title(`Saved query ${name} (${found.length} rows)`);
    const heads = Object.keys(found[0] ?? {});
    const shown = found.slice(0, SHOWN_ROWS).map((row) => heads.map((head) => String(row[head] ?? '')));
    if (heads.length > 0)
      terminal.print(
        renderTable(
          heads.map((head) => ({ head, gives: head === 'template' })),
          shown,
          terminal,
        ),
      );
    if (found.length > SHOWN_ROWS)
      terminal.print(dim(`  … ${found.length - SHOWN_ROWS} more: sluice query run ${name}`));
  }
  printVerdict(report, terminal);
}

function printVerdict({ accounts, seconds }: DemoReport, terminal: Terminal): void {
  const { green, red, bold } = terminal.colors;
  terminal.print('');
  const wrong = accounts.checks.filter((check) => check.expected !== check.actual);
  for (const { what, expected, actual } of wrong)
    terminal.print(red(`✘ ${what}: expected ${expected}, found ${actual}`));
  const verdict = `${accounts.checks.length - wrong.length} of ${accounts.checks.length} counts agree exactly`;
  terminal.print(bold(wrong.length === 0 ? green(`✔ ${verdict}`) : red(`✘ ${verdict}`)));
  const times = Object.entries(seconds).map(([name, value]) => `${name} ${value.toFixed(1)}`);
  terminal.print(`  seconds: ${times.join(', ')}`);
}
