import { basename } from 'node:path';
import { Command } from 'commander';
import { examineNode, streamConsumers } from '../../shared/health/examine.ts';
import { type Finding, well, wrong } from '../../shared/health/finding.ts';
import { type Configuration, ConfigurationError, parseConfiguration } from '../../shared/runtime/configuration.ts';
import { configurationFilePath, readConfiguration } from '../../shared/runtime/configuration-file.ts';
import { systemClock } from '../../shared/runtime/system-clock.ts';
import { UsageError } from '../cli-error.ts';
import { type CliStreams, type Exit, openTarget, terminalOf } from '../context.ts';
import { deployedPorts } from '../doctor/deployed-ports.ts';
import { diagnose } from '../doctor/diagnose.ts';
import { explainError } from '../explain-error.ts';
import { inert } from '../inert-text.ts';
import type { Terminal } from '../terminal.ts';

const HELP = `
Examples:
  $ sluice doctor
  $ sluice doctor --stage prod --json

It looks at the stack, the consumers, the ledger, quarantine, failures, notices, subscriptions, throttles and alarms, and says
what is wrong and what to do. It changes nothing. Exit codes: 0 all is well, 1 something is not.`;

export function doctorCommand(streams: CliStreams, exit: Exit): Command {
  return new Command('doctor')
    .summary('what is wrong with a deployment, and what to do')
    .description('One screen: what is wrong with a deployment, and what to do about it.')
    .addHelpText('after', HELP)
    .action(async (_options, command: Command) => {
      const terminal = terminalOf(command, streams);
      const { findings, ...patient } = await examined(command, streams.env);
      const isWell = findings.every(({ state }) => state === 'well');
      if (terminal.json) terminal.printJson({ ...patient, isWell, findings });
      else print(findings, terminal);
      if (!isWell) exit(1);
    });
}

interface Examined {
  stage?: string;
  where?: string;
  findings: Finding[];
}

async function examined(command: Command, env: NodeJS.ProcessEnv): Promise<Examined> {
  const node = examineNode(process.version);
  try {
    const { stage, endpoint, region } = await openTarget(command, env);
    const where = endpoint ?? region ?? "your profile's region";
    const { configuration, finding } = configurationOf(env, stage);
    const consumers = streamConsumers(configuration);
    const patient = { stage, where, consumers, alarms: configuration.alarms };
    const findings = await diagnose(patient, deployedPorts(`sluice-${stage}`, consumers, systemClock));
    return { stage, where, findings: [node, finding, ...findings] };
  } catch (error) {
    if (error instanceof UsageError) throw error;
    return { findings: [node, wrong('access', 'there is nothing to look at', explainError(error).message)] };
  }
}

/** The file of the folder that the command runs in; where it is not sound, the defaults. */
function configurationOf(env: NodeJS.ProcessEnv, stage: string): { configuration: Configuration; finding: Finding } {
  const path = configurationFilePath(env, process.cwd());
  try {
    const configuration = readConfiguration(path, stage);
    return { configuration, finding: well('configuration', `${basename(path)} is sound`) };
  } catch (error) {
    const [first = ''] = error instanceof ConfigurationError ? error.message.split('\n').slice(1) : [String(error)];
    const finding = wrong(
      'configuration',
      first.trim(),
      'run it where sluice.yml is, or name the file: SLUICE_CONFIG_FILE=path',
    );
    return { configuration: parseConfiguration(''), finding };
  }
}

const WIDEST = 'subscriptions'.length;

function print(findings: readonly Finding[], { colors, print: line }: Terminal): void {
  const marks = { well: colors.green('✔'), wrong: colors.red('✘'), unknown: colors.yellow('?') };
  for (const { check, state, says, advice } of findings) {
    line(`${marks[state]} ${check.padEnd(WIDEST)}  ${inert(says)}`);
    if (advice !== undefined) line(`  ${' '.repeat(WIDEST)}  → ${inert(advice)}`);
  }
  const count = findings.filter(({ state }) => state !== 'well').length;
  line('');
  line(count === 0 ? 'All is well.' : `${count} of ${findings.length} are not well.`);
}
