import { describeFault } from './fault.ts';

/** Marks the records of these events as failed. The first reason stays. */
export function failRecords(failed: Map<number, string>, events: readonly { record: number }[], fault: unknown): void {
  for (const { record } of events) if (!failed.has(record)) failed.set(record, describeFault(fault));
}
