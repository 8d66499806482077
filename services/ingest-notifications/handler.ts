import middy from '@middy/core';
import type { SNSEvent } from 'aws-lambda';
import { loadLater } from '../../shared/runtime/load-later.ts';
import { telemetryOf } from '../../shared/runtime/telemetry.ts';

const telemetry = telemetryOf('ingest-notifications');
const loading = loadLater(() => import('./wiring.ts'));

export const handler = middy<SNSEvent, void>()
  .use(telemetry.middleware)
  .handler(async (event: SNSEvent) => {
    const { ingest } = await loading;
    const { logger, metrics } = await telemetry.open();
    const ingested = await ingest(event, ({ failures, emails }) => {
      metrics.addMetric('failures.kept', 'Count', failures);
      metrics.addMetric('emails.undelivered', 'Count', emails);
    });
    if (ingested.unknown > 0) logger.warn('a message on the alarms topic was not understood', { ...ingested });
    else logger.debug('notifications put', { ...ingested });
  });
