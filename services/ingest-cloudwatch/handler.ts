import middy from '@middy/core';
import type { CloudWatchLogsEvent } from 'aws-lambda';
import { loadLater } from '../../shared/runtime/load-later.ts';
import { telemetryOf } from '../../shared/runtime/telemetry.ts';

const telemetry = telemetryOf('ingest-cloudwatch');
const loading = loadLater(() => import('./wiring.ts'));

export const handler = middy<CloudWatchLogsEvent, void>()
  .use(telemetry.middleware)
  .handler(async (event: CloudWatchLogsEvent) => {
    const { ingest } = await loading;
    const ingested = await ingest(event);
    const { logger, metrics } = await telemetry.open();
    metrics.addMetric('events.ingested', 'Count', ingested.events);
    if (ingested.foreign > 0) logger.warn('a message that is no envelope of CloudWatch Logs was passed on as it came');
    else logger.debug('lines put', { ...ingested });
  });
