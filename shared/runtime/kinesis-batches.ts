import type { Context, KinesisStreamEvent } from 'aws-lambda';
import { type BatchOutcome, type BatchResponse, type Consumer, consumeBatch } from '../stream/consume.ts';
import type { Clock, Table } from '../stream/ports.ts';
import { recordsOf } from './kinesis-records.ts';
import type { Telemetry } from './telemetry.ts';

export interface KinesisBatchOptions {
  consumer: Consumer;
  ledger: Table;
  clock: Clock;
  /** How long the stream keeps a record. */
  retentionHours: number;
}

/** Kept back from an invocation's time for the receipt and the answer. */
const RESERVE_MILLISECONDS = 5_000;

/** Runs an invocation's batch through its consumer, and tells what became of it. */
export function kinesisBatches({ consumer, ...ports }: KinesisBatchOptions, openTelemetry: () => Promise<Telemetry>) {
  return async (event: KinesisStreamEvent, context: Context): Promise<BatchResponse> => {
    const deadline = ports.clock.now() + context.getRemainingTimeInMillis() - RESERVE_MILLISECONDS;
    const outcomes: BatchOutcome[] = [];
    const report = (outcome: BatchOutcome) => outcomes.push(outcome);
    const response = await consumeBatch(recordsOf(event), consumer, { ...ports, deadline, report });
    for (const outcome of outcomes) tell(outcome, await openTelemetry());
    return response;
  };
}

function tell(outcome: BatchOutcome, { logger, metrics }: Telemetry): void {
  for (const [name, count] of Object.entries(outcome.counts)) metrics.addMetric(`events.${name}`, 'Count', count);
  metrics.addMetric('events.unaccounted', 'Count', unaccounted(outcome.counts));
  metrics.addMetric('records.empty', 'Count', outcome.empty);
  metrics.addMetric('batches.failed', 'Count', outcome.failures.length > 0 ? 1 : 0);
  if (outcome.failures.length > 0) logger.warn('batch given back in part', { outcome });
  else if (outcome.withoutReceipt)
    logger.warn('batch done, and no receipt says so: a replay may count it again', { outcome });
  else logger.debug('batch done', { outcome });
}

/** Each event ends in exactly one of four ways. Anything but 0 is a fault of the consumer, and raises an alarm. */
function unaccounted({ received, projected, duplicates, filtered, quarantined }: BatchOutcome['counts']): number {
  return Math.abs(received - projected - duplicates - filtered - quarantined);
}
