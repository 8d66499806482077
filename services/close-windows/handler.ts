import { Logger } from '@aws-lambda-powertools/logger';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import middy from '@middy/core';
import type { Context, ScheduledEvent } from 'aws-lambda';
import { snsTopics } from '../../shared/aws/sns-topics.ts';
import { deployedTables } from '../../shared/runtime/deployed-tables.ts';
import { deployedConfiguration, requiredByLevel } from '../../shared/runtime/environment.ts';
import { systemClock as clock } from '../../shared/runtime/system-clock.ts';
import { closeWindows } from './close-windows.ts';

const RESERVE_MILLISECONDS = 10_000;

const logger = new Logger({ serviceName: 'close-windows' });
const ports = {
  clock,
  alertGroups: deployedTables.alertGroups(),
  publish: snsTopics(requiredByLevel('TOPIC_ARN'), clock),
  windows: deployedConfiguration<'alerts'>().alerts.windowSeconds,
};

export const handler = middy<ScheduledEvent, void>()
  .use(injectLambdaContext(logger))
  .handler(async (_event: ScheduledEvent, context: Context) => {
    const deadline = clock.now() + context.getRemainingTimeInMillis() - RESERVE_MILLISECONDS;
    const closed = await closeWindows(ports, deadline);
    if (closed.reasons.length > 0) logger.warn('notices still wait', { ...closed });
    else logger.debug('windows closed', { ...closed });
  });
