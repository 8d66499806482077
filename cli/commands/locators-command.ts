import { Command } from 'commander';
import { type CliStreams, type Exit, terminalOf } from '../context.ts';
import { inert } from '../inert-text.ts';
import { checkLocators, type Duplicate, type LocatorReport } from '../locators/check-locators.ts';
import type { Terminal } from '../terminal.ts';

const HELP = `
Examples:
  $ sluice locators src
  $ sluice locators src/orders.ts --json

A locator says where in its module an event was logged, so it must stand there once. Exit code 1: one stands there twice, or
a file could not be read. Folders called node_modules, dist, build and coverage, and hidden ones, are passed over.`;

export function locatorsCommand(streams: CliStreams, exit: Exit): Command {
  return new Command('locators')
    .summary('find locators that stand twice in a module')
    .description('Finds locators of logger calls that stand twice in a module of TypeScript or JavaScript.')
    .argument('<path>', 'a module, or a folder of them')
    .addHelpText('after', HELP)
    .action((path: string, _: unknown, command: Command) => {
      const terminal = terminalOf(command, streams);
      const report = checkLocators(path);
      if (terminal.json) terminal.printJson(report);
      else print(report, terminal);
      if (report.duplicates.length > 0 || report.unreadable.length > 0) exit(1);
    });
}

function print({ files, calls, duplicates, unchecked, unreadable }: LocatorReport, terminal: Terminal): void {
  for (const duplicate of duplicates) terminal.print(duplicateLine(duplicate));
  for (const { file, reason } of unreadable) terminal.note(`${inert(file)}: cannot be read: ${inert(reason)}`);
  if (terminal.verbose) {
    for (const { file, line, column, call } of unchecked) {
      terminal.note(`${inert(file)}:${line}:${column}: the locator of ${inert(call)} is no literal`);
    }
  }
  const left = unchecked.length > 0 ? `, ${unchecked.length} without a literal locator` : '';
  terminal.print(`${files} files, ${calls} calls${left}, ${duplicates.length} locators twice`);
}

function duplicateLine({ file, locator, places }: Duplicate): string {
  const where = places.map(({ line, column, call }) => `${line}:${column} ${call}`).join(', ');
  return `${inert(file)}: the locator ${inert(JSON.stringify(locator))} stands ${places.length} times: ${inert(where)}`;
}
