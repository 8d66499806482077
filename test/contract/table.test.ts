import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Fault } from '../../shared/stream/fault.ts';
import type { Item, ItemKey, Table } from '../../shared/stream/ports.ts';
import { TABLES, type TableUnderTest } from './table-under-test.ts';

let owners = 0;
/** Each test has a partition of its own. */
const newOwner = () => `owner-${++owners}`;
const range = (from: number, count: number) => Array.from({ length: count }, (_, index) => from + index);
const place = (n: number) => String(n).padStart(4, '0');
const itemsOf = (owner: string, places: number[]): Item[] => places.map((n) => ({ owner, place: place(n), n }));
const keyOf = ({ owner, place: at }: Item): ItemKey => ({ owner: String(owner), place: String(at) });
const invalid = expect.objectContaining({ name: 'Fault', code: 'invalid' });

async function read(table: Table, item: Item): Promise<Item | undefined> {
  return (await table.getMany([keyOf(item)])).items[0];
}

async function putAll(table: Table, items: Item[]): Promise<void> {
  for (let start = 0; start < items.length; start += 25) {
    expect(await table.putMany(items.slice(start, start + 25))).toEqual({ unwritten: [] });
  }
}

describe.each(TABLES)('a table, as %s', (_, open) => {
  let opened: TableUnderTest;
  let table: Table;
  beforeAll(async () => {
    opened = await open();
    table = opened.table;
  });
  afterAll(() => opened.remove());

  describe('an item', () => {
    test('comes back as it was put: texts, numbers, truth, nothing, lists, maps and bytes', async () => {
      const item: Item = {
        owner: newOwner(),
        place: place(1),
        text: 'ä€😀\n\u0001',
        empty: '',
        whole: Number.MAX_SAFE_INTEGER,
        part: -0.125,
        yes: true,
        nothing: null,
        list: ['a', 1, [], {}],
        map: { __type: 'x', 'a key': { b: 2 } },
      };
      await table.putMany([{ ...item, bytes: new Uint8Array([0, 255, 7]) }]);
      const { bytes, ...rest } = (await read(table, item)) ?? {};
      expect(rest).toEqual(item);
      expect([...(bytes as Uint8Array)]).toEqual([0, 255, 7]);
    });

    test('has no attribute that was undefined', async () => {
      const item = { owner: newOwner(), place: place(1), gone: undefined };
      await table.putVersioned({ ...item, version: 1 }, 0);
      expect(Object.keys((await read(table, item)) ?? {}).sort()).toEqual(['owner', 'place', 'version']);
    });

    test('is a copy: what is done to the object afterwards does not reach it', async () => {
      const item = { owner: newOwner(), place: place(1), list: [1] };
      await table.putMany([item]);
      item.list.push(2);
      const first = (await read(table, item)) as typeof item;
      first.list.push(3);
      expect((await read(table, item))?.list).toEqual([1]);
    });

    test('of just under 400 KB is taken, of more is refused as invalid', async () => {
      const item = { owner: newOwner(), place: place(1) };
      expect(await table.putVersioned({ ...item, version: 1, data: new Uint8Array(409_400) }, 0)).toBe('written');
      const larger = { ...item, version: 2, data: new Uint8Array(409_700) };
      await expect(table.putVersioned(larger, 1)).rejects.toEqual(invalid);
      expect((await read(table, item))?.version).toBe(1);
    });
  });

  describe('reading many', () => {
    test('answers those that exist, and says nothing of the others', async () => {
      const items = itemsOf(newOwner(), range(0, 50));
      await putAll(table, items);
      const { items: found, unread } = await table.getMany([...items, ...itemsOf('nobody', range(0, 50))].map(keyOf));
      expect(found.map(({ n }) => Number(n)).sort((a, b) => a - b)).toEqual(range(0, 50));
      expect(unread).toEqual([]);
    });

    test('sees what was written just before', async () => {
      const item = { owner: newOwner(), place: place(1) };
      for (const version of range(1, 20)) {
        await table.putVersioned({ ...item, version }, version - 1);
        expect((await read(table, item))?.version).toBe(version);
      }
    });

    test('takes 100 keys and refuses 101 as invalid', async () => {
      const keys = itemsOf(newOwner(), range(0, 101)).map(keyOf);
      expect((await table.getMany(keys.slice(0, 100))).items).toEqual([]);
      await expect(table.getMany(keys)).rejects.toEqual(invalid);
    });
  });

  describe('writing a version', () => {
    test('of an item that nobody has written wants version 0, and then no other', async () => {
      const item = { owner: newOwner(), place: place(1), by: 'first', version: 1 };
      expect(await table.putVersioned(item, 0)).toBe('written');
      expect(await table.putVersioned({ ...item, by: 'second' }, 0)).toBe('conflict');
      expect((await read(table, item))?.by).toBe('first');
    });

    test('wants the version that is stored: neither an older nor a newer one, nor that of an item that is not there', async () => {
      const item = { owner: newOwner(), place: place(1), version: 1 };
      await table.putVersioned(item, 0);
      expect(await table.putVersioned({ ...item, version: 2 }, 1)).toBe('written');
      expect(await table.putVersioned({ ...item, version: 2 }, 1)).toBe('conflict');
      expect(await table.putVersioned({ ...item, version: 4 }, 3)).toBe('conflict');
      expect(await table.putVersioned({ ...item, place: place(2), version: 2 }, 1)).toBe('conflict');
      expect((await read(table, item))?.version).toBe(2);
      expect(await read(table, { ...item, place: place(2) })).toBe(undefined);
    });

    test('replaces the item whole', async () => {
      const item = { owner: newOwner(), place: place(1) };
      await table.putVersioned({ ...item, version: 1, old: true }, 0);
      await table.putVersioned({ ...item, version: 2 }, 1);
      expect(await read(table, item)).toEqual({ ...item, version: 2 });
    });

    test('lets one of many writers through', async () => {
      const item = { owner: newOwner(), place: place(1), version: 1 };
      const answers = await Promise.all(range(0, 10).map((by) => table.putVersioned({ ...item, by }, 0)));
      expect(answers.filter((answer) => answer === 'written').length).toBe(1);
      expect((await read(table, item))?.by).toBe(answers.indexOf('written'));
    });
  });

  describe('writing many', () => {
    test('takes 25 and refuses 26 as invalid', async () => {
      const items = itemsOf(newOwner(), range(0, 26));
      expect(await table.putMany(items.slice(0, 25))).toEqual({ unwritten: [] });
      await expect(table.putMany(items)).rejects.toEqual(invalid);
    });

    test('replaces what was there, whatever its version', async () => {
      const item = { owner: newOwner(), place: place(1) };
      await table.putVersioned({ ...item, version: 7 }, 0);
      await table.putMany([{ ...item, a: 1 }]);
      expect(await read(table, item)).toEqual({ ...item, a: 1 });
    });

    test('of one key twice keeps the later one', async () => {
      const item = { owner: newOwner(), place: place(1) };
      expect(
        await table.putMany([
          { ...item, a: 1 },
          { ...item, a: 2 },
        ]),
      ).toEqual({ unwritten: [] });
      expect((await read(table, item))?.a).toBe(2);
    });
  });

  describe('deleting many', () => {
    test('deletes those keys and no others, and minds none that is not there', async () => {
      const items = itemsOf(newOwner(), range(0, 5));
      await table.putMany(items);
      const keys = [...items.slice(0, 3).map(keyOf), { owner: 'nobody', place: place(1) }];
      expect(await table.deleteMany(keys)).toEqual({ undeleted: [] });
      expect((await table.getMany(items.map(keyOf))).items.map(({ n }) => n).sort()).toEqual([3, 4]);
    });

    test('takes 25 keys and refuses 26 as invalid', async () => {
      const keys = itemsOf(newOwner(), range(0, 26)).map(keyOf);
      expect(await table.deleteMany(keys.slice(0, 25))).toEqual({ undeleted: [] });
      await expect(table.deleteMany(keys)).rejects.toEqual(invalid);
    });
  });

  describe('a query', () => {
    const numbers = async (query: Parameters<Table['query']>[0]) => (await table.query(query)).map(({ n }) => n);

    test('answers the items of its partition in the order of the sort key, ends included', async () => {
      const partition = newOwner();
      await putAll(table, itemsOf(partition, [5, 3, 9, 1, 7]));
      await putAll(table, itemsOf(newOwner(), [2, 4]));
      expect(await numbers({ partition, limit: 100 })).toEqual([1, 3, 5, 7, 9]);
      expect(await numbers({ partition, from: place(3), limit: 100 })).toEqual([3, 5, 7, 9]);
      expect(await numbers({ partition, to: place(7), limit: 100 })).toEqual([1, 3, 5, 7]);
      expect(await numbers({ partition, from: place(3), to: place(7), limit: 100 })).toEqual([3, 5, 7]);
      expect(await numbers({ partition, from: `${place(3)}\u0000`, limit: 100 })).toEqual([5, 7, 9]);
    });

    test('answers nothing for a partition or a range that holds nothing, an upside-down one included', async () => {
      const partition = newOwner();
      await putAll(table, itemsOf(partition, [1, 5]));
      expect(await numbers({ partition: newOwner(), limit: 100 })).toEqual([]);
      expect(await numbers({ partition, from: place(2), to: place(4), limit: 100 })).toEqual([]);
      expect(await numbers({ partition, from: place(5), to: place(1), limit: 100 })).toEqual([]);
    });

    test('answers the first ones up to its limit', async () => {
      const partition = newOwner();
      await putAll(table, itemsOf(partition, range(0, 30)));
      expect(await numbers({ partition, limit: 7 })).toEqual(range(0, 7));
      expect(await numbers({ partition, from: place(10), limit: 30 })).toEqual(range(10, 20));
    });

    test('answers as many as its limit also where they are more than the megabyte that DynamoDB reads at a time', async () => {
      const partition = newOwner();
      for (const item of itemsOf(partition, range(0, 30)))
        await table.putMany([{ ...item, data: new Uint8Array(90_000) }]);
      expect(await numbers({ partition, limit: 25 })).toEqual(range(0, 25));
      expect(await numbers({ partition, limit: 100 })).toEqual(range(0, 30));
    });
  });

  describe('a query of an index', () => {
    const due = async (partition: string, query: { from?: string; to?: string; limit?: number } = {}) =>
      (await table.query({ index: 'byDue', partition, limit: 100, ...query })).map(({ place: at }) => at);

    test('answers the keys of the items that have its attributes, in the order of its own sort key', async () => {
      const [owner, bucket] = [newOwner(), newOwner()];
      await table.putMany([
        { owner, place: 'a', due: bucket, at: '3' },
        { owner, place: 'b', due: bucket, at: '1' },
        { owner, place: 'c' },
        { owner, place: 'd', due: newOwner(), at: '2' },
      ]);
      expect(await due(bucket)).toEqual(['b', 'a']);
      expect(await due(bucket, { from: '2' })).toEqual(['a']);
      expect(await due(bucket, { to: '2' })).toEqual(['b']);
      expect(await due(bucket, { limit: 1 })).toEqual(['b']);
    });

    test('forgets an item that loses its attributes, and follows one that changes them', async () => {
      const [owner, bucket] = [newOwner(), newOwner()];
      await table.putVersioned({ owner, place: 'a', due: bucket, at: '1', version: 1 }, 0);
      await table.putVersioned({ owner, place: 'b', due: bucket, at: '2', version: 1 }, 0);
      await table.putVersioned({ owner, place: 'a', due: bucket, at: '3', version: 2 }, 1);
      expect(await due(bucket)).toEqual(['b', 'a']);
      await table.putVersioned({ owner, place: 'b', version: 2 }, 1);
      expect(await due(bucket)).toEqual(['a']);
      await table.deleteMany([{ owner, place: 'a' }]);
      expect(await due(bucket)).toEqual([]);
    });
  });

  test('a fault is a fault of the product, with its operation and no payload', async () => {
    const keys = itemsOf(newOwner(), range(0, 101)).map(keyOf);
    const fault = await table.getMany(keys).catch((error: unknown) => error);
    expect(fault).toBeInstanceOf(Fault);
    expect((fault as Fault).message).not.toContain('owner-');
  });
});
