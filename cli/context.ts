import type { Command } from 'commander';
import { stackOutputs } from '../shared/aws/stack-outputs.ts';
import { CommandFailure } from './cli-error.ts';
import { applyTarget, findTarget, type Target } from './target.ts';
import { createTerminal, type Terminal } from './terminal.ts';

export interface CliStreams {
  stdin: NodeJS.ReadableStream;
  stdout: NodeJS.WriteStream;
  stderr: NodeJS.WriteStream;
  env: NodeJS.ProcessEnv;
}

/** Sets the exit code of a command that ends without an error and yet has bad news. */
export type Exit = (code: 0 | 1) => void;

interface GlobalOptions {
  stage?: string;
  region?: string;
  json?: boolean;
  color: boolean;
  verbose?: boolean;
}

/** A deployment that a command talks to. */
export interface Deployment extends Target {
  /** The value of an output of its stack. Throws a sentence when it has none of that name. */
  output(name: string): string;
  /** False where `archive.enabled` is. */
  hasArchive: boolean;
}

/** What the output `Archive` of a stack says where there is none. Earlier deployments, which all had one, say nothing. */
export const NO_ARCHIVE = 'disabled';

export function terminalOf(command: Command, { stdout, stderr, env }: CliStreams): Terminal {
  const { json = false, color, verbose = false } = command.optsWithGlobals<GlobalOptions>();
  return createTerminal({ stdout, stderr, json, color, verbose, env });
}

/** Finds what the command's options name and points the AWS SDK at it, whether it is deployed there or not. */
export async function openTarget(command: Command, env: NodeJS.ProcessEnv): Promise<Target> {
  const target = await findTarget(command.optsWithGlobals<GlobalOptions>(), env);
  applyTarget(target, env);
  return target;
}

/** Finds the deployment that the command's options name and points the AWS SDK at it. */
export async function openDeployment(command: Command, env: NodeJS.ProcessEnv): Promise<Deployment> {
  const target = await openTarget(command, env);
  const stackName = `sluice-${target.stage}`;
  const outputs = await stackOutputs(stackName);
  const where = target.endpoint ?? target.region ?? 'this account';
  if (!outputs) {
    throw new CommandFailure(
      `Stage ${target.stage} is not deployed at ${where}: run npx serverless deploy --stage ${target.stage}.`,
    );
  }
  return {
    ...target,
    hasArchive: outputs.Archive !== NO_ARCHIVE,
    output(name) {
      const value = outputs[name];
      if (value !== undefined) return value;
      throw new CommandFailure(`The stack ${stackName} at ${where} has no output ${name}: deploy this version again.`);
    },
  };
}
