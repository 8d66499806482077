import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { LogEvent } from '../shared/events/event.ts';
import { LEVELS } from '../shared/events/levels.ts';
import { lineOf } from './event-line.ts';

const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('"', '\\', '\n', '\u2028', '\ud800', '\0', '</script>'),
);
const event = fc.record(
  {
    v: fc.constant(1),
    id: text,
    type: text,
    time: fc
      .date({ noInvalidDate: true, min: new Date(0), max: new Date('9999-12-31') })
      .map((date) => date.toISOString()),
    level: fc.constantFrom(...LEVELS),
    source: text,
    message: text,
    details: fc.jsonValue(),
    error: fc.record({ type: text, message: text, stack: text }),
    locator: text,
    attributes: fc.dictionary(text, text),
    traceId: text,
    spanId: text,
  },
  { requiredKeys: ['v', 'id', 'type', 'time', 'level', 'source', 'message'] },
);

test('a line is the JSON of its event', () => {
  fc.assert(
    fc.property(event, (made) => {
      const line = lineOf(made as LogEvent);
      expect(line).not.toContain('\n');
      if (line.length <= 5_000) expect(JSON.parse(line)).toEqual(JSON.parse(JSON.stringify(made)));
    }),
  );
});
