import { zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PAYLOAD_UNIT_BYTES } from '../shared/stream/pack.ts';
import { type Block, LineBuffer } from './line-buffer.ts';
import { RecordPacker } from './record-packer.ts';
import { eventsOf } from './world.fixture.ts';

const compress = async (data: Uint8Array) => zstdCompressSync(data);
const blockOf = (values: readonly unknown[]): Block => {
  const buffer = new LineBuffer({ events: values.length, bytes: Number.POSITIVE_INFINITY });
  for (const value of values) buffer.add(JSON.stringify(value), 'info');
  return buffer.take(Number.POSITIVE_INFINITY);
};
const many = (count: number, make: (index: number) => unknown) =>
  blockOf(Array.from({ length: count }, (_, index) => make(index)));
/** An ordinary small event, its id as random as ids are. */
const ordinary = (index: number) => {
  const random = ((index * 2_654_435_761) % 2 ** 32).toString(16).padStart(8, '0');
  return {
    v: 1,
    id: `01a1fcdb-98ef-7000-9363-${random}${index % 7}aec`,
    message: `GET /orders/${index} took ${index % 97} ms`,
  };
};

describe('a packer', () => {
  test('is undone by the consumers, whatever the events are, and keeps every record to a payload unit', async () => {
    const lines = fc.array(fc.oneof(fc.json(), fc.string({ maxLength: 40_000 })), { minLength: 1, maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(lines, fc.constantFrom('zstd' as const, 'ndjson' as const), async (texts, packing) => {
        const packed = await new RecordPacker({ packing, compress }).pack(blockOf(texts.map((text) => ({ text }))));
        const sizes = packed.filter(({ events }) => events > 1).map(({ data }) => data.byteLength);
        expect(Math.max(0, ...sizes)).toBeLessThanOrEqual(PAYLOAD_UNIT_BYTES);
        expect(packed.flatMap(({ data }) => eventsOf(data))).toEqual(texts.map((text) => ({ text })));
      }),
      { numRuns: 60 },
    );
  });

  test('fills records to just under a payload unit once it has learnt how events compress', async () => {
    const packer = new RecordPacker({ packing: 'zstd', compress });
    const records = await packer.pack(many(40_000, ordinary));
    const full = records.slice(6, -1).map(({ data }) => data.byteLength / PAYLOAD_UNIT_BYTES);
    expect(full.length).toBeGreaterThan(5);
    expect(Math.min(...full)).toBeGreaterThan(0.85);
    expect(Math.max(...full)).toBeLessThanOrEqual(1);
  });

  test('puts no more into a record than consumers take, however well it compresses', async () => {
    const packer = new RecordPacker({ packing: 'zstd', compress });
    const records = await packer.pack(many(60_000, () => ({ message: 'again' })));
    expect(Math.max(...records.map(({ events }) => events))).toBe(5_000);
    expect(records.reduce((sum, { events }) => sum + events, 0)).toBe(60_000);
  });

  test('sends uncompressed what cannot be compressed', async () => {
    const packer = new RecordPacker({ packing: 'zstd', compress: () => Promise.reject(new Error('no memory')) });
    const records = await packer.pack(many(500, ordinary));
    expect(records.every(({ data }) => data.byteLength <= PAYLOAD_UNIT_BYTES)).toBe(true);
    expect(records.flatMap(({ data }) => eventsOf(data))).toHaveLength(500);
  });
});
