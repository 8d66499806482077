import { alertsBenchmark } from './alerts.ts';
import { coldStartBenchmark } from './cold-start.ts';
import { costBenchmark } from './cost.ts';
import { fingerprintBenchmark } from './fingerprint.ts';
import { groupingBenchmark } from './grouping.ts';
import { handlerBenchmark } from './handler.ts';
import type { Benchmark } from './harness/result.ts';
import { producerBenchmark } from './producer.ts';
import { scaleBenchmark } from './scale.ts';
import { throughputBenchmark } from './throughput.ts';

/** All benchmarks, in the order of the page. */
export const BENCHMARKS: readonly Benchmark[] = [
  handlerBenchmark,
  producerBenchmark,
  fingerprintBenchmark,
  groupingBenchmark,
  throughputBenchmark,
  coldStartBenchmark,
  alertsBenchmark,
  costBenchmark,
  scaleBenchmark,
];
