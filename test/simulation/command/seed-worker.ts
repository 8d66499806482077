import { parentPort, workerData } from 'node:worker_threads';
import { type RunResult, runSeed } from '../run-seed.ts';
import { rememberUnpacked } from './remember-unpacked.ts';

/** What a worker answers for a seed. */
export type SeedDone = Omit<RunResult, 'trace'> & { cpuMilliseconds: number };

// Faults are thrown by the thousand, and nobody looks at where.
Error.stackTraceLimit = 0;
rememberUnpacked();

const { events } = workerData as { events: number };

parentPort?.on('message', async (seed: number) => {
  const before = process.threadCpuUsage();
  const { trace: _, ...result } = await runSeed({ seed, events });
  const { user, system } = process.threadCpuUsage(before);
  parentPort?.postMessage({ ...result, cpuMilliseconds: (user + system) / 1000 } satisfies SeedDone);
});
