import { z } from 'zod';
import { LEVELS } from './levels.ts';

/** What an event can say. A newer producer may say more, so the schema takes any text. */
const EVENT_TYPES = [
  'log',
  'host.sampled',
  'incident.acknowledged',
  'incident.resolved',
  'incident.reopened',
  'incident.assigned',
  'incident.commented',
  'incident.merged',
  'silence.created',
  'silence.ended',
  'alarm.changed',
  'remediation.requested',
  'remediation.performed',
  'remediation.failed',
] as const;

export const errorInfo = z.strictObject({
  type: z.string(),
  message: z.string(),
  stack: z.string().optional(),
});

/**
 * The log event, defined once. Types are inferred from this value; the JSON Schema for validators and the columns of
 * the Glue table are generated from it. Consumers never run it at load: they decode by hand (`decode.ts`), and a
 * property test holds the two to the same verdict.
 */
export const logEvent = z.strictObject({
  v: z.number().int().positive().describe('schema version'),
  id: z.string().min(1).max(256).describe('UUIDv7 of the producer, or shardId:sequenceNumber#index of the record'),
  type: z
    .string()
    .min(1)
    .max(64)
    .describe(`one of ${EVENT_TYPES.join(', ')}`),
  time: z.iso.datetime({ precision: 3 }).describe('UTC, ISO 8601 with milliseconds'),
  level: z.enum(LEVELS),
  source: z.string().min(1).max(256).describe('the application, service or host that logged'),
  message: z.string().describe('at most 64 KiB of UTF-8'),
  details: z.unknown().optional().describe('any JSON; with attributes at most 128 KiB'),
  error: errorInfo.optional(),
  locator: z.string().max(256).optional().describe('where in the code'),
  attributes: z.record(z.string(), z.string()).optional(),
  traceId: z.string().max(64).optional(),
  spanId: z.string().max(32).optional(),
});

export type ErrorInfo = z.infer<typeof errorInfo>;
export type LogEvent = z.infer<typeof logEvent>;
