import { describe, expect, test } from 'vitest';
import { type Interceptor, interceptedTable } from '../../test/support/intercepted-table.ts';
import { manualClock } from '../../test/support/manual-clock.ts';
import { modelTables } from '../../test/support/model-tables.ts';
import { arrivedEvents } from '../../test/support/stream-records.ts';
import { Fault } from './fault.ts';
import { foldGroups, groupEvents, type Projection, settleGroups, updateGroup } from './fold-groups.ts';
import { SeenPages } from './seen-pages.ts';

/** Lists the messages that it folded. */
const story: Projection<string[]> = {
  name: 'story',
  keyOf: (group) => ({ fingerprint: group }),
  evolve: (told, { event }) => [...(told ?? []), event.message],
  toItem: (told) => ({ told }),
  fromItem: (item) => item.told as string[],
};
const told = (ids: string[]) => arrivedEvents(ids.map((id) => ({ id, message: id })));

function setup() {
  const { incidents, ledger } = modelTables();
  const clock = manualClock();
  const ports = { table: incidents, pages: new SeenPages(ledger, clock), clock, deadline: Number.POSITIVE_INFINITY };
  const fold = (events: ReturnType<typeof told>) =>
    foldGroups(
      story,
      groupEvents(events, ({ event }) => event.source),
      ports,
    );
  const stored = async (group: string) => (await incidents.getMany([{ fingerprint: group }])).items[0];
  return { incidents, clock, fold, stored };
}

describe('a group that is changed by something other than an event', () => {
  const shout = (words: string[]) => words.map((word) => word.toUpperCase());
  const updated = async (intercept: Interceptor, change: (state: string[]) => string[]) => {
    const { fold, stored, incidents, clock } = setup();
    await fold(told(['a']));
    const item = await stored('shop');
    const result = await updateGroup(
      story,
      'shop',
      { item, change },
      { table: interceptedTable(incidents, intercept), clock },
    );
    return { result, stored: await stored('shop'), fold };
  };

  test('is written with its ids, so that its events stay known', async () => {
    const { result, stored, fold } = await updated((call) => call.proceed(), shout);
    expect(result).toMatchObject({ state: ['A'], item: { version: 2 } });
    expect(stored).toMatchObject({ told: ['A'], version: 2 });
    const [again] = await fold(told(['a']));
    expect(again && settleGroups([again]).duplicates).toEqual(new Set([0]));
  });

  test('is not written when there is nothing to change', async () => {
    const { stored } = await updated(
      (call) => Promise.reject(new Error(`${call.method} was called`)),
      (state) => state,
    );
    expect(stored).toMatchObject({ version: 1 });
  });

  test('is changed once when the answer to its write was lost', async () => {
    const once = (words: string[]) => (words.includes('b') ? words : [...words, 'b']);
    const { stored } = await updated(async (call) => {
      const answer = await call.proceed();
      if (call.method === 'putVersioned' && call.nth === 0) throw new Fault('unavailable', 'the answer was lost');
      return answer;
    }, once);
    expect(stored).toMatchObject({ told: ['a', 'b'], version: 2 });
  });

  test('answers nothing when it is gone', async () => {
    const { incidents, clock } = setup();
    const step = { item: undefined, change: shout };
    expect(await updateGroup(story, 'shop', step, { table: incidents, clock })).toBe(undefined);
  });
});
