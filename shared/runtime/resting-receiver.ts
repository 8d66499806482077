import type { SendNotices } from '../alerts/outbox.ts';
import type { Clock } from '../stream/ports.ts';

export interface Patience {
  clock: Pick<Clock, 'now'>;
  /** Milliseconds after it was asked for which a receiver that did not answer is left alone: what waits for it is sent later. */
  rest: number;
  /** Milliseconds after which an answer is no longer waited for. Default: 20 seconds. */
  limit?: number;
}

/** Each sender gives up by itself before that, and keeps what was taken until then. */
const LIMIT_MILLISECONDS = 20_000;
/**
 * Whoever took nothing after so long does not answer in time; a refusal at once costs nobody anything. One that took some
 * of it works, slowly: what comes next may be critical.
 */
const SLOW_MILLISECONDS = 2_000;

/**
 * A receiver that takes no more of its caller's time than its own share: the others' notices wait in the same batch and in
 * the same minute. One that hangs is given up and left alone for a while. What it takes after all it gets again, with the
 * same ids.
 */
export function restingReceiver(send: SendNotices, { clock, rest, limit = LIMIT_MILLISECONDS }: Patience): SendNotices {
  let restsUntil = Number.NEGATIVE_INFINITY;
  return async (notices) => {
    const start = clock.now();
    if (start < restsUntil) return refused(notices.length, 'unavailable: it did not answer a moment ago');
    const unsent = await within(limit, send(notices));
    const tookNothing = notices.length > 0 && unsent?.length === notices.length;
    const isDead = unsent === undefined || (tookNothing && clock.now() - start >= SLOW_MILLISECONDS);
    // From when it was asked: the next minute's run asks again.
    if (isDead) restsUntil = start + rest;
    return unsent ?? refused(notices.length, 'unavailable: no answer in time');
  };
}

function refused(count: number, reason: string): { index: number; reason: string }[] {
  return Array.from({ length: count }, (_, index) => ({ index, reason }));
}

/** Undefined when it takes longer. */
async function within<T>(milliseconds: number, work: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, milliseconds, undefined);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
    // It is not waited for any more, and a fault of it is nobody's.
    work.catch(() => undefined);
  }
}
