import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { LogEvent } from '../events/event.ts';
import { packBySource } from './pack-by-source.ts';

const event = (id: string, source: string, message: string): LogEvent => ({
  v: 1,
  id,
  type: 'log',
  time: '2026-11-21T12:00:00.000Z',
  level: 'info',
  source,
  message,
});

const decoder = new TextDecoder();

test('each event is in the record that says so, once, in the order of its source, and a record has one source', () => {
  const some = fc.record({ source: fc.constantFrom('a', 'b', '__proto__'), message: fc.string({ maxLength: 9_000 }) });
  fc.assert(
    fc.property(fc.array(some, { maxLength: 60 }), (parts) => {
      const events = parts.map(({ source, message }, n) => event(`id-${n}`, source, message));
      const entries = packBySource(events);
      for (const { data, partitionKey, events: packed } of entries) {
        expect(decoder.decode(data)).toBe(packed.map((one) => `${JSON.stringify(one)}\n`).join(''));
        expect(new Set(packed.map(({ source }) => source))).toEqual(new Set([partitionKey]));
      }
      for (const source of ['a', 'b', '__proto__']) {
        const ids = entries.filter((entry) => entry.partitionKey === source).flatMap((entry) => entry.events);
        expect(ids).toEqual(events.filter((one) => one.source === source));
      }
    }),
  );
});

test('small events of one source share a record of one payload unit', () => {
  const events = Array.from({ length: 100 }, (_, n) => event(`id-${n}`, 'shop', 'two\nlines'));
  expect(packBySource(events).map(({ events: packed }) => packed.length)).toEqual([100]);
});
