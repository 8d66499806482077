import type { KinesisStreamEvent } from 'aws-lambda';
import { recordsOf } from '../../shared/runtime/kinesis-records.ts';
import { consumeBatch } from '../../shared/stream/consume.ts';
import { type World, world } from '../fakes/consumers.ts';
import { type Contender, interleave } from '../harness/interleave.ts';
import type { ResultTable } from '../harness/result.ts';
import { eventTexts, SMALL_BYTES, START } from '../input/events.ts';
import { withHostile } from '../input/hostile.ts';
import { invocations, withRepeats } from '../input/invocations.ts';
import { LIMIT, parsed, timeTable } from './sluice-batch.ts';

const COUNT = 10_000;
const NAMES = ['project-incidents', 'route-alerts', 'archive-events'] as const;

const clock = { now: () => START, sleep: async () => {}, random: () => 0.5 };

/** Whole consumers: decode, group, fold, receipts, rows and notices, on tables and services that answer at once. */
export async function measureConsumers(realLines: readonly string[]): Promise<ResultTable[]> {
  const texts = withRepeats(eventTexts({ count: COUNT, bytes: SMALL_BYTES, realLines }));
  const limit: Contender = { name: LIMIT, events: COUNT, run: () => void texts.map(parsed) };
  const tables: ResultTable[] = [];
  for (const size of [100, 1_000]) {
    const clean = NAMES.map((name) => consumerContender(name, name, invocations(texts, size)));
    const hostile = consumerContender(
      'project-incidents, 2 % hostile',
      'project-incidents',
      invocations(withHostile(texts), size),
    );
    const timings = await interleave([limit, ...clean, hostile]);
    tables.push(
      timeTable(
        `Whole consumers, ${size} records of ${SMALL_BYTES} bytes, everything around them at once`,
        timings,
        LIMIT,
      ),
    );
  }
  return tables;
}

function consumerContender(
  name: string,
  consumer: (typeof NAMES)[number],
  batches: readonly KinesisStreamEvent[],
): Contender {
  let fresh: World = world({ clock });
  return {
    name,
    events: COUNT,
    prepare: () => {
      fresh = world({ clock });
    },
    run: async () => {
      const { consumers, ledger } = fresh;
      const ports = { ledger, clock, retentionHours: 24, deadline: Number.POSITIVE_INFINITY };
      for (const batch of batches) await consumeBatch(recordsOf(batch), consumers[consumer], ports);
    },
  };
}
