import { Ajv2020 } from 'ajv/dist/2020.js';
import standaloneCode from 'ajv/dist/standalone/index.js';
import { z } from 'zod';
import { HTTP_EVENTS, httpEvent } from '../shared/events/http-event.ts';

/** The JSON Schema of one event of `POST /logs`, from the zod schema that is derived from the log event's. */
export function httpEventSchema(): Record<string, unknown> {
  const { $schema: _, ...schema } = z.toJSONSchema(httpEvent, { io: 'input' });
  return schema;
}

/** What @middy/validator checks: the request with its body parsed, one event already made a list of one. */
function requestSchema() {
  const body = {
    type: 'array',
    minItems: 1,
    maxItems: HTTP_EVENTS,
    items: httpEventSchema(),
    description: `1 to ${HTTP_EVENTS} events`,
  };
  return { type: 'object', required: ['body'], properties: { body } };
}

/**
 * The validator as code, made when it is built: compiling it in the function would take longer than all else of a cold
 * start. `verbose`: a fault brings its value and its schema, whose description says what was expected. `unicode: false`:
 * lengths are counted as zod and the decoder count them, in UTF-16 units.
 */
export function httpValidatorFile(): string {
  const ajv = new Ajv2020({
    allErrors: true,
    verbose: true,
    unicode: false,
    validateFormats: false,
    // It warns of `unicode: false`; what is wrong with a schema is thrown.
    logger: false,
    strict: true,
    code: { source: true, esm: true, lines: true },
  });
  const code = standaloneCode.default(ajv, ajv.compile(requestSchema()));
  return `// Made by infrastructure/generate.ts from shared/events/http-event.ts. Do not edit.\n${code}\n`;
}
