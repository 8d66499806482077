import { describe, expect, test } from 'vitest';
import { interceptedTable, type TableMethod } from '../../test/support/intercepted-table.ts';
import { manualClock } from '../../test/support/manual-clock.ts';
import { modelTables } from '../../test/support/model-tables.ts';
import { Fault } from './fault.ts';
import type { PageReference } from './seen.ts';
import { SeenPages } from './seen-pages.ts';

const SCOPE = 'seen#incidents#v1:abc';
const DAY = 86_400_000;

function setup() {
  const { ledger } = modelTables();
  const clock = manualClock();
  const calls: TableMethod[] = [];
  const watched = interceptedTable(ledger, (call) => {
    calls.push(call.method);
    return call.proceed();
  });
  const named = (id: string, count = 1): PageReference => ({ id, count, newestArrival: clock.now(), shards: {} });
  return { ledger, clock, calls, named, watched, pages: new SeenPages(watched, clock) };
}

describe('sealed pages', () => {
  test('are read as they were written, by a consumer that never saw them', async () => {
    const { ledger, clock, named, pages } = setup();
    await pages.write(SCOPE, [
      { id: 'p1', hashes: [1, 2] },
      { id: 'p2', hashes: [3] },
    ]);
    const other = new SeenPages(ledger, clock);
    expect(await other.read(SCOPE, [named('p1'), named('p2')])).toEqual(
      new Map([
        ['p1', [1, 2]],
        ['p2', [3]],
      ]),
    );
  });

  test('of the first deployments, which are doubles, are read as well', async () => {
    const { ledger, named, pages } = setup();
    const ids = new Uint8Array(Float64Array.of(1, Number.MAX_SAFE_INTEGER).buffer);
    await ledger.putMany([{ scope: SCOPE, entry: 'p1', ids, expiry: 2e9 }]);
    expect(await pages.read(SCOPE, [named('p1')])).toEqual(new Map([['p1', [1, Number.MAX_SAFE_INTEGER]]]));
  });

  test('are read from the ledger once, and never by the consumer that wrote them', async () => {
    const { watched, clock, calls, named, pages } = setup();
    await pages.write(SCOPE, [{ id: 'p1', hashes: [1] }]);
    await pages.read(SCOPE, [named('p1')]);
    expect(calls).toEqual(['putMany']);
    const other = new SeenPages(watched, clock);
    await other.read(SCOPE, [named('p1')]);
    await other.read(SCOPE, [named('p1')]);
    expect(calls).toEqual(['putMany', 'getMany']);
  });

  test('of another group with the same name are other pages', async () => {
    const { pages, named } = setup();
    await pages.write(SCOPE, [{ id: 'p1', hashes: [1] }]);
    await pages.write('seen#incidents#v1:def', [{ id: 'p1', hashes: [2] }]);
    expect(await pages.read(SCOPE, [named('p1')])).toEqual(new Map([['p1', [1]]]));
    expect(await pages.read('seen#incidents#v1:def', [named('p1')])).toEqual(new Map([['p1', [2]]]));
  });

  test('are gone for everybody once forgotten, also from memory', async () => {
    const { ledger, pages, named } = setup();
    await pages.write(SCOPE, [{ id: 'p1', hashes: [1] }]);
    await pages.forget(SCOPE, [named('p1')]);
    expect(ledger.all()).toEqual([]);
    expect(await pages.read(SCOPE, [named('p1')])).toBe(undefined);
  });

  test('that another writer has forgotten meanwhile say so, instead of reading as empty', async () => {
    const { pages, named } = setup();
    await pages.write(SCOPE, [{ id: 'p1', hashes: [1] }]);
    expect(await pages.read(SCOPE, [named('p1'), named('p2')])).toBe(undefined);
  });

  test('expire 61 days after they were written, and count as forgotten after 60', async () => {
    const { ledger, clock, pages, named } = setup();
    await pages.write(SCOPE, [{ id: 'p1', hashes: [1] }]);
    expect(ledger.all()[0]?.expiry).toBe(clock.now() / 1000 + 61 * 86_400);
    const [old] = [named('p2')];
    clock.advance(60 * DAY);
    expect(await pages.read(SCOPE, [old])).toBe(undefined);
    clock.advance(1);
    expect(await pages.read(SCOPE, [old])).toEqual(new Map());
  });

  test('that cannot be read reject: a fold must not guess', async () => {
    const { ledger, clock, named } = setup();
    const down = interceptedTable(ledger, () => Promise.reject(new Fault('denied', 'BatchGetItem failed')));
    await expect(new SeenPages(down, clock).read(SCOPE, [named('p1')])).rejects.toEqual(
      new Fault('denied', 'BatchGetItem failed'),
    );
  });

  test('that cannot be deleted stay, and that is no fault', async () => {
    const { ledger, clock, named } = setup();
    const down = interceptedTable(ledger, () => Promise.reject(new Fault('denied', 'BatchWriteItem failed')));
    expect(await new SeenPages(down, clock).forget(SCOPE, [named('p1')])).toBe(undefined);
  });

  test('beyond what memory holds are read again, and are right', async () => {
    const { calls, named, pages } = setup();
    const large = (from: number) => Array.from({ length: 30_000 }, (_, index) => from + index);
    const ids = Array.from({ length: 140 }, (_, index) => `p${index}`);
    for (const [index, id] of ids.entries()) await pages.write(SCOPE, [{ id, hashes: large(index * 30_000) }]);
    calls.length = 0;
    expect((await pages.read(SCOPE, [named('p139')]))?.get('p139')?.[0]).toBe(139 * 30_000);
    expect(calls).toEqual([]);
    expect((await pages.read(SCOPE, [named('p0')]))?.get('p0')?.at(-1)).toBe(29_999);
    expect(calls).toEqual(['getMany']);
  });
});
