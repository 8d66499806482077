import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isAggregate, readAggregate } from './kpl.ts';

/** An encoder of its own: nothing of the reader is used. */
function varint(value: number): number[] {
  return value < 128 ? [value] : [(value % 128) + 128, ...varint(Math.floor(value / 128))];
}

function bytesField(number: number, bytes: ArrayLike<number>): number[] {
  return [...varint(number * 8 + 2), ...varint(bytes.length), ...Array.from(bytes)];
}

const numberField = (number: number, value: number) => [...varint(number * 8), ...varint(value)];

interface UserRecord {
  key?: number;
  hashKey?: number;
  data: Uint8Array;
  /** Further fields, for example tags. */
  more?: number[];
}

function userRecord({ key = 0, hashKey, data, more = [] }: UserRecord): number[] {
  const hash = hashKey === undefined ? [] : numberField(2, hashKey);
  return [...numberField(1, key), ...hash, ...bytesField(3, data), ...more];
}

function sealed(body: number[]): Buffer {
  const digest = createHash('md5').update(Uint8Array.from(body)).digest();
  return Buffer.concat([Buffer.from('f3899ac2', 'hex'), Uint8Array.from(body), digest]);
}

function aggregate(records: UserRecord[], keys = ['k']): Buffer {
  const table = keys.flatMap((key) => bytesField(1, Buffer.from(key)));
  return sealed([...table, ...records.flatMap((record) => bytesField(3, userRecord(record)))]);
}

const text = (value: string) => new TextEncoder().encode(value);
const texts = (data: Uint8Array) => {
  const result = readAggregate(data);
  return result.ok ? result.records.map((record) => Buffer.from(record).toString()) : result.reason;
};

describe('a KPL aggregate', () => {
  test('gives its user records in order', () => {
    const data = aggregate([{ data: text('a') }, { data: text('') }, { data: text('é'.repeat(300)) }]);
    expect(isAggregate(data)).toBe(true);
    expect(texts(data)).toEqual(['a', '', 'é'.repeat(300)]);
  });

  test('is known by magic and checksum: with a bad checksum, or cut short, it is none', () => {
    const data = aggregate([{ data: text('a') }]);
    const flipped = Buffer.from(data);
    flipped[6] = (flipped[6] ?? 0) ^ 1;
    expect(
      [flipped, data.subarray(0, -1), data.subarray(1), data.subarray(0, 4), Buffer.alloc(0)].map(isAggregate),
    ).toEqual(new Array(5).fill(false));
  });

  test('may carry explicit hash keys, tags and fields of a later version', () => {
    const more = [
      ...bytesField(4, [...bytesField(1, text('tag'))]),
      9 * 8 + 1,
      1,
      2,
      3,
      4,
      5,
      6,
      7,
      8,
      9 * 8 + 5,
      1,
      2,
      3,
      4,
    ];
    const body = [
      ...bytesField(1, text('k')),
      ...bytesField(2, text('170141183460469231731687303715884105728')),
      ...bytesField(3, userRecord({ data: text('a'), hashKey: 0, more })),
      ...numberField(15, 7),
    ];
    expect(texts(sealed(body))).toEqual(['a']);
  });

  test('with an index out of its table is refused', () => {
    expect(texts(aggregate([{ data: text('a'), key: 1 }]))).toBe('partition key index 1 of 1');
    expect(texts(aggregate([{ data: text('a'), hashKey: 0 }]))).toBe('explicit hash key index 0 of 0');
  });

  test('with a length of 4 GB, a cut field, an unknown wire type or no data is refused', () => {
    const broken = 'broken protobuf in an aggregate';
    expect(texts(sealed([3 * 8 + 2, ...varint(4 * 1024 ** 3)]))).toBe(broken);
    expect(texts(sealed([3 * 8 + 2, ...new Array(12).fill(0xff)]))).toBe(broken);
    expect(texts(sealed([3 * 8 + 2]))).toBe(broken);
    expect(texts(sealed([3 * 8 + 3]))).toBe(broken);
    expect(texts(sealed([9 * 8 + 1, 1]))).toBe(broken);
    expect(texts(sealed(bytesField(3, [3 * 8 + 2, 9])))).toBe('broken protobuf in a user record');
    expect(texts(sealed(bytesField(3, numberField(1, 0))))).toBe('a user record without partition key or data');
  });

  test('comes back as it was packed, whatever the user records hold', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 300 })), (records) => {
        const result = readAggregate(aggregate(records.map((data) => ({ data }))));
        expect(result.ok && result.records.map((record) => [...record])).toEqual(records.map((record) => [...record]));
      }),
    );
  });

  test('of hostile bytes never throws', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const data = sealed([...bytes]);
        expect(isAggregate(data)).toBe(true);
        expect(readAggregate(data)).toHaveProperty('ok');
        isAggregate(bytes);
      }),
      { numRuns: 3_000 },
    );
  });
});
