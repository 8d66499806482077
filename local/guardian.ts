/**
 * The guardian: starts one command in a process group of its own and ends the whole group when its owner is gone. The
 * owner holds the other end of the IPC channel, which the system closes however the owner dies, kill -9 included.
 * It is detached itself, so that a Ctrl-C or a signal to the owner's group does not reach it.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { openSync, rmSync } from 'node:fs';
import { endGroup } from './process-group.ts';

export interface GuardedCommand {
  command: string;
  args: string[];
  env: Record<string, string>;
  /** Takes the command's output; emptied first. */
  logFile: string;
  /** Removed when the owner died and the group was ended: state that would otherwise be stale. */
  removeAfter: string[];
}

/** What the guardian tells its owner. */
export type GuardianReport =
  | { type: 'started'; pid: number }
  | { type: 'failed'; reason: string }
  | { type: 'exited'; code: number | null; signal: string | null };

/** What the owner asks: to begin, or to go and leave the command running. */
export type GuardianOrder = { type: 'begin'; command: GuardedCommand } | { type: 'release' };

let guarded: { child: ChildProcess; command: GuardedCommand } | undefined;

function report(message: GuardianReport): void {
  if (process.connected) process.send?.(message, () => {});
}

function begin(command: GuardedCommand): void {
  const log = openSync(command.logFile, 'w', 0o600);
  const child = spawn(command.command, command.args, {
    env: command.env,
    detached: true,
    stdio: ['ignore', log, log],
  });
  guarded = { child, command };
  child.once('spawn', () => report({ type: 'started', pid: child.pid ?? 0 }));
  child.once('error', (error) => report({ type: 'failed', reason: error.message }));
  child.once('exit', (code, signal) => {
    report({ type: 'exited', code, signal });
    guarded = undefined;
    if (process.connected) process.disconnect();
  });
}

async function ownerGone(): Promise<void> {
  if (guarded?.child.pid === undefined) return process.exit();
  const { child, command } = guarded;
  if (await endGroup(child.pid as number)) {
    for (const path of command.removeAfter) rmSync(path, { recursive: true, force: true });
  }
  process.exit();
}

process.on('message', (order: GuardianOrder) => {
  if (order.type === 'begin') begin(order.command);
  else process.exit();
});
process.once('disconnect', ownerGone);
