import { riseOf } from '../checks/check-alarms.ts';
import { CONSUMERS } from '../deployed.ts';
import type { World } from '../world.ts';
import { probeMapping } from './probe-mapping.ts';

const HOUR = 3_600_000;
/** As deployed. With the longest backoff a shard is tried every three minutes, and no oftener has it an age. */
const TIME_LIMIT = 120_000;

/** A function that hangs until its time is over, try after try: the alarm of each consumer must rise before a record expires. */
export async function probeLate(world: World): Promise<void> {
  const { scheduler } = world;
  const { metrics } = await probeMapping(world, {
    retries: 10_000,
    recordAge: HOUR,
    invoke: (_, settle) => {
      scheduler.after(TIME_LIMIT, 'the probe is killed', () => settle({ status: 'failed', reason: 'time limit' }));
    },
  });
  if (metrics.firstExpired === undefined) return world.violate('hanging: no record expired');
  for (const service of [...CONSUMERS, 'evaluate-rules']) {
    const rise = riseOf(service, 'IteratorAge', metrics.ages);
    if (rise >= metrics.firstExpired) world.violate(`${service}, hanging: a record expired without an alarm before`);
  }
}
