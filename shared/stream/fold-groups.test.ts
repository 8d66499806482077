import { describe, expect, test } from 'vitest';
import { type Interceptor, interceptedTable } from '../../test/support/intercepted-table.ts';
import { manualClock } from '../../test/support/manual-clock.ts';
import { modelTables } from '../../test/support/model-tables.ts';
import { arrivedEvents } from '../../test/support/stream-records.ts';
import { Fault } from './fault.ts';
import { foldGroups, groupEvents, type Projection, settleGroups } from './fold-groups.ts';
import type { ArrivedEvent } from './read-batch.ts';
import { SeenPages } from './seen-pages.ts';

/** Lists the messages that it folded: shows order and repeats. */
const story: Projection<string[]> = {
  name: 'story',
  keyOf: (group) => ({ fingerprint: group }),
  evolve: (told, { event }) => [...(told ?? []), event.message],
  toItem: (told) => ({ told }),
  fromItem: (item) => (item.gone ? undefined : (item.told as string[])),
};
/** Counts, for groups of many events. */
const counter: Projection<number> = {
  name: 'counter',
  keyOf: (group) => ({ fingerprint: group }),
  evolve: (count) => (count ?? 0) + 1,
  toItem: (count) => ({ count }),
  fromItem: (item) => item.count as number,
};

const told = (ids: string[]) => arrivedEvents(ids.map((id) => ({ id, message: id })));
const bySource = ({ event }: ArrivedEvent) => event.source;
const numbered = (from: number, count: number) =>
  arrivedEvents(Array.from({ length: count }, (_, index) => ({ id: `event-${from + index}` })));

function setup(
  intercept: Interceptor = (call) => call.proceed(),
  ledgerIntercept: Interceptor = (call) => call.proceed(),
) {
  const { incidents, ledger } = modelTables();
  const clock = manualClock();
  const fold = <State>(
    projection: Projection<State>,
    events: ArrivedEvent[],
    options: Partial<Parameters<typeof foldGroups<State, ArrivedEvent>>[2]> = {},
  ) => {
    const pages = new SeenPages(interceptedTable(ledger, ledgerIntercept), clock);
    const ports = { table: interceptedTable(incidents, intercept), pages, clock, deadline: Number.POSITIVE_INFINITY };
    return foldGroups(projection, groupEvents(events, bySource), { ...ports, ...options });
  };
  const stored = async (group: string) => (await incidents.getMany([{ fingerprint: group }])).items[0];
  return { incidents, ledger, clock, fold, stored };
}

describe('events are grouped', () => {
  test('in the order of each group’s first event, and in order within the group', () => {
    const events = arrivedEvents([
      { id: '1', source: 'b' },
      { id: '2', source: 'a' },
      { id: '3', source: 'b' },
    ]);
    const groups = groupEvents(events, bySource).map(({ group, events: members }) => [
      group,
      members.map(({ index }) => index),
    ]);
    expect(groups).toEqual([
      ['b', [0, 2]],
      ['a', [1]],
    ]);
  });
});

describe('folding a batch', () => {
  test('writes each group once, with the events in order', async () => {
    const writes: unknown[] = [];
    const { fold, stored } = setup((call) => {
      if (call.method === 'putVersioned') writes.push(call.argument);
      return call.proceed();
    });
    const [folded] = await fold(story, told(['a', 'b', 'c']));
    expect(folded?.status === 'folded' && folded.state).toEqual(['a', 'b', 'c']);
    expect(await stored('shop')).toMatchObject({ fingerprint: 'shop', told: ['a', 'b', 'c'], version: 1 });
    expect(writes.length).toBe(1);
  });

  test('takes an id once, in this batch and in later ones, and writes nothing when nothing is new', async () => {
    const { fold, stored } = setup();
    const [first] = await fold(story, told(['a', 'b', 'a']));
    expect(first && settleGroups([first]).duplicates).toEqual(new Set([2]));
    const [second] = await fold(story, told(['b', 'a']));
    expect(second && settleGroups([second]).duplicates).toEqual(new Set([0, 1]));
    expect(await stored('shop')).toMatchObject({ told: ['a', 'b'], version: 1 });
  });

  test('continues from what is stored, also by a consumer that starts anew', async () => {
    const { fold, stored } = setup();
    await fold(story, told(['a']));
    await fold(story, told(['a', 'b']));
    expect(await stored('shop')).toMatchObject({ told: ['a', 'b'], version: 2 });
  });

  test('makes no call for no groups', async () => {
    const { fold } = setup(() => Promise.reject(new Error('was called')));
    expect(await fold(story, [])).toEqual([]);
  });

  test('begins anew on an item that counts as gone, and still knows its ids', async () => {
    const { fold, stored, incidents } = setup();
    await fold(story, told(['a']));
    const item = await stored('shop');
    await incidents.putVersioned({ ...item, gone: true, version: 2 }, 1);
    await fold(story, told(['a', 'b']));
    expect(await stored('shop')).toMatchObject({ told: ['b'], version: 3 });
  });
});

describe('another writer', () => {
  test('that was faster is folded upon, and each event counts once', async () => {
    const { fold, stored, incidents } = setup(async (call) => {
      if (call.method === 'putVersioned' && call.nth === 0) await fold(story, told(['a', 'x']), { table: incidents });
      return call.proceed();
    });
    const [folded] = await fold(story, told(['a', 'b']));
    expect(await stored('shop')).toMatchObject({ told: ['a', 'x', 'b'], version: 2 });
    expect(folded && settleGroups([folded]).duplicates).toEqual(new Set([0]));
  });

  test('that is always faster is given up on after twelve tries, with pauses that grow', async () => {
    const { fold, clock } = setup((call) =>
      call.method === 'putVersioned' ? Promise.resolve('conflict') : call.proceed(),
    );
    const [folded] = await fold(story, told(['a']));
    expect(folded).toMatchObject({ status: 'failed', fault: { code: 'contended' } });
    expect(clock.pauses.slice(0, 4)).toEqual([25, 50, 100, 200]);
    expect(clock.pauses.length).toBe(12);
  });

  test('is not mistaken for oneself: a write that was applied, its answer lost, counts once', async () => {
    const { fold, stored } = setup(async (call) => {
      const answer = await call.proceed();
      if (call.method === 'putVersioned' && call.nth === 0) throw new Fault('unavailable', 'the answer was lost');
      return answer;
    });
    const [folded] = await fold(story, told(['a', 'b']));
    expect(folded?.status).toBe('folded');
    expect(await stored('shop')).toMatchObject({ told: ['a', 'b'], version: 1 });
  });

  test('that forgot a page after this one read the item is no fault: the item is read again', async () => {
    const { fold, stored, incidents, ledger } = setup();
    await fold(counter, numbered(0, 64));
    const stale = await stored('shop');
    for (let batch = 1; batch < 8; batch++) await fold(counter, numbered(batch * 64, 64));
    expect(ledger.all().length).toBe(1);
    const table = interceptedTable(incidents, async (call) =>
      call.method === 'getMany' && call.nth === 0 ? { items: [stale], unread: [] } : call.proceed(),
    );
    const [folded] = await fold(counter, numbered(500, 20), { table });
    expect(folded).toMatchObject({ status: 'folded', state: 520, item: { version: 9 } });
  });
});

describe('ids beyond what the item holds', () => {
  test('are sealed into a page before the item names it, and are known from there', async () => {
    const order: string[] = [];
    const note =
      (name: string): Interceptor =>
      (call) => {
        if (call.method.startsWith('put')) order.push(`${name}.${call.method}`);
        return call.proceed();
      };
    const { fold, stored, ledger } = setup(note('incidents'), note('ledger'));
    await fold(counter, numbered(0, 64));
    expect(order).toEqual(['ledger.putMany', 'incidents.putVersioned']);
    expect(ledger.all().length).toBe(1);
    await fold(counter, numbered(0, 65));
    expect(await stored('shop')).toMatchObject({ count: 65, version: 2 });
  });

  test('count once when the page was written and then the item was not', async () => {
    const { fold, stored, ledger } = setup((call) =>
      call.method === 'putVersioned' ? Promise.reject(new Fault('denied', 'killed here')) : call.proceed(),
    );
    const [crashed] = await fold(counter, numbered(0, 64));
    expect({ status: crashed?.status, pages: ledger.all().length }).toEqual({ status: 'failed', pages: 1 });
    expect(await stored('shop')).toBe(undefined);
  });

  test('leave a page that nobody names when another writer was faster, and the count is right', async () => {
    const { fold, stored, incidents } = setup(async (call) => {
      if (call.method === 'putVersioned' && call.nth === 0) await fold(counter, numbered(32, 64), { table: incidents });
      return call.proceed();
    });
    await fold(counter, numbered(0, 64));
    expect(await stored('shop')).toMatchObject({ count: 96, version: 2 });
    await fold(counter, numbered(0, 96));
    expect(await stored('shop')).toMatchObject({ count: 96, version: 2 });
  });

  test('of a storm stay known and the item stays small', async () => {
    const { fold, stored, clock } = setup();
    for (let batch = 0; batch < 200; batch++) {
      await fold(counter, numbered(batch * 100, 100));
      clock.advance(1_000);
    }
    await fold(counter, numbered(0, 20_000));
    const item = await stored('shop');
    expect(item?.count).toBe(20_000);
    expect(JSON.stringify(item).length).toBeLessThan(4_000);
  });

  test('of one batch may be more than a function takes as arguments', async () => {
    const { fold } = setup();
    const [folded] = await fold(counter, numbered(0, 200_000));
    expect(folded).toMatchObject({ status: 'folded', state: 200_000 });
  });
});

describe('what goes wrong', () => {
  test('in reading the groups fails them all, with the fault', async () => {
    const fault = new Fault('denied', 'BatchGetItem failed');
    const { fold } = setup(() => Promise.reject(fault));
    const events = arrivedEvents([
      { id: '1', source: 'a' },
      { id: '2', source: 'b' },
    ]);
    const folded = await fold(story, events);
    expect(folded.map((group) => [group.group, group.status, group.status === 'failed' && group.fault])).toEqual([
      ['a', 'failed', fault],
      ['b', 'failed', fault],
    ]);
    expect(settleGroups(folded)).toEqual({
      failed: new Map([
        [0, 'denied: BatchGetItem failed'],
        [1, 'denied: BatchGetItem failed'],
      ]),
      duplicates: new Set(),
    });
  });

  test('with one group leaves its neighbours alone', async () => {
    const { fold, stored } = setup((call) => {
      const item = call.argument as { fingerprint?: string };
      if (call.method === 'putVersioned' && item.fingerprint === 'b') throw new Fault('invalid', 'PutItem failed');
      return call.proceed();
    });
    const folded = await fold(
      story,
      arrivedEvents(['a', 'b', 'c'].map((source) => ({ id: source, message: source, source }))),
    );
    expect(folded.map(({ status }) => status)).toEqual(['folded', 'failed', 'folded']);
    expect([(await stored('a'))?.told, await stored('b'), (await stored('c'))?.told]).toEqual([
      ['a'],
      undefined,
      ['c'],
    ]);
  });

  test('before the write, such as its rows, leaves the group as it was', async () => {
    const { fold, stored } = setup();
    const beforeWrite = () => Promise.reject(new Fault('throttled', 'rows not written'));
    const [folded] = await fold(story, told(['a']), { beforeWrite });
    expect(folded).toMatchObject({ status: 'failed', fault: { code: 'throttled' } });
    expect(await stored('shop')).toBe(undefined);
  });

  test('is no group begun after the deadline: it is given back, the others stay done', async () => {
    const { fold, clock, stored, incidents } = setup();
    const table = interceptedTable(incidents, async (call) => {
      const answer = await call.proceed();
      if (call.method === 'putVersioned' && call.nth === 15) clock.advance(1_000);
      return answer;
    });
    const sources = Array.from({ length: 40 }, (_, index) => ({ id: `${index}`, source: `source-${index}` }));
    const folded = await fold(story, arrivedEvents(sources), { table, deadline: clock.now() + 1_000 });
    const given = folded.filter((group) => group.status === 'failed').map(({ fault }) => fault);
    expect(given.length).toBeGreaterThan(0);
    expect(given).toEqual(given.map(() => new Fault('out-of-time', 'the invocation is about to end')));
    expect(folded[0]?.status).toBe('folded');
    for (const group of folded) expect((await stored(group.group)) !== undefined).toBe(group.status === 'folded');
  });

  test('comes again and again when its time runs out: each try goes on where the last one stood', async () => {
    const { clock, incidents, fold } = setup();
    const table = interceptedTable(incidents, async (call) => {
      if (call.method === 'putVersioned') clock.advance(100);
      return call.proceed();
    });
    const events = arrivedEvents(Array.from({ length: 100 }, (_, n) => ({ id: `${n}`, source: `source-${n}` })));
    const done: number[] = [];
    for (let tries = 0; tries < 20 && done.at(-1) !== 100; tries++) {
      const folded = await fold(story, events, { table, deadline: clock.now() + 1_000 });
      done.push(folded.filter(({ status }) => status === 'folded').length);
    }
    expect(done.length).toBeLessThan(20);
    expect(done).toEqual([...new Set(done)].sort((a, b) => a - b));
    expect(incidents.all().map(({ version }) => version)).toEqual(Array.from({ length: 100 }, () => 1));
  });
});
