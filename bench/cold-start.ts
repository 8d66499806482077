import { type Bundle, bundleEverything, bundleFunctions } from './cold-start/bundles.ts';
import { importTime } from './cold-start/import-time.ts';
import { SIZE_BUDGETS, sizeBudgets } from './cold-start/size-budgets.ts';
import { interleave, type Timings } from './harness/interleave.ts';
import { figure } from './harness/render.ts';
import { atMost, type Benchmark, type BenchmarkOptions } from './harness/result.ts';

const MILLISECOND = 1e6;

async function run({ onProgress }: BenchmarkOptions) {
  onProgress('bundling');
  const everything = await bundleEverything();
  const functions = await bundleFunctions();
  onProgress('importing');
  const contenders = [everything, ...functions].map(({ name, file }) => ({
    name,
    events: 1,
    run: () => importTime(file),
  }));
  const timings = await interleave(contenders, { warmUp: 1 });
  return {
    name: 'cold-start',
    title: 'Cold start',
    notes: [NOTE],
    tables: [
      {
        title: 'Before the first event',
        columns: [
          'function',
          'entry KB',
          'read at start KB',
          'whole KB',
          'import ms',
          'minimum',
          'faster than all clients',
        ],
        rows: [everything, ...functions].map((bundle) => rowOf(bundle, timings, everything)),
      },
    ],
    budgets: [
      ...sizeBudgets(functions),
      ...functions.map(({ name }) =>
        atMost(`${name}: import`, timings.of(name).median / MILLISECOND, SIZE_BUDGETS.importMilliseconds, 'ms'),
      ),
    ],
    missing: [],
  };
}

function rowOf({ name, entryBytes, startBytes, totalBytes }: Bundle, timings: Timings, everything: Bundle): string[] {
  const { median, minimum } = timings.of(name);
  const sizes = [entryBytes, startBytes, totalBytes].map((bytes) => figure(bytes / 1_000));
  const times = [median, minimum].map((nanoseconds) => figure(nanoseconds / MILLISECOND));
  return [name, ...sizes, ...times, `${figure(timings.ratio(everything.name, name))} ×`];
}

const NOTE = `Each function of serverless.yml, bundled as it is deployed (infrastructure/esbuild.yml). "entry" is the file that
Lambda imports, "read at start" is the entry with everything that it imports at once, "whole" has also what is loaded on
demand, such as the clients of AWS. Import times are processor time in a fresh process. Nothing is compiled at load: no
package brings zod or ajv. \`npm run check:size\` holds the sizes.`;

export const coldStartBenchmark: Benchmark = { name: 'cold-start', title: 'Cold start', run };
