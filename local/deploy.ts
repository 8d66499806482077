import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { localEnvironment } from './local-environment.ts';
import { LocalFailure } from './local-failure.ts';
import { localFolder, NODE_FOLDER, PROJECT_FOLDER, shownPath } from './local-folder.ts';

const SERVERLESS = join(NODE_FOLDER, 'serverless');

/** Lines of the framework's output that an error shows. */
const SHOWN_LINES = 15;

export interface LocalDeployment {
  endpoint: string;
  /** Default: sluice.yml. */
  configurationFile?: string;
}

/** `serverless deploy --stage local`, or `remove`, against the local cloud. Its output goes to `.local/deploy.log`. */
export async function runServerless(command: 'deploy' | 'remove', deployment: LocalDeployment): Promise<void> {
  const folder = localFolder().path;
  mkdirSync(folder, { recursive: true });
  const log = join(folder, 'deploy.log');
  await writeFile(log, '');
  const environment = {
    ...process.env,
    ...localEnvironment(deployment.endpoint),
    ...(deployment.configurationFile ? { SLUICE_CONFIG_FILE: deployment.configurationFile } : {}),
    PATH: `${NODE_FOLDER}:${process.env.PATH ?? ''}`,
  };
  const child = spawn(SERVERLESS, [command, '--stage', 'local'], {
    cwd: PROJECT_FOLDER,
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const writes: Promise<void>[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => writes.push(appendFile(log, chunk)));
  const code = await new Promise<number | null>((done, fail) => {
    child.on('error', fail);
    child.on('close', done);
  });
  await Promise.all(writes);
  if (code === 0) return;
  const output = (await readFile(log, 'utf8')).trimEnd().split('\n').slice(-SHOWN_LINES).join('\n');
  throw new LocalFailure(
    'deploy-failed',
    `serverless ${command} --stage local failed; its last lines (all are in ${shownPath(log)}):\n${output}`,
  );
}
