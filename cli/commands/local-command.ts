import { Command } from 'commander';
import { localCloudStatus, startLocalCloud, stopLocalCloud } from '../../local/local-cloud.ts';
import { LOCAL_STAGE, localEnvironment } from '../../local/local-environment.ts';
import { apiKeyValue } from '../../shared/aws/api-key.ts';
import { stackOutputs } from '../../shared/aws/stack-outputs.ts';
import { type CliStreams, type Exit, terminalOf } from '../context.ts';
import { applyTarget } from '../target.ts';
import type { Terminal } from '../terminal.ts';

const HELP = `
Examples:
  $ sluice local start              starts it, or uses the one that runs
  $ sluice local status --json      where it is, what is deployed on it, and the API key of POST /logs
  $ sluice local stop

The local cloud is MiniStack, which plays AWS on this machine: no account, no costs, nothing kept after a stop. It needs
Python 3.10 or newer. SLUICE_LOCAL_PORT asks for a port. With AWS_ENDPOINT_URL set, that one is used instead.`;

export function localCommand(streams: CliStreams, exit: Exit): Command {
  const local = new Command('local')
    .summary('start, stop or look at the local cloud')
    .description('The local cloud: AWS on this machine.');
  local.addHelpText('after', HELP);
  local
    .command('start')
    .description('start the local cloud; it runs until sluice local stop')
    .action(async (_options, command: Command) => {
      const terminal = terminalOf(command, streams);
      const cloud = await startLocalCloud({ onProgress: (line) => terminal.note(line) });
      if (terminal.json) terminal.printJson({ endpoint: cloud.endpoint, region: cloud.region, origin: cloud.origin });
      else printStarted(cloud.endpoint, terminal);
    });
  local
    .command('stop')
    .description('end the local cloud and all that runs on it')
    .action(async (_options, command: Command) => {
      const terminal = terminalOf(command, streams);
      const outcome = await stopLocalCloud();
      if (terminal.json) terminal.printJson({ outcome });
      else terminal.print(STOPPED[outcome]);
    });
  local
    .command('status')
    .description('where the local cloud is and what is deployed on it; exit code 1 when none runs')
    .action(async (_options, command: Command) => {
      const isRunning = await showStatus(terminalOf(command, streams), streams.env);
      if (!isRunning) exit(1);
    });
  return local;
}

const STOPPED = {
  stopped: 'the local cloud is stopped',
  'not-running': 'no local cloud runs',
  external: 'the cloud that AWS_ENDPOINT_URL names was not started here: nothing was stopped',
} as const;

function printStarted(endpoint: string, { print, note, colors }: Terminal): void {
  print(endpoint);
  note('');
  note(`Deploy on it:  ${colors.bold('npx serverless deploy --stage local')}  in a shell with`);
  for (const [name, value] of Object.entries(localEnvironment(endpoint))) note(`  export ${name}=${value}`);
}

async function showStatus(terminal: Terminal, env: NodeJS.ProcessEnv): Promise<boolean> {
  const status = await localCloudStatus();
  if (!status.running) {
    if (terminal.json) terminal.printJson({ running: false, reason: status.reason });
    terminal.note(`sluice: the local cloud does not run (${status.reason}): start it with sluice local start`);
    return false;
  }
  const { running: _, ...found } = status;
  applyTarget({ stage: LOCAL_STAGE, region: found.region, endpoint: found.endpoint }, env);
  const outputs = (await stackOutputs(`sluice-${LOCAL_STAGE}`)) ?? {};
  const { LogsApiKeyId: keyId } = outputs;
  const apiKey = keyId === undefined ? undefined : await apiKeyValue(keyId);
  if (terminal.json) {
    terminal.printJson({ ...found, stage: LOCAL_STAGE, outputs, apiKey });
    return true;
  }
  terminal.print(`the local cloud runs at ${found.endpoint}${found.startedAt ? ` since ${found.startedAt}` : ''}`);
  const entries = Object.entries(outputs);
  if (entries.length === 0) terminal.print('nothing is deployed on it: npx serverless deploy --stage local');
  for (const [name, value] of entries.sort()) terminal.print(`  ${name.padEnd(22)} ${value}`);
  if (apiKey !== undefined) terminal.print(`  ${'API key of LogsApiUrl'.padEnd(22)} ${apiKey}`);
  return true;
}
