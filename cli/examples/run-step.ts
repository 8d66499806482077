import { spawn } from 'node:child_process';
import { PROJECT_FOLDER } from '../../local/local-folder.ts';
import { CommandFailure } from '../cli-error.ts';
import type { SampleStep } from './sample-list.ts';

/** How every sample ends: what it put of what it logged. */
const PUT = /^(\d+) of (\d+) events put$/gm;

export interface StepResult {
  put: number;
}

/** Runs a step as a person would, and shows what it prints. Rejects when it ends otherwise than it should. */
export async function runStep(
  { line, exitCode = 0 }: SampleStep,
  env: NodeJS.ProcessEnv,
  print: (text: string) => void,
): Promise<StepResult> {
  const child = spawn('bash', ['-c', line], { cwd: PROJECT_FOLDER, env, stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
    print(text);
  });
  const code = await new Promise<number | null>((done, fail) => {
    child.on('error', fail);
    child.on('close', done);
  });
  if (code !== exitCode) throw new CommandFailure(`expected exit code ${exitCode} of this step, got ${code}: ${line}`);
  let put = 0;
  for (const [, events, logged] of output.matchAll(PUT)) {
    if (events !== logged) throw new CommandFailure(`expected all ${logged} events to be put, ${events} were: ${line}`);
    put += Number(events);
  }
  return { put };
}
