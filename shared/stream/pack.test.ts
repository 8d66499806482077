import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { logEvent } from '../../test/support/stream-records.ts';
import { decodeEvent } from '../events/decode.ts';
import { LEVELS } from '../events/levels.ts';
import { PAYLOAD_UNIT_BYTES, packEvents, packLines } from './pack.ts';
import { unpackRecord } from './unpack.ts';

const arrival = { id: 'shard:1#0', arrivedAt: Date.parse('2026-11-21T12:00:00.000Z'), source: 'unknown' };

function unpacked(records: readonly Uint8Array[]) {
  return records.flatMap((record) => {
    const result = unpackRecord(record);
    if (!result.ok) throw new Error(`${result.code}: ${result.reason}`);
    return result.payloads.map((payload) => decodeEvent(payload, arrival));
  });
}

const text = fc.string({ unit: 'grapheme', maxLength: 200 }).map((value) => value.replaceAll('\0', ''));
const events = fc.array(
  fc.record({
    id: fc.uuid(),
    level: fc.constantFrom(...LEVELS),
    message: text,
    details: fc.constantFrom({ rows: 3 }, [1, null], 'x'),
  }),
  { minLength: 1, maxLength: 30 },
);

describe('events that are packed', () => {
  test('come back from unpacking and decoding as they were, in order, whatever the size of a record', () => {
    fc.assert(
      fc.property(events, fc.integer({ min: 1, max: 2_000 }), (drafts, maxBytes) => {
        const packed = drafts.map((draft) => logEvent(draft));
        expect(unpacked(packEvents(packed, { maxBytes }))).toEqual(packed);
      }),
    );
  });

  test('fill a record to just under the payload unit that PutRecords is billed by', () => {
    const many = Array.from({ length: 400 }, (_, index) => logEvent({ id: `event-${1_000 + index}` }));
    const line = JSON.stringify(many[0]).length + 1;
    const perRecord = Math.floor(PAYLOAD_UNIT_BYTES / line);
    const sizes = packEvents(many).map((record) => record.byteLength);
    expect(sizes.slice(0, -1)).toEqual(sizes.slice(0, -1).map(() => perRecord * line));
    expect(sizes.reduce((sum, size) => sum + size)).toBe(400 * line);
  });
});

describe('lines that are packed', () => {
  const line = (bytes: number) => new Uint8Array(bytes).fill(0x61);

  test('fill a block exactly to its limit, the newline after each line included', () => {
    expect(packLines([line(4), line(4), line(1)], 10).map((block) => block.byteLength)).toEqual([10, 2]);
    expect(packLines([line(4), line(5), line(1)], 10).map((block) => block.byteLength)).toEqual([5, 8]);
  });

  test('that are too large alone have a block of their own', () => {
    expect(packLines([line(1), line(50), line(1)], 10).map((block) => block.byteLength)).toEqual([2, 51, 2]);
  });

  test('make no block when there are none', () => {
    expect(packLines([], 10)).toEqual([]);
  });

  test('lose and add nothing', () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[a-z]{0,12}$/)), fc.integer({ min: 1, max: 40 }), (lines, maxBytes) => {
        const blocks = packLines(
          lines.map((text) => new TextEncoder().encode(text)),
          maxBytes,
        );
        expect(Buffer.concat(blocks).toString()).toBe(lines.map((text) => `${text}\n`).join(''));
      }),
    );
  });
});
