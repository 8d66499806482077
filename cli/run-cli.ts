import { Command, CommanderError } from 'commander';
import { costCommand } from './commands/cost-command.ts';
import { doctorCommand } from './commands/doctor-command.ts';
import { incidentsCommand } from './commands/incidents-command.ts';
import { localCommand } from './commands/local-command.ts';
import { locatorsCommand } from './commands/locators-command.ts';
import { logsCommand } from './commands/logs-command.ts';
import { putCommand } from './commands/put-command.ts';
import { queryCommand } from './commands/query-command.ts';
import { routesCommand } from './commands/routes-command.ts';
import { rulesCommand } from './commands/rules-command.ts';
import { silenceCommand } from './commands/silence-command.ts';
import type { CliStreams, Exit } from './context.ts';
import { explainError } from './explain-error.ts';
import { inertLines } from './inert-text.ts';

const EXAMPLES = `
Examples:
  $ sluice put --level error --source shop --message "payment failed for order 17"
  $ sluice put --file /var/log/syslog --source web-1
  $ sluice incidents list
  $ sluice logs --source shop --since 2h
  $ sluice query run errors-by-source-and-hour --param days=3

Without --stage the commands talk to the local cloud if it runs (sluice local start), else to the stage that
SLUICE_STAGE names, else to dev. Answers go to stdout, progress and errors to stderr.
Exit codes: 0 done, 1 failed, 2 the command was written wrong.`;

/** Runs one command line, without the program's name. Answers the exit code and never rejects. */
export async function runCli(args: readonly string[], streams: CliStreams = process): Promise<number> {
  let exitCode = 0;
  const program = createProgram(streams, (code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync(args, { from: 'user' });
    return exitCode;
  } catch (error) {
    // Commander has written its message already; help that was asked for ends with 0.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    const { message, exitCode: code } = explainError(error);
    streams.stderr.write(`sluice: ${message}\n`);
    if (args.includes('--verbose') && error instanceof Error)
      streams.stderr.write(`${inertLines(error.stack ?? '')}\n`);
    return code;
  }
}

export function createProgram(streams: CliStreams, exit: Exit): Command {
  const program = new Command('sluice')
    .description('Put log events onto a Sluice stream and see what became of them.')
    .option('--stage <name>', 'the deployment to talk to')
    .option('--region <name>', 'its AWS region (default: from the environment or the AWS profile)')
    .option('--json', 'answer with one JSON value on stdout')
    .option('--no-color', 'no colours (also: NO_COLOR=1)')
    .option('--verbose', 'show more: details of log rows, where an error comes from')
    .addHelpText('after', EXAMPLES);
  for (const make of [
    putCommand,
    incidentsCommand,
    logsCommand,
    queryCommand,
    silenceCommand,
    routesCommand,
    rulesCommand,
    doctorCommand,
    costCommand,
    locatorsCommand,
    localCommand,
  ]) {
    program.addCommand(make(streams, exit));
  }
  everyCommand(program, (command) => {
    command
      .exitOverride()
      .configureHelp({ showGlobalOptions: true })
      .configureOutput({
        writeOut: (text) => streams.stdout.write(text),
        writeErr: (text) => streams.stderr.write(text),
      })
      .showHelpAfterError(`(${commandPath(command)} --help shows how it is written)`);
  });
  return program;
}

function everyCommand(command: Command, visit: (command: Command) => void): void {
  visit(command);
  for (const child of command.commands) everyCommand(child, visit);
}

function commandPath(command: Command): string {
  return command.parent ? `${commandPath(command.parent)} ${command.name()}` : command.name();
}
