import middy from '@middy/core';
import type { Context, KinesisStreamEvent } from 'aws-lambda';
import type { BatchResponse } from '../stream/consume.ts';
import type { KinesisBatchOptions } from './kinesis-batches.ts';
import { loadLater } from './load-later.ts';
import { telemetryOf } from './telemetry.ts';

/**
 * A consumer as a function behind a Kinesis mapping with ReportBatchItemFailures. It is wired while the run time fetches
 * the first batch.
 */
export function kinesisHandler(name: string, wire: () => Promise<{ options: KinesisBatchOptions }>) {
  const telemetry = telemetryOf(name);
  const loading = loadLater(async () => {
    const [{ kinesisBatches }, { options }] = await Promise.all([import('./kinesis-batches.ts'), wire()]);
    return kinesisBatches(options, telemetry.open);
  });
  return middy<KinesisStreamEvent, BatchResponse>()
    .use(telemetry.middleware)
    .handler(async (event: KinesisStreamEvent, context: Context) => (await loading)(event, context));
}
