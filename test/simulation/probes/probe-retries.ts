import { TABLE_KEYS } from '../../../shared/aws/tables.ts';
import { type Consumer, consumeBatch } from '../../../shared/stream/consume.ts';
import { ModelTable } from '../models/model-table.ts';
import type { World } from '../world.ts';
import { probeMapping } from './probe-mapping.ts';

const RETRIES = 5;
const BAD = 'probe-5';

/** One record that fails for ever, in the product's own batch processing, under one of the two models of the counter. */
export async function probeRetries(world: World, retryCounter: 'restarts' | 'goes on'): Promise<void> {
  const { scheduler, random } = world;
  const ledger = new ModelTable({ keys: TABLE_KEYS.ledger });
  const clock = {
    now: () => scheduler.now,
    random: () => random.next(),
    sleep: (ms: number) => scheduler.sleep(ms, 'probe'),
  };
  const effects = new Map<string, number>();
  const consumer: Consumer = {
    name: 'probe',
    withoutLedger: 'fail',
    handle: async ({ events }) => {
      const failed = new Map<number, string>();
      for (const { event, record } of events) {
        if (event.id === BAD) {
          world.chaos.hit(14, retryCounter);
          failed.set(record, 'for ever');
        } else effects.set(event.id, (effects.get(event.id) ?? 0) + 1);
      }
      return { failed, duplicates: new Set(), filtered: new Set() };
    },
  };
  const { records, metrics, isDrained, kept } = await probeMapping(world, {
    retryCounter,
    retries: RETRIES,
    handle: (batch) =>
      consumeBatch(batch, consumer, { ledger, clock, retentionHours: 24, deadline: Number.POSITIVE_INFINITY }),
  });
  // One that finds it, one after the split, one for each retry.
  const most = RETRIES + 2;
  if (!isDrained || metrics.invocations > most) {
    world.violate(
      `one bad record, counter ${retryCounter}: ${metrics.invocations} invocations, at most ${most} expected`,
    );
  }
  const bad = records.find(({ data }) => Buffer.from(data).includes(`"${BAD}"`));
  if (!bad || !kept.has(bad.sequenceNumber)) world.violate(`one bad record, counter ${retryCounter}: it was not kept`);
  const once = [...effects.values()].filter((count) => count === 1).length;
  if (once !== records.length - 1)
    world.violate(`one bad record, counter ${retryCounter}: ${once} neighbours took effect once`);
}
