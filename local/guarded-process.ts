import { fork } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { GuardedCommand, GuardianOrder, GuardianReport } from './guardian.ts';
import { NODE_FOLDER } from './local-folder.ts';

export interface GuardedProcess {
  /** Of the command, and of its process group. */
  pid: number;
  /** Settles when the command ends. */
  exited: Promise<{ code: number | null; signal: string | null }>;
  /** From here on the command does not keep this process alive; it still dies with it. */
  unref(): void;
  /** Lets go of the command: it runs on, whatever happens to this process. */
  release(): Promise<void>;
}

/**
 * Starts a command that dies with this process, however this process dies (see `guardian.ts`). Rejects when the command cannot be started.
 */
export async function startGuarded(command: GuardedCommand): Promise<GuardedProcess> {
  const guardian = fork(fileURLToPath(new URL('guardian.ts', import.meta.url)), [], {
    execPath: join(NODE_FOLDER, 'node'),
    execArgv: [],
    detached: true,
    stdio: 'ignore',
    env: { PATH: process.env.PATH ?? '' },
  });
  const gone = new Promise<void>((resolve) => guardian.once('exit', () => resolve()));
  const { promise: exited, resolve: resolveExit } = Promise.withResolvers<Awaited<GuardedProcess['exited']>>();
  const started = new Promise<number>((resolve, reject) => {
    guardian.on('message', (report: GuardianReport) => {
      if (report.type === 'started') resolve(report.pid);
      else if (report.type === 'failed') reject(new Error(report.reason));
      else resolveExit({ code: report.code, signal: report.signal });
    });
    guardian.once('error', reject);
    guardian.once('exit', () => {
      reject(new Error('the guardian process ended before it could start the command'));
      resolveExit({ code: null, signal: null });
    });
  });
  const send = (order: GuardianOrder) => guardian.connected && guardian.send(order, () => {});
  send({ type: 'begin', command });
  const pid = await started;
  return {
    pid,
    exited,
    unref() {
      guardian.unref();
      guardian.channel?.unref();
    },
    async release() {
      guardian.ref();
      send({ type: 'release' });
      await gone;
    },
  };
}
