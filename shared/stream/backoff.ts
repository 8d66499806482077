import { Fault, remedyOf } from './fault.ts';
import type { Clock } from './ports.ts';

/** Tries of one call, the first included. */
export const DEFAULT_ATTEMPTS = 6;

const BASE_MILLISECONDS = 50;
const MAX_MILLISECONDS = 5_000;

/**
 * Exponential backoff with full jitter: uniform in [0, min(5 s, 50 ms × 2^attempt)).
 * Source: "Exponential Backoff And Jitter", AWS Architecture Blog.
 */
export function backoffMilliseconds(attempt: number, clock: Pick<Clock, 'random'>): number {
  return Math.floor(clock.random() * Math.min(MAX_MILLISECONDS, BASE_MILLISECONDS * 2 ** attempt));
}

/** Calls again while the fault is one that passes. Rethrows the last fault, or at once one that waiting does not mend. */
export async function withRetry<T>(call: () => Promise<T>, clock: Clock, attempts = DEFAULT_ATTEMPTS): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await call();
    } catch (error) {
      const passes = error instanceof Fault && remedyOf(error.code) === 'retry-now';
      if (!passes || attempt + 1 >= attempts) throw error;
      await clock.sleep(backoffMilliseconds(attempt, clock));
    }
  }
}
