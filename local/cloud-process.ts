import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type CloudState, readCloudState, removeCloudState, writeCloudState } from './cloud-state.ts';
import { choosePort, LOOPBACK } from './free-port.ts';
import { type GuardedProcess, startGuarded } from './guarded-process.ts';
import { LOCAL_REGION } from './local-environment.ts';
import { LocalFailure } from './local-failure.ts';
import { type LocalFolder, NODE_FOLDER, shownPath } from './local-folder.ts';
import { endGroup, groupRuns, processStamp } from './process-group.ts';
import { cleanPythonEnvironment } from './python.ts';

const HEALTHY_WITHIN_MS = 60_000;

/**
 * What runs as a Lambda's `node`: Node 24 with less claim to the processor than the cloud itself. The cloud starts a
 * process for each call of a function at once; a burst of them would else keep it from refusing what is over a throttle.
 */
const POLITE_NODE = `#!/bin/sh\nexec nice -n 10 "${join(NODE_FOLDER, 'node')}" "$@"\n`;

/** Whether MiniStack answers at this endpoint: another program on the port does not know the path. */
export async function isHealthy(endpoint: string): Promise<boolean> {
  try {
    const response = await fetch(`${endpoint}/_ministack/health`, { signal: AbortSignal.timeout(3_000) });
    const body = (await response.json()) as { services?: unknown };
    return response.ok && typeof body.services === 'object';
  } catch {
    return false;
  }
}

/** The cloud that runs and is ours, or undefined. */
export async function runningCloud(folder: LocalFolder): Promise<CloudState | undefined> {
  const state = readCloudState(folder.state);
  if (!state || processStamp(state.pid) !== state.processStamp) return undefined;
  return (await isHealthy(state.endpoint)) ? state : undefined;
}

/** Ends whatever the state file tells of and clears up after it. Answers whether there was something to end. */
export async function clearCloud(folder: LocalFolder): Promise<boolean> {
  const state = readCloudState(folder.state);
  const ran = state !== undefined && isOurs(state) && groupRuns(state.pid);
  if (ran && !(await endGroup(state.pid))) {
    throw new LocalFailure(
      'not-stopped',
      `The local cloud (process group ${state.pid}) could not be ended: end it by hand.`,
    );
  }
  removeCloudState(folder.state);
  rmSync(folder.temporary, { recursive: true, force: true });
  return ran;
}

/** A number that another process has by now is not ours; a dead leader may have left members in its group. */
function isOurs(state: CloudState): boolean {
  const stamp = processStamp(state.pid);
  return stamp === undefined || stamp === state.processStamp;
}

/** Starts MiniStack and waits until it answers. On failure nothing is left behind but its log. */
export async function launchCloud(
  folder: LocalFolder,
  binFolder: string,
): Promise<{ state: CloudState; process: GuardedProcess }> {
  if (!existsSync(join(NODE_FOLDER, 'node'))) {
    throw new LocalFailure(
      'node-missing',
      `Node 24 is not in ${shownPath(NODE_FOLDER)}: run npm ci and then this again.`,
    );
  }
  const port = await choosePort();
  mkdirSync(folder.temporary, { recursive: true, mode: 0o700 });
  // The cloud's Lambda worker is CommonJS. Below this project it would be taken for an ES module, and die without a word.
  writeFileSync(join(folder.temporary, 'package.json'), '{"type":"commonjs"}\n');
  writeFileSync(join(folder.temporary, 'node'), POLITE_NODE, { mode: 0o755 });
  const guarded = await startGuarded({
    command: join(binFolder, 'python'),
    args: ['-m', 'ministack'],
    env: cloudEnvironment(port, folder),
    logFile: folder.log,
    removeAfter: [folder.state, folder.temporary],
  });
  const endpoint = `http://${LOOPBACK}:${port}`;
  const state: CloudState = {
    endpoint,
    region: LOCAL_REGION,
    port,
    pid: guarded.pid,
    processStamp: processStamp(guarded.pid) ?? '',
    startedAt: new Date().toISOString(),
    owner: process.pid,
  };
  // Written before it answers: whoever comes after a crash right here finds what to clear up.
  writeCloudState(folder.state, state);
  const outcome = await waitUntilHealthy(guarded, endpoint);
  if (outcome === 'healthy') return { state, process: guarded };
  await clearCloud(folder);
  throw new LocalFailure('not-healthy', notHealthySentence(outcome, endpoint, folder));
}

async function waitUntilHealthy(guarded: GuardedProcess, endpoint: string): Promise<'healthy' | 'ended' | 'silent'> {
  let ended = false;
  guarded.exited.then(() => {
    ended = true;
  });
  const deadline = Date.now() + HEALTHY_WITHIN_MS;
  while (Date.now() < deadline) {
    if (ended) return 'ended';
    if (await isHealthy(endpoint)) return 'healthy';
    await sleep(100);
  }
  return 'silent';
}

function notHealthySentence(outcome: 'ended' | 'silent', endpoint: string, folder: LocalFolder): string {
  const what =
    outcome === 'ended' ? 'ended as it started' : `did not answer at ${endpoint} within ${HEALTHY_WITHIN_MS / 1000} s`;
  const lines = existsSync(folder.log) ? readFileSync(folder.log, 'utf8').trimEnd().split('\n').slice(-8) : [];
  return `The local cloud ${what}: see ${shownPath(folder.log)}, whose last lines are\n${lines.map((line) => `  ${line}`).join('\n')}`;
}

/**
 * What MiniStack runs with. Its default bind address is all interfaces and it opens a port for MQTT: neither here.
 * Its Lambdas run the first `node` on PATH. Nothing of the caller's AWS settings gets in.
 */
function cloudEnvironment(port: number, folder: LocalFolder): Record<string, string> {
  const inherited = Object.entries(cleanPythonEnvironment()).filter(
    ([name]) =>
      !/^(AWS_|MINISTACK_|LOCALSTACK_|LAMBDA_|NODE_|PERSIST_STATE$|S3_PERSIST$|SERVICES$|USE_SSL$|LOG_LEVEL$|EDGE_PORT$)/.test(
        name,
      ),
  );
  const env = Object.fromEntries(inherited);
  return {
    ...env,
    PATH: [folder.temporary, NODE_FOLDER, env.PATH ?? ''].join(delimiter),
    BIND_HOST: LOOPBACK,
    GATEWAY_PORT: String(port),
    IOT_MTLS_ENABLED: '0',
    TMPDIR: folder.temporary,
    PYTHONUNBUFFERED: '1',
  };
}
