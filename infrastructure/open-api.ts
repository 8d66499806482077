import { HTTP_EVENTS } from '../shared/events/http-event.ts';
import { httpEventSchema } from './http-validator.ts';

type Json = Record<string, unknown>;

const schemaRef = (name: string) => ({ $ref: `#/components/schemas/${name}` });
const json = (schema: Json, example?: unknown) => ({
  'application/json': { schema, ...(example === undefined ? {} : { example }) },
});
const object = (properties: Json, optional: readonly string[] = []): Json => ({
  type: 'object',
  properties,
  required: Object.keys(properties).filter((name) => !optional.includes(name)),
  additionalProperties: false,
});
const text = (description: string) => ({ type: 'string', description });

const ID = '01a1fcd5-3569-7000-87a5-373f448a6555';
const EVENT = {
  log_level: 'ERROR',
  message: 'payment 4711 failed',
  details: { order: 17 },
  source_application: 'shop',
};

const SCHEMAS = {
  Accepted: object({ ids: { type: 'array', items: { type: 'string' }, description: 'in the order of the body' } }),
  Faults: object(
    {
      message: { type: 'string' },
      faults: { type: 'array', items: schemaRef('Fault') },
      more: { type: 'integer', description: 'faults beyond the 5,000 that are named' },
    },
    ['more'],
  ),
  Fault: object({
    path: text('JSON Pointer (RFC 6901) into the body as it was sent; empty for the whole'),
    expected: { type: 'string' },
    got: text('what came, shortened'),
  }),
  Refused: object({
    message: { type: 'string' },
    events: {
      type: 'array',
      items: object({ id: { type: 'string' }, accepted: { type: 'boolean' } }),
      description: 'in the order of the body',
    },
  }),
  Message: object({ message: { type: 'string' } }),
};

/** The answers, by status. */
const RESPONSES = {
  202: {
    description: 'Every event is on the stream. An id that was sent before has no second effect.',
    content: json(schemaRef('Accepted'), { ids: [ID] }),
  },
  400: {
    description: 'Something is wrong with the body: every fault is named, and nothing of it was put onto the stream.',
    content: json(schemaRef('Faults'), {
      message: 'The body has 1 fault: nothing of it was put onto the stream.',
      faults: [{ path: '/0/message', expected: 'what happened, a text that is not empty', got: 'nothing' }],
    }),
  },
  403: { description: 'No key, or a wrong one.', content: json(schemaRef('Message'), { message: 'Forbidden' }) },
  413: { description: 'The body is over 1 MiB: send it in parts.', content: json(schemaRef('Message')) },
  415: { description: 'The body is compressed: send it as it is.', content: json(schemaRef('Message')) },
  429: {
    description: 'More requests than the usage plan lets this key make: send it again later.',
    content: json(schemaRef('Message'), { message: 'Too Many Requests' }),
  },
  500: {
    description: 'A fault of Sluice. What was put is not known: events that had ids can be sent again without harm.',
    content: json(schemaRef('Message')),
  },
  503: {
    description:
      'The stream did not take every event. Send those that were not accepted again, or all, with these ids.',
    headers: { 'Retry-After': { description: 'seconds', schema: { type: 'integer' } } },
    content: json(schemaRef('Refused')),
  },
};

/** `POST /logs` in OpenAPI 3.1, whose schemas are JSON Schema 2020-12: the event's is the one that requests are checked by. */
export function openApi() {
  const event = schemaRef('Event');
  const list = { type: 'array', minItems: 1, maxItems: HTTP_EVENTS, items: event };
  return {
    openapi: '3.1.0',
    info: {
      title: 'Sluice',
      version: '1',
      description: 'Log events by HTTP.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [
      {
        url: 'https://{api}.execute-api.{region}.amazonaws.com/{stage}',
        description: 'The output LogsApiUrl of the stack, without /logs',
        variables: { api: { default: 'api' }, region: { default: 'us-east-1' }, stage: { default: 'dev' } },
      },
    ],
    security: [{ key: [] }],
    paths: {
      '/logs': {
        post: {
          operationId: 'postLogs',
          summary: 'Put one event or a list of them onto the stream',
          requestBody: { required: true, content: json({ oneOf: [event, list] }, EVENT) },
          responses: RESPONSES,
        },
      },
    },
    components: {
      securitySchemes: { key: { type: 'apiKey', in: 'header', name: 'x-api-key' } },
      schemas: { Event: httpEventSchema(), ...SCHEMAS },
    },
  };
}

/** What is committed as `docs/openapi.json`. */
export function openApiFile(): string {
  return `${JSON.stringify(openApi(), null, 2)}\n`;
}
