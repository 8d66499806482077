import { z } from 'zod';
import { logEvent } from './event.ts';
import { LEVELS } from './levels.ts';

/** Events in one request. If each has a source, and so a record, of its own, they are two calls of PutRecords. */
export const HTTP_EVENTS = 1_000;

const { source, details, id, error, locator, attributes, traceId, spanId } = logEvent.shape;

/** JSON Schema has no flag for letter case, so each letter stands in both. */
function inAnyCase(words: readonly string[]): RegExp {
  const both = (word: string) => word.replace(/[a-z]/g, (letter) => `[${letter}${letter.toUpperCase()}]`);
  return new RegExp(`^(?:${words.map(both).join('|')})$`);
}

/**
 * One event as `POST /logs` takes it: the log event with the names of HTTP. What says who, when and what kind of thing
 * happened to an incident (`v`, `type`) is not among them: whoever holds a key may log, not operate.
 * The descriptions are what a caller reads about a field that is wrong.
 */
export const httpEvent = z
  .strictObject({
    log_level: z
      .string()
      .regex(inAnyCase(LEVELS))
      .describe(`a level: ${LEVELS.join(', ')}, in any letter case`),
    message: z.string().min(1).describe('what happened, a text that is not empty; over 64 KiB it is cut'),
    source_application: source.describe('the application, service or host that logged: a text of 1 to 256 characters'),
    details: details.describe('any JSON; with the attributes over 128 KiB it is cut'),
    id: id
      .optional()
      .describe(
        'a text of 1 to 256 characters that no other event has, best a UUID: sent again it has no second effect',
      ),
    time: z.iso
      .datetime({ offset: true })
      .max(64)
      .optional()
      .describe('when it happened, ISO 8601 with its zone, such as 2026-11-21T08:30:00.000Z; default: when it arrives'),
    error: error.describe('an object with the texts type and message, and perhaps stack'),
    locator: locator.describe('where in the code: a text of at most 256 characters'),
    attributes: attributes.describe('an object whose values are texts'),
    traceId: traceId.describe('a text of at most 64 characters'),
    spanId: spanId.describe('a text of at most 32 characters'),
  })
  .meta({ title: 'HttpEvent', description: 'an event: an object' });
