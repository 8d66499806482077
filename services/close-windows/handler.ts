import middy from '@middy/core';
import type { Context, ScheduledEvent } from 'aws-lambda';
import { loadLater } from '../../shared/runtime/load-later.ts';
import { telemetryOf } from '../../shared/runtime/telemetry.ts';

const RESERVE_MILLISECONDS = 10_000;
/** The next minute's run goes on with what is left: two at a time would send the same notices twice. */
const RUN_MILLISECONDS = 50_000;

const telemetry = telemetryOf('close-windows');
const loading = loadLater(() => import('./wiring.ts'));

export const handler = middy<ScheduledEvent, void>()
  .use(telemetry.middleware)
  .handler(async (_event: ScheduledEvent, context: Context) => {
    const { close } = await loading;
    const closed = await close(Math.min(RUN_MILLISECONDS, context.getRemainingTimeInMillis() - RESERVE_MILLISECONDS));
    const { logger, metrics } = await telemetry.open();
    for (const [receiver, count] of Object.entries(closed.refused)) {
      metrics.singleMetric().addDimension('receiver', receiver).addMetric('notices.refused', 'Count', count);
    }
    metrics.addMetric('notices.sent', 'Count', closed.notices);
    metrics.addMetric(
      'notices.waiting',
      'Count',
      Object.values(closed.refused).reduce((sum, count) => sum + count, 0),
    );
    metrics.addMetric('notices.givenUp', 'Count', closed.givenUp);
    if (closed.reasons.length > 0) logger.warn('notices still wait', { ...closed });
    else logger.debug('windows closed', { ...closed });
  });
