import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { LEVELS } from '../shared/events/levels.ts';
import { figure } from './harness/render.ts';
import { atLeast, type Benchmark, type BenchmarkOptions } from './harness/result.ts';
import { median } from './harness/statistics.ts';
import { eventTexts, SMALL_BYTES } from './input/events.ts';
import { withHostile } from './input/hostile.ts';
import { NO_REAL_LOGS, readRealLogs, realLogNote } from './input/real-logs.ts';
import { debianPeers } from './throughput/debian-peers.ts';
import { type Drive, drive, type Program } from './throughput/drive.ts';

const LINES = 250_000;
const WARM_UP = 50_000;
const ROUNDS = 7;
const OURS = 'Sluice';

const sluice: Program = {
  name: OURS,
  command: process.execPath,
  args: (port, folder) => [join(import.meta.dirname, 'throughput', 'sluice-router.ts'), String(port), folder],
  env: {},
};

async function run({ directory, onProgress }: BenchmarkOptions) {
  const base = { name: 'throughput', title: 'Throughput of one process', notes: [NOTE] };
  if (!existsSync('/proc/self/stat'))
    return { ...base, tables: [], budgets: [], missing: ['throughput: it reads processor times from /proc'] };
  const { lines, sets } = readRealLogs(directory);
  const texts = nowStamped(eventTexts({ count: LINES + WARM_UP, bytes: SMALL_BYTES, realLines: lines }));
  const bytesOf = (lines: readonly string[]) => Buffer.from(`${lines.join('\n')}\n`);
  const warmUp = bytesOf(texts.slice(0, WARM_UP));
  const measured = texts.slice(WARM_UP);
  const input = bytesOf(measured);
  const { peers, missing } = debianPeers();
  const programs = [sluice, ...peers];
  const drives = new Map<string, Drive[]>(programs.map(({ name }) => [name, []]));
  for (let round = -1; round < ROUNDS; round++) {
    onProgress(`round ${round + 2} of ${ROUNDS + 1}`);
    for (const program of programs) {
      const result = await drive(program, { warmUp, input, isWhole: true });
      if (round >= 0) drives.get(program.name)?.push(result);
    }
  }
  const hostileInput = Buffer.concat(
    withHostile(measured).flatMap((record) => [Buffer.from(record), Buffer.from('\n')]),
  );
  const hostile = await drive(sluice, { warmUp, input: hostileInput, isWhole: false });
  const perSecond = (name: string) => LINES / median((drives.get(name) ?? []).map(({ seconds }) => seconds));
  const perCpu = (name: string) => LINES / median((drives.get(name) ?? []).map(({ cpuSeconds }) => cpuSeconds));
  const rows = programs.map(({ name }) => {
    const written = LEVELS.reduce((sum, level) => sum + (drives.get(name)?.at(-1)?.lines[level] ?? 0), 0);
    return [name, figure(perSecond(name)), figure(perCpu(name)), written.toLocaleString('en')];
  });
  const hostileLines = LEVELS.reduce((sum, level) => sum + hostile.lines[level], 0);
  rows.push([
    `${OURS}, 2 % hostile`,
    figure(LINES / hostile.seconds),
    figure(LINES / hostile.cpuSeconds),
    hostileLines.toLocaleString('en'),
  ]);
  return {
    ...base,
    notes: [NOTE, realLogNote(sets)],
    tables: [
      {
        title: `${LINES.toLocaleString('en')} events of ${SMALL_BYTES} bytes`,
        columns: ['', 'events a second', 'events a processor second', 'lines written'],
        rows,
      },
    ],
    budgets: peers.flatMap(({ name }) => [
      atLeast(`events a second, of ${name}`, perSecond(OURS) / perSecond(name), 1.5),
      atLeast(`events a processor second, of ${name}`, perCpu(OURS) / perCpu(name), 2.5),
    ]),
    missing: [...missing, ...(lines.length === 0 ? [NO_REAL_LOGS] : [])],
  };
}

/** A stamp more than a day off its arrival is not believed: the benchmark is about ordinary events. */
function nowStamped(texts: readonly string[]): string[] {
  const now = new Date().toISOString();
  return texts.map((text) => text.replace(/"time":"[^"]{24}"/, `"time":"${now}"`));
}

const NOTE = `NDJSON over one TCP connection on loopback, one file for each level, each program in a process of its own. Sluice is a
process made of the product's decoding: it parses, checks, drops repeats by id (100,000 and more remembered) and routes. The
peers parse the JSON and route by its level; they check nothing and drop no repeats. Until the last line is in its file; the
number of lines is compared. Processor time is of all threads, from /proc.`;

export const throughputBenchmark: Benchmark = { name: 'throughput', title: 'Throughput of one process', run };
