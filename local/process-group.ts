import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const HAS_PROC = existsSync('/proc/self/stat');

interface ProcessStat {
  state: string;
  group: number;
  startedAt: string;
}

/**
 * What tells a process from a later one with the same number: when it started, in the system's own words.
 * Undefined when no such process runs. Source: proc_pid_stat(5) on Linux, `ps` elsewhere.
 */
export function processStamp(pid: number): string | undefined {
  if (HAS_PROC) {
    const stat = readStat(pid);
    return stat && stat.state !== 'Z' ? stat.startedAt : undefined;
  }
  try {
    const output = execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { stdio: ['ignore', 'pipe', 'ignore'] });
    return output.toString().trim() || undefined;
  } catch {
    return undefined;
  }
}

/** Whether a process group still has a member that runs: a zombie that nobody reaps does not count. */
export function groupRuns(group: number): boolean {
  try {
    process.kill(-group, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  return !HAS_PROC || groupMembers(group).length > 0;
}

/** Ends every process of the group: asks first, forces after `patienceMs`. Answers whether all are gone. */
export async function endGroup(group: number, patienceMs = 4_000): Promise<boolean> {
  for (const [signal, patience] of [
    ['SIGTERM', patienceMs],
    ['SIGKILL', 5_000],
  ] as const) {
    sendSignal(group, signal);
    for (let waited = 0; groupRuns(group); waited += 50) {
      if (waited >= patience) break;
      await sleep(50);
    }
    if (!groupRuns(group)) return true;
  }
  return false;
}

function sendSignal(group: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-group, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function groupMembers(group: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      const stat = readStat(pid);
      return stat?.group === group && stat.state !== 'Z';
    });
}

function readStat(pid: number): ProcessStat | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field, the command's name, is in brackets and may hold anything; the others follow its last bracket.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return { state: fields[0] ?? '', group: Number(fields[2]), startedAt: fields[19] ?? '' };
  } catch {
    return undefined;
  }
}
