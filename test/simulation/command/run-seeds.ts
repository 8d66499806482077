import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { SeedDone } from './seed-worker.ts';

export interface SeedsOptions {
  seeds: readonly number[];
  events: number;
  /** Called for each seed as it ends. Answer false to begin no more. */
  onSeed?: (done: SeedDone) => boolean | undefined;
  workers?: number;
  /** Loaded into each worker before anything else. */
  preload?: string;
  /** What the preloaded module is told. */
  data?: Record<string, unknown>;
}

/** Runs seeds on all cores; each is on one thread, and its result depends on nothing but the seed. */
export async function runSeeds(options: SeedsOptions): Promise<SeedDone[]> {
  const { seeds, events, onSeed, workers = availableParallelism(), preload, data } = options;
  const results: SeedDone[] = [];
  let next = 0;
  let goesOn = true;
  const runWorker = () =>
    new Promise<void>((resolve, reject) => {
      const execArgv = preload === undefined ? [] : ['--import', preload];
      const worker = new Worker(new URL('./seed-worker.ts', import.meta.url), {
        workerData: { events, ...data },
        execArgv,
        // What a run makes is soon gone: with the usual 16 MB a seventh of the time went into collecting it.
        resourceLimits: { maxYoungGenerationSizeMb: 128 },
      });
      const give = () => {
        const seed = goesOn ? seeds[next++] : undefined;
        if (seed === undefined) void worker.terminate().then(() => resolve());
        else worker.postMessage(seed);
      };
      worker.on('error', reject);
      worker.on('message', (done: SeedDone) => {
        results.push(done);
        if (onSeed?.(done) === false) goesOn = false;
        give();
      });
      give();
    });
  await Promise.all(Array.from({ length: Math.min(workers, seeds.length) }, runWorker));
  return results.sort((a, b) => a.seed - b.seed);
}
