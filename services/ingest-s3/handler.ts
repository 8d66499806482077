import middy from '@middy/core';
import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { loadLater } from '../../shared/runtime/load-later.ts';
import { telemetryOf } from '../../shared/runtime/telemetry.ts';

/** Kept back for what is under way when time runs out: one chunk, its receipt and the answer. */
const RESERVE_MILLISECONDS = 40_000;

const telemetry = telemetryOf('ingest-s3');
const loading = loadLater(() => import('./wiring.ts'));

export const handler = middy<SQSEvent, SQSBatchResponse>()
  .use(telemetry.middleware)
  .handler(async (event: SQSEvent, context: Context) => {
    const { ingest } = await loading;
    const milliseconds = context.getRemainingTimeInMillis() - RESERVE_MILLISECONDS;
    return ingest(event, { milliseconds, ...(await telemetry.open()) });
  });
