import middy from '@middy/core';
import type { Context, ScheduledEvent } from 'aws-lambda';
import { loadLater } from '../../shared/runtime/load-later.ts';
import { telemetryOf } from '../../shared/runtime/telemetry.ts';

const RESERVE_MILLISECONDS = 10_000;

const telemetry = telemetryOf('close-windows');
const loading = loadLater(() => import('./wiring.ts'));

export const handler = middy<ScheduledEvent, void>()
  .use(telemetry.middleware)
  .handler(async (_event: ScheduledEvent, context: Context) => {
    const { close } = await loading;
    const closed = await close(context.getRemainingTimeInMillis() - RESERVE_MILLISECONDS);
    const { logger } = await telemetry.open();
    if (closed.reasons.length > 0) logger.warn('notices still wait', { ...closed });
    else logger.debug('windows closed', { ...closed });
  });
