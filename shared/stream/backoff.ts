import { Fault, remedyOf } from './fault.ts';
import type { Clock } from './ports.ts';

/** Tries of one call, the first included. */
export const DEFAULT_ATTEMPTS = 6;

const BASE_MILLISECONDS = 50;
const MAX_MILLISECONDS = 5_000;

/**
 * No try begins so long after the first. A service that hangs takes ten seconds for every try (see
 * `shared/aws/client-settings.ts`): six of them, for the receipts and again for the groups, would outlast the
 * invocation, and a page that must go out without the tables would never be sent.
 */
export const PATIENCE_MILLISECONDS = 10_000;

/**
 * Exponential backoff with full jitter: uniform in [0, min(5 s, 50 ms × 2^attempt)).
 * Source: "Exponential Backoff And Jitter", AWS Architecture Blog.
 */
export function backoffMilliseconds(attempt: number, clock: Pick<Clock, 'random'>): number {
  return Math.floor(clock.random() * Math.min(MAX_MILLISECONDS, BASE_MILLISECONDS * 2 ** attempt));
}

/** Calls again while the fault is one that passes. Rethrows the last fault, or at once one that waiting does not mend. */
export async function withRetry<T>(call: () => Promise<T>, clock: Clock, attempts = DEFAULT_ATTEMPTS): Promise<T> {
  const start = clock.now();
  for (let attempt = 0; ; attempt++) {
    try {
      return await call();
    } catch (error) {
      const passes = error instanceof Fault && remedyOf(error.code) === 'retry-now';
      const isOver = attempt + 1 >= attempts || clock.now() - start >= PATIENCE_MILLISECONDS;
      if (!passes || isOver) throw error;
      await clock.sleep(backoffMilliseconds(attempt, clock));
    }
  }
}
