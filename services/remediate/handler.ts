import middy from '@middy/core';
import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { loadLater } from '../../shared/runtime/load-later.ts';
import { telemetryOf } from '../../shared/runtime/telemetry.ts';

/** Kept back from an invocation's time: a call to EC2 that hangs takes ten seconds. */
const RESERVE_MILLISECONDS = 12_000;

const telemetry = telemetryOf('remediate');
const loading = loadLater(() => import('./wiring.ts'));

/** A batch of the request queue, or an alarm that invokes the function itself. */
export const handler = middy<SQSEvent | object, SQSBatchResponse | undefined>()
  .use(telemetry.middleware)
  .handler(async (event: SQSEvent | object, context: Context) => {
    const { workOff, queueDirect } = await loading;
    const { logger, metrics } = await telemetry.open();
    if (!('Records' in event)) {
      logger.info('an alarm came', { outcome: await queueDirect(event) });
      return undefined;
    }
    const { answer, remediated } = await workOff(event, context.getRemainingTimeInMillis() - RESERVE_MILLISECONDS);
    metrics.addMetric('remediations.settled', 'Count', remediated.settled);
    metrics.addMetric('remediations.unclear', 'Count', remediated.unclear);
    if (remediated.reasons.length > 0) logger.warn('remediations wait', { ...remediated });
    else logger.debug('remediations looked after', { ...remediated });
    return answer;
  });
