import middy from '@middy/core';
import eventNormalizer from '@middy/event-normalizer';
import validator from '@middy/validator';
import { transpileSchema } from '@middy/validator/transpile';
import type { Context, KinesisStreamEvent } from 'aws-lambda';
import { z } from 'zod';
import { type LogEvent, logEvent } from '../../shared/events/event.ts';
import { Routes, type Settled } from './settle.ts';

/** middy's own way: its normalizer decodes the records in place, its validator checks them with compiled ajv. */
export function middyHandler(): (event: KinesisStreamEvent) => Promise<Settled> {
  const { $schema: _, ...event } = z.toJSONSchema(logEvent);
  const record = { type: 'object', properties: { kinesis: { type: 'object', properties: { data: event } } } };
  const eventSchema = { type: 'object', properties: { Records: { type: 'array', items: record } } };
  const handler = middy()
    .use(eventNormalizer())
    .use(validator({ eventSchema: transpileSchema(eventSchema) }))
    .handler(async (normalized: unknown) => {
      const routes = new Routes();
      for (const { kinesis } of (normalized as { Records: { kinesis: { data: LogEvent } }[] }).Records) {
        routes.take(kinesis.data);
      }
      return routes.settled();
    });
  return (input) => handler(input, {} as Context) as Promise<Settled>;
}

/** The normalizer writes into the event that it is given: each run gets its own. */
export function copyOf({ Records }: KinesisStreamEvent): KinesisStreamEvent {
  return { Records: Records.map((record) => ({ ...record, kinesis: { ...record.kinesis } })) };
}
