import middy from '@middy/core';
import type { Context, KinesisStreamEvent, ScheduledEvent } from 'aws-lambda';
import { loadLater } from '../../shared/runtime/load-later.ts';
import { telemetryOf } from '../../shared/runtime/telemetry.ts';
import type { BatchResponse } from '../../shared/stream/consume.ts';

const RESERVE_MILLISECONDS = 10_000;

const telemetry = telemetryOf('evaluate-rules');
const loading = loadLater(async () => {
  const [{ kinesisBatches }, { options, sweep }] = await Promise.all([
    import('../../shared/runtime/kinesis-batches.ts'),
    import('./wiring.ts'),
  ]);
  return { consume: kinesisBatches(options, telemetry.open), sweep };
});

/** A batch of the stream, or the schedule of each minute. */
export const handler = middy<KinesisStreamEvent | ScheduledEvent, BatchResponse | undefined>()
  .use(telemetry.middleware)
  .handler(async (event: KinesisStreamEvent | ScheduledEvent, context: Context) => {
    const { consume, sweep } = await loading;
    if ('Records' in event) return consume(event, context);
    const swept = await sweep(context.getRemainingTimeInMillis() - RESERVE_MILLISECONDS);
    const { logger, metrics } = await telemetry.open();
    metrics.addMetric('firings.waiting', 'Count', swept.waiting);
    if (swept.reasons.length > 0) logger.warn('what rules decided still waits', { ...swept });
    else logger.debug('rules swept', { ...swept });
    return undefined;
  });
