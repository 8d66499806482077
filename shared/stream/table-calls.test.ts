import { describe, expect, test } from 'vitest';
import { ModelTable } from '../../test/simulation/models/model-table.ts';
import { type Interceptor, interceptedTable } from '../../test/support/intercepted-table.ts';
import { manualClock } from '../../test/support/manual-clock.ts';
import { Fault } from './fault.ts';
import type { Item, ItemKey } from './ports.ts';
import { deleteItems, putItems, readItems, writeItems } from './table-calls.ts';

const KEYS = { '': { partition: 'name' } };
const items = (count: number): Item[] =>
  Array.from({ length: count }, (_, index) => ({ name: `item-${index}`, index }));
const keysOf = (all: readonly Item[]): ItemKey[] => all.map(({ name }) => ({ name: String(name) }));

async function tableOf(all: Item[], intercept: Interceptor) {
  const model = new ModelTable({ keys: KEYS });
  for (let start = 0; start < all.length; start += 25) await model.putMany(all.slice(start, start + 25));
  return { model, table: interceptedTable(model, intercept), clock: manualClock() };
}

describe('reading items', () => {
  test('asks for at most 100 keys at once and answers those that exist', async () => {
    const asked: number[] = [];
    const stored = items(205);
    const { table, clock } = await tableOf(stored, (call) => {
      asked.push((call.argument as ItemKey[]).length);
      return call.proceed();
    });
    const found = await readItems(table, [...keysOf(stored), { name: 'nobody' }], clock);
    expect(asked).toEqual([100, 100, 6]);
    expect(found).toEqual(stored);
  });

  test('reads each once of those that are named twice', async () => {
    const stored = items(3);
    const { table, clock } = await tableOf(stored, (call) => call.proceed());
    expect(await readItems(table, [...keysOf(stored), ...keysOf(stored.slice(1))], clock)).toEqual(stored);
  });

  test('asks again for what was throttled, and only for that', async () => {
    const asked: string[][] = [];
    const stored = items(3);
    const { model, table, clock } = await tableOf(stored, async ({ argument, nth }) => {
      const keys = argument as ItemKey[];
      asked.push(keys.map((key) => String(key.name)));
      if (nth === 0) return { items: (await model.getMany(keys.slice(1, 2))).items, unread: [keys[0], keys[2]] };
      return model.getMany(keys);
    });
    const found = await readItems(table, keysOf(stored), clock);
    expect(asked).toEqual([
      ['item-0', 'item-1', 'item-2'],
      ['item-0', 'item-2'],
    ]);
    expect(found.map(({ index }) => index)).toEqual([1, 0, 2]);
    expect(clock.pauses).toEqual([25]);
  });

  test('rejects when some stay unread: a missing item would be taken for a new group', async () => {
    const { table, clock } = await tableOf(items(2), async ({ argument }) => ({ items: [], unread: argument }));
    const reading = readItems(table, keysOf(items(2)), clock);
    await expect(reading).rejects.toEqual(new Fault('throttled', '2 items stayed unread after 6 tries'));
  });

  test('makes no call for no keys', async () => {
    const { table, clock } = await tableOf([], () => Promise.reject(new Error('was called')));
    expect(await readItems(table, [], clock)).toEqual([]);
  });
});

describe('writing items without conditions', () => {
  test('sends at most 25 at once', async () => {
    const sizes: number[] = [];
    const { model, table, clock } = await tableOf([], (call) => {
      sizes.push((call.argument as Item[]).length);
      return call.proceed();
    });
    await putItems(table, items(60), clock);
    expect(sizes).toEqual([25, 25, 10]);
    expect(model.all().length).toBe(60);
  });

  test('sends again only what was left unprocessed', async () => {
    const sent: string[][] = [];
    const { model, table, clock } = await tableOf([], async ({ argument, nth }) => {
      const all = argument as Item[];
      sent.push(all.map(({ name }) => String(name)));
      const taken = nth === 0 ? all.slice(0, 1) : all;
      await model.putMany(taken);
      return { unwritten: all.filter((item) => !taken.includes(item)) };
    });
    await putItems(table, items(3), clock);
    expect(sent).toEqual([
      ['item-0', 'item-1', 'item-2'],
      ['item-1', 'item-2'],
    ]);
    expect(model.all().length).toBe(3);
  });

  test('names what could not be written, by index', async () => {
    const { table, clock } = await tableOf([], async ({ argument }) => {
      const all = argument as Item[];
      return { unwritten: all.filter(({ index }) => index === 26) };
    });
    const { sent, unsent } = await writeItems(table, items(30), clock);
    expect({ sent, unsent }).toEqual({ sent: 29, unsent: [{ index: 26, reason: 'throttled: unprocessed' }] });
  });

  test('rejects when told to and some could not be written', async () => {
    const { table, clock } = await tableOf([], async ({ argument }) => ({ unwritten: argument }));
    await expect(putItems(table, items(2), clock)).rejects.toEqual(
      new Fault('throttled', '2 of 2 items not written: throttled: unprocessed'),
    );
  });
});

test('deleting takes at most 25 keys at once', async () => {
  const sizes: number[] = [];
  const stored = items(30);
  const { model, table } = await tableOf(stored, (call) => {
    sizes.push((call.argument as ItemKey[]).length);
    return call.proceed();
  });
  await deleteItems(table, keysOf(stored));
  expect(sizes).toEqual([25, 5]);
  expect(model.all()).toEqual([]);
});
