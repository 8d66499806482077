import { Logger } from '@aws-lambda-powertools/logger';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { logMetrics } from '@aws-lambda-powertools/metrics/middleware';
import middy from '@middy/core';
import type { Context, KinesisStreamEvent } from 'aws-lambda';
import { type BatchOutcome, type BatchResponse, type Consumer, consumeBatch } from '../stream/consume.ts';
import type { Clock, Table } from '../stream/ports.ts';
import { recordsOf } from './kinesis-records.ts';

export interface KinesisHandlerOptions {
  consumer: Consumer;
  ledger: Table;
  clock: Clock;
  /** How long the stream keeps a record. */
  retentionHours: number;
}

/** Kept back from an invocation's time for the receipt and the answer. */
const RESERVE_MILLISECONDS = 5_000;

/** A consumer as a function behind a Kinesis mapping with ReportBatchItemFailures. */
export function kinesisHandler({ consumer, ledger, clock, retentionHours }: KinesisHandlerOptions) {
  const logger = new Logger({ serviceName: consumer.name });
  const metrics = new Metrics({ namespace: 'Sluice', serviceName: consumer.name });
  const report = (outcome: BatchOutcome) => {
    for (const [name, count] of Object.entries(outcome.counts)) {
      metrics.addMetric(`events.${name}`, MetricUnit.Count, count);
    }
    metrics.addMetric('batches.failed', MetricUnit.Count, outcome.failures.length > 0 ? 1 : 0);
    if (outcome.failures.length > 0) logger.warn('batch given back in part', { outcome });
    else logger.debug('batch done', { outcome });
  };
  const handler = async (event: KinesisStreamEvent, context: Context): Promise<BatchResponse> => {
    const deadline = clock.now() + context.getRemainingTimeInMillis() - RESERVE_MILLISECONDS;
    return consumeBatch(recordsOf(event), consumer, { ledger, clock, retentionHours, deadline, report });
  };
  return middy<KinesisStreamEvent, BatchResponse>()
    .use(injectLambdaContext(logger))
    .use(logMetrics(metrics))
    .handler(handler);
}
