import type { World } from '../world.ts';
import { probeMapping } from './probe-mapping.ts';

const RETRIES = 2;

/** A function that fails whatever it gets. Bisection must end, after exactly so many invocations, with all records kept. */
export async function probeBisect(world: World): Promise<void> {
  const handle = (records: readonly unknown[]) => {
    if (records.length > 1) world.chaos.hit(10);
    return Promise.reject(new Error('poison'));
  };
  const { records, metrics, isDrained, kept } = await probeMapping(world, { handle, retries: RETRIES });
  // A tree of halves over n records has n - 1 inner nodes and n leaves; splits use up no retry, each leaf has its own.
  const computed = metrics.batches === 1 ? 2 * records.length - 1 + records.length * RETRIES : Number.NaN;
  if (metrics.invocations !== computed) {
    world.violate(`all poison: expected ${computed} invocations, got ${metrics.invocations}`);
  }
  if (!isDrained || kept.size !== records.length)
    world.violate(`all poison: ${kept.size} of ${records.length} records kept`);
}
