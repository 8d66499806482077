import type { StreamRecord } from '../../../shared/stream/ports.ts';
import { isIn, type Span } from '../chaos.ts';
import type { World } from '../world.ts';
import { probeMapping } from './probe-mapping.ts';

const HOUR = 3_600_000;
/** The mapping asks again within a minute. */
const CATCHES_UP = 60_000;
/** A full batch is handed over at once; its rest is due half a second after the answer. */
const MID_BATCH = 500;

interface Throttle {
  retryCounter: 'restarts' | 'goes on';
  /** Whether the throttle begins when the batch is done in part, or before its first try. */
  isBegun: boolean;
}

/**
 * A mapping that may not retry at all is throttled for an hour. A throttle that used up a retry would have it give the
 * records up.
 */
export async function probeThrottle(world: World, { retryCounter, isBegun }: Throttle): Promise<void> {
  const { scheduler } = world;
  const name = `throttled for an hour, counter ${retryCounter}${isBegun ? ', in mid-batch' : ''}`;
  const hour = { from: scheduler.now + (isBegun ? MID_BATCH : 0), to: scheduler.now + HOUR };
  const invokedAt: number[] = [];
  const done: StreamRecord[] = [];
  const { records, metrics, isDrained, kept } = await probeMapping(world, {
    retryCounter,
    retries: 0,
    throttled: [hour],
    handle: async (batch) => {
      const most = isBegun && invokedAt.length === 0 ? batch.length / 2 : batch.length;
      invokedAt.push(scheduler.now);
      done.push(...batch.slice(0, most));
      const next = batch.slice(most, most + 1);
      return { batchItemFailures: next.map(({ sequenceNumber }) => ({ itemIdentifier: sequenceNumber })) };
    },
  });
  if (metrics.throttled > 0) world.chaos.hit(18, retryCounter);
  else world.violate(`${name}: no throttle came in its way`);
  if (!isDrained || kept.size > 0) world.violate(`${name}: ${kept.size} of ${records.length} records given up`);
  if (done.length !== records.length || new Set(done).size !== records.length) {
    world.violate(`${name}: ${done.length} records done, of ${records.length} each once`);
  }
  checkTimes(world, { name, hour, invokedAt, most: isBegun ? 2 : 1 });
}

function checkTimes(
  world: World,
  { name, hour, invokedAt, most }: { name: string; hour: Span; invokedAt: readonly number[]; most: number },
): void {
  const last = invokedAt.at(-1) ?? hour.to;
  if (invokedAt.length !== most) world.violate(`${name}: ${invokedAt.length} invocations, ${most} expected`);
  if (invokedAt.some((at) => isIn(at, [hour]))) world.violate(`${name}: invoked all the same`);
  if (last < hour.to || last > hour.to + CATCHES_UP) world.violate(`${name}: caught up ${last - hour.to} ms after it`);
}
