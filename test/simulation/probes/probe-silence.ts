import type { World } from '../world.ts';
import { probeMapping } from './probe-mapping.ts';

/** A handler that swallows its error answers nothing, which means success: the count of effects must show the loss. */
export async function probeSilence(world: World): Promise<void> {
  const effects = new Set<string>();
  const { records, kept } = await probeMapping(world, {
    batchSize: 4,
    handle: async (batch) => {
      try {
        for (const [index, { sequenceNumber }] of batch.entries()) {
          if (index === 2) throw new Error('a fault that nobody hears of');
          effects.add(sequenceNumber);
        }
        return { batchItemFailures: [] };
      } catch {
        world.chaos.hit(12);
        return undefined;
      }
    },
  });
  const lost = records.filter(({ sequenceNumber }) => !effects.has(sequenceNumber) && !kept.has(sequenceNumber));
  if (lost.length === 0)
    world.violate('a handler that swallows its error lost records, and the harness did not see it');
}
