import {
  BatchProcessor,
  BatchProcessorSync,
  EventType,
  processPartialResponse,
  processPartialResponseSync,
} from '@aws-lambda-powertools/batch';
import { parser } from '@aws-lambda-powertools/batch/parser';
import type { ParsedRecord } from '@aws-lambda-powertools/batch/types';
import { IdempotencyConfig, makeIdempotent } from '@aws-lambda-powertools/idempotency';
import type { Context, KinesisStreamEvent, KinesisStreamRecord } from 'aws-lambda';
import { type LogEvent, logEvent } from '../../shared/events/event.ts';
import { MemoryPersistence } from './memory-persistence.ts';
import { Routes, type Settled } from './settle.ts';

type Handler = (event: KinesisStreamEvent) => Settled | Promise<Settled>;

const PARTIAL = { throwOnFullBatchFailure: false } as const;

function decoded({ kinesis }: KinesisStreamRecord): unknown {
  return JSON.parse(Buffer.from(kinesis.data, 'base64').toString('utf8'));
}

/** Powertools' batch processor as it comes, asynchronous, with the schema checked by zod in the record handler. */
export function powertoolsWithZod(): Handler {
  const processor = new BatchProcessor(EventType.KinesisDataStreams);
  return async (event) => {
    const routes = new Routes();
    const handle = async (record: KinesisStreamRecord) => routes.take(logEvent.parse(decoded(record)));
    const { batchItemFailures } = await processPartialResponse(event, handle, processor, PARTIAL);
    routes.poison = batchItemFailures.length;
    return routes.settled();
  };
}

/** The same with the synchronous processor: a handler that awaits nothing may have it. */
export function powertoolsSyncWithZod(): Handler {
  const processor = new BatchProcessorSync(EventType.KinesisDataStreams);
  return (event) => {
    const routes = new Routes();
    const handle = (record: KinesisStreamRecord) => routes.take(logEvent.parse(decoded(record)));
    const { batchItemFailures } = processPartialResponseSync(event, handle, processor, PARTIAL);
    routes.poison = batchItemFailures.length;
    return routes.settled();
  };
}

/** The same with Powertools' idempotency for each event, its records kept in memory instead of a table. */
export function powertoolsWithIdempotency(): Handler {
  const processor = new BatchProcessor(EventType.KinesisDataStreams);
  const context = { getRemainingTimeInMillis: () => 60_000 } as Context;
  return async (event) => {
    const routes = new Routes();
    const config = new IdempotencyConfig({ eventKeyJmesPath: 'id', lambdaContext: context });
    const taken = new Set<string>();
    let calls = 0;
    const persistenceStore = new MemoryPersistence();
    const once = makeIdempotent(
      async (logged: LogEvent) => {
        taken.add(logged.id);
        routes.take(logged);
        return logged.level;
      },
      { persistenceStore, config },
    );
    const handle = async (record: KinesisStreamRecord) => {
      const logged = logEvent.parse(decoded(record));
      await once(logged);
      calls += 1;
    };
    // One after another: in parallel, a repeat within the batch would be refused as still in progress.
    const options = { ...PARTIAL, processInParallel: false };
    const { batchItemFailures } = await processPartialResponse(event, handle, processor, options);
    const settled = routes.settled();
    return { ...settled, duplicates: calls - taken.size, poison: batchItemFailures.length };
  };
}

/** Powertools' batch processor with its own parser, as its documentation shows it. */
export function powertoolsWithParser(): Handler {
  const processor = new BatchProcessor(EventType.KinesisDataStreams, {
    parser,
    innerSchema: logEvent,
    transformer: 'base64',
  });
  return async (event) => {
    const routes = new Routes();
    const handle = async ({ kinesis }: ParsedRecord<KinesisStreamRecord, LogEvent>) => routes.take(kinesis.data);
    const { batchItemFailures } = await processPartialResponse(event, handle, processor, PARTIAL);
    routes.poison = batchItemFailures.length;
    return routes.settled();
  };
}
