import { mkdirSync } from 'node:fs';
import { withCloudLock } from './cloud-lock.ts';
import { clearCloud, launchCloud, runningCloud } from './cloud-process.ts';
import { readCloudState, writeCloudState } from './cloud-state.ts';
import { LOCAL_REGION } from './local-environment.ts';
import { LocalFailure } from './local-failure.ts';
import { type LocalFolder, localFolder, shownPath } from './local-folder.ts';
import { ensureEnvironment } from './virtual-environment.ts';

export interface StartOptions {
  /** Hears a line for each long step. Default: nobody. */
  onProgress?: (line: string) => void;
  /** True: a cloud that this call starts ends with this process, kill -9 included, unless `keep` is called. Default: it stays. */
  owner?: boolean;
  /** Default: `.local`, or what SLUICE_LOCAL_DIR names. */
  folder?: LocalFolder;
}

export interface LocalCloud {
  endpoint: string;
  region: string;
  /** `started` by this call, `reused` when one ran, `external` when AWS_ENDPOINT_URL names it. */
  origin: 'started' | 'reused' | 'external';
  /** Leaves it running after this process. Nothing to do unless this call started it with `owner`. */
  keep(): Promise<void>;
  /** Ends it if this call started it; a reused or external one is let be. */
  stop(): Promise<void>;
}

export type CloudStatus =
  | {
      running: true;
      endpoint: string;
      region: string;
      external: boolean;
      pid?: number;
      port?: number;
      startedAt?: string;
      owner?: number;
    }
  | { running: false; reason: string };

/**
 * Gives a local cloud that answers: the one in AWS_ENDPOINT_URL, the one that runs, or a new one. Safe to call from
 * several processes at once: one starts it, the others reuse it. Rejects with a `LocalFailure`.
 */
export async function startLocalCloud(options: StartOptions = {}): Promise<LocalCloud> {
  const { onProgress = () => {}, owner = false, folder = localFolder() } = options;
  const external = externalEndpoint(folder);
  if (external) return joinExternal(external, onProgress);
  mkdirSync(folder.path, { recursive: true });
  return withCloudLock(
    folder.lock,
    () => startUnderLock(folder, owner, onProgress),
    () => onProgress('another start is under way: waiting for it'),
  );
}

/** The folder of the pinned Python tools, cfn-lint among them, made if it is not there. Starts nothing. */
export async function preparePython(onProgress: (line: string) => void, folder = localFolder()): Promise<string> {
  mkdirSync(folder.path, { recursive: true });
  return withCloudLock(
    folder.lock,
    () => ensureEnvironment({ onProgress, installLog: folder.installLog }),
    () => onProgress('another start is under way: waiting for it'),
  );
}

async function startUnderLock(
  folder: LocalFolder,
  owner: boolean,
  onProgress: (line: string) => void,
): Promise<LocalCloud> {
  const running = await runningCloud(folder);
  if (running) {
    onProgress(
      `using the local cloud that runs at ${running.endpoint}${running.owner ? ` (it ends with process ${running.owner})` : ''}`,
    );
    return {
      endpoint: running.endpoint,
      region: running.region,
      origin: 'reused',
      keep: async () => {},
      stop: async () => {},
    };
  }
  if (await clearCloud(folder)) onProgress('ended a local cloud that no longer answered');
  const binFolder = await ensureEnvironment({ onProgress, installLog: folder.installLog });
  onProgress('starting the local cloud');
  const { state, process: guarded } = await launchCloud(folder, binFolder);
  const keep = async () => {
    const { owner: _, ...kept } = state;
    writeCloudState(folder.state, kept);
    await guarded.release();
  };
  if (owner) guarded.unref();
  else await keep();
  onProgress(`the local cloud runs at ${state.endpoint} (its output: ${shownPath(folder.log)})`);
  return {
    endpoint: state.endpoint,
    region: state.region,
    origin: 'started',
    keep: owner ? keep : async () => {},
    stop: async () => void (await stopLocalCloud({ folder })),
  };
}

/** Ends the local cloud with all its Lambdas. Answers what there was to end; an external one is let be. */
export async function stopLocalCloud(
  options: { folder?: LocalFolder } = {},
): Promise<'stopped' | 'not-running' | 'external'> {
  const { folder = localFolder() } = options;
  if (externalEndpoint(folder)) return 'external';
  mkdirSync(folder.path, { recursive: true });
  return withCloudLock(folder.lock, async () => ((await clearCloud(folder)) ? 'stopped' : 'not-running'));
}

/** Whether a local cloud answers, and where. Changes nothing. */
export async function localCloudStatus(options: { folder?: LocalFolder } = {}): Promise<CloudStatus> {
  const { folder = localFolder() } = options;
  const external = externalEndpoint(folder);
  if (external) {
    if (await answers(external))
      return { running: true, endpoint: external, region: process.env.AWS_REGION ?? LOCAL_REGION, external: true };
    return { running: false, reason: `nothing answers at AWS_ENDPOINT_URL (${external})` };
  }
  const running = await runningCloud(folder);
  if (running) {
    const { endpoint, region, pid, port, startedAt, owner } = running;
    return { running: true, endpoint, region, external: false, pid, port, startedAt, owner };
  }
  const stale = readCloudState(folder.state);
  return {
    running: false,
    reason: stale ? `the one started at ${stale.startedAt} no longer answers at ${stale.endpoint}` : 'none was started',
  };
}

/** AWS_ENDPOINT_URL, unless it is our own cloud's address: then the state file knows more. */
function externalEndpoint(folder: LocalFolder): string | undefined {
  const endpoint = process.env.AWS_ENDPOINT_URL?.replace(/\/+$/, '');
  return endpoint && endpoint !== readCloudState(folder.state)?.endpoint ? endpoint : undefined;
}

async function joinExternal(endpoint: string, onProgress: (line: string) => void): Promise<LocalCloud> {
  if (!(await answers(endpoint))) {
    throw new LocalFailure(
      'endpoint-unreachable',
      `Nothing answers at ${endpoint}, which AWS_ENDPOINT_URL names: start what should, or unset it to have a local cloud started.`,
    );
  }
  onProgress(`using the cloud at ${endpoint}, which AWS_ENDPOINT_URL names`);
  return {
    endpoint,
    region: process.env.AWS_REGION ?? LOCAL_REGION,
    origin: 'external',
    keep: async () => {},
    stop: async () => {},
  };
}

/** Any answer counts: it need not be MiniStack. */
async function answers(endpoint: string): Promise<boolean> {
  try {
    await fetch(endpoint, { signal: AbortSignal.timeout(5_000) });
    return true;
  } catch {
    return false;
  }
}
