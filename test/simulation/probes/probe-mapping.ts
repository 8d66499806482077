import type { StreamRecord } from '../../../shared/stream/ports.ts';
import { EventSourceMapping, type MappingOptions } from '../models/event-source-mapping.ts';
import type { MappingMetrics } from '../models/mapping-metrics.ts';
import { ModelStream } from '../models/model-stream.ts';
import type { World } from '../world.ts';

export interface ProbeResult {
  records: StreamRecord[];
  metrics: MappingMetrics;
  isDrained: boolean;
  /** What the mapping gave up on, by sequence number. */
  kept: Map<string, Uint8Array>;
}

const RECORDS = 16;
const HOURS = 3 * 3_600_000;

export interface ProbeOptions extends Partial<MappingOptions> {
  /** The function, unless `invoke` says more of it. */
  handle?: (records: readonly StreamRecord[]) => Promise<unknown>;
  /** What is put on the stream. Default: 16 errors of one source. */
  events?: readonly object[];
}

/** Puts a few records on a stream of their own, and lets a mapping hand them to a function that misbehaves. */
export async function probeMapping(
  world: World,
  { handle = async () => undefined, events, ...options }: ProbeOptions,
): Promise<ProbeResult> {
  const { scheduler, random } = world;
  const stream = new ModelStream({ shards: 1, retentionHours: 24, random, now: () => scheduler.now });
  const kept = new Map<string, Uint8Array>();
  const mapping = new EventSourceMapping(
    {
      name: 'probe',
      batchSize: RECORDS,
      window: 1_000,
      parallelization: 1,
      bisects: true,
      reportsFailures: true,
      retries: 2,
      recordAge: HOURS,
      retryCounter: 'restarts',
      startsAt: 'trim horizon',
      paused: [],
      throttled: [],
      childFirst: false,
      invoke: (records, settle) => {
        scheduler.wake();
        handle(records).then(
          (answer) => scheduler.after(10, 'the probe answers', () => settle({ status: 'answered', answer })),
          (fault) => scheduler.after(10, 'the probe fails', () => settle({ status: 'failed', reason: String(fault) })),
        );
      },
      keepFailed: (_, records) => {
        for (const { sequenceNumber, data } of records) kept.set(sequenceNumber, data);
        return true;
      },
      ...options,
    },
    { ...world, stream },
  );
  const put = events ?? Array.from({ length: RECORDS }, (_, index) => probeEvent(`probe-${index}`, scheduler.now));
  const records = put.map((event) => stream.put({ data: Buffer.from(JSON.stringify(event)), partitionKey: 'probe' }));
  await scheduler.runUntil(scheduler.now + HOURS - 60_000);
  return { records, metrics: mapping.metrics, isDrained: mapping.isDrained, kept };
}

/** A canonical event. Its fingerprint is its source's. */
export function probeEvent(id: string, now: number, source = 'probe') {
  return { v: 1, id, type: 'log', time: new Date(now).toISOString(), level: 'error', source, message: `probe ${id}` };
}
