import type { Datapoint } from './model-alarm.ts';

/** What is known of a mapping's work. */
export interface MappingMetrics {
  batches: number;
  invocations: number;
  throttled: number;
  /** Most tries that one batch took, the first included. */
  tries: number;
  /** Oldest record handed over, milliseconds. */
  iteratorAge: number;
  /** `IteratorAge` of each try, throttled or not: of the last record of its batch. */
  ages: Datapoint[];
  /** When the first record was given up for its age. */
  firstExpired: number | undefined;
}

export function noMetrics(): MappingMetrics {
  return { batches: 0, invocations: 0, throttled: 0, tries: 0, iteratorAge: 0, ages: [], firstExpired: undefined };
}
