import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { LEVELS, type Level } from '../../shared/events/levels.ts';

export interface Program {
  name: string;
  command: string;
  args: (port: number, folder: string) => string[];
  env: Record<string, string>;
}

export interface Drive {
  /** From the first byte sent until the last line stands in its file. */
  seconds: number;
  /** Processor time of the program, all threads. */
  cpuSeconds: number;
  lines: Record<Level, number>;
}

export interface Load {
  /** Sent first, and not measured: a program that runs for weeks is compiled and has its files open. */
  warmUp: Buffer;
  input: Buffer;
  /** Whether every line is written as it came; else the end is when the files stop growing. */
  isWhole: boolean;
}

const PATIENCE_SECONDS = 60;
/** Milliseconds without a byte after which a program is done, or broken when it wrote none. */
const QUIET = 3_000;
const SILENT = 10_000;
/** The kernel counts processor time in hundredths of a second. */
const TICKS = 100;

/** Sends the lines to a program of its own process and waits until its files stop growing. */
export async function drive({ command, args, env }: Program, { warmUp, input, isWhole }: Load): Promise<Drive> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-throughput-'));
  const port = await freePort();
  const child = spawn(command, args(port, folder), {
    env: { PATH: process.env.PATH ?? '', ...env },
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  try {
    await untilListening(port, child);
    await send(port, warmUp);
    await untilWritten(folder, warmUp.byteLength, child);
    const cpuBefore = cpuSecondsOf(child);
    const start = performance.now();
    await send(port, input);
    const seconds =
      ((await untilWritten(folder, isWhole ? warmUp.byteLength + input.byteLength : Number.POSITIVE_INFINITY, child)) -
        start) /
      1_000;
    const cpuSeconds = cpuSecondsOf(child) - cpuBefore;
    return { seconds, cpuSeconds, lines: countLines(folder) };
  } finally {
    child.stdin?.end();
    child.kill('SIGTERM');
    if (child.exitCode === null) await Promise.race([once(child, 'exit'), sleep(5_000)]);
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

async function untilListening(port: number, child: ChildProcess): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt++) {
    if (child.exitCode !== null) throw new Error(`${child.spawnfile} ended with ${child.exitCode} before it listened`);
    const socket = connect(port, '127.0.0.1');
    const isOpen = await Promise.race([
      once(socket, 'connect').then(() => true),
      once(socket, 'error').then(() => false),
    ]).catch(() => false);
    socket.destroy();
    if (isOpen) return;
    await sleep(50);
  }
  throw new Error(`${child.spawnfile} does not listen`);
}

async function send(port: number, input: Buffer): Promise<void> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  socket.end(input);
  socket.resume();
  await once(socket, 'finish');
}

/** When the files had their last byte. Programs that keep repeats write more than is asked for, those that lose, less. */
async function untilWritten(folder: string, expectedBytes: number, child: ChildProcess): Promise<number> {
  let [size, since] = [-1, performance.now()];
  const end = performance.now() + PATIENCE_SECONDS * 1_000;
  while (performance.now() < end) {
    const now = sizeOf(folder);
    if (now !== size) [size, since] = [now, performance.now()];
    const quietFor = performance.now() - since;
    if (size >= expectedBytes || (size > 0 && quietFor > QUIET)) return since;
    if (child.exitCode !== null || quietFor > SILENT) throw new Error(`${child.spawnfile} writes nothing`);
    await sleep(5);
  }
  return since;
}

const fileOf = (folder: string, level: Level) => join(folder, `${level}.log`);

function sizeOf(folder: string): number {
  return LEVELS.reduce(
    (sum, level) => sum + (statSync(fileOf(folder, level), { throwIfNoEntry: false })?.size ?? 0),
    0,
  );
}

function countLines(folder: string): Record<Level, number> {
  const counts = LEVELS.map((level) => {
    const exists = statSync(fileOf(folder, level), { throwIfNoEntry: false });
    return [level, exists ? readFileSync(fileOf(folder, level), 'utf8').split('\n').length - 1 : 0];
  });
  return Object.fromEntries(counts) as Record<Level, number>;
}

/** User and system time of a process, from /proc. */
function cpuSecondsOf({ pid }: ChildProcess): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / TICKS;
}
