import { describe, expect, test } from 'vitest';
import type { AlertGroup } from '../../shared/alerts/alert-group.ts';
import type { Notice } from '../../shared/alerts/notice.ts';
import { onlyLevelTopics, type PublishNotices, type SendNotices } from '../../shared/alerts/outbox.ts';
import { alertGroupProjection } from '../../shared/alerts/projection.ts';
import { LEVEL_TOPIC } from '../../shared/alerts/routing-tree.ts';
import { Fault } from '../../shared/stream/fault.ts';
import { alertEvent } from '../../test/support/alert-events.ts';
import { type Interceptor, interceptedTable } from '../../test/support/intercepted-table.ts';
import { manualClock } from '../../test/support/manual-clock.ts';
import { modelTables } from '../../test/support/model-tables.ts';
import { closeWindows } from './close-windows.ts';

const projection = alertGroupProjection;
const NOTHING = { due: 0, notices: 0, refused: {}, givenUp: 0, reasons: [] };

const PAGER = 'oncall:webhook:0';

interface Groups {
  burst?: number;
  isSent?: boolean;
  /** Of a group, by number, what is different: whom it tells, who has not taken its first notice. */
  waits?(group: number): (Pick<AlertGroup, 'to'> & Partial<AlertGroup>) | undefined;
}

/** As many groups as told, each with a burst of so many events whose first notice was sent, all at noon. */
async function setup(groups: number, { burst = 2, isSent = true, waits = () => undefined }: Groups = {}) {
  const { alertGroups } = modelTables();
  const clock = manualClock();
  const sent: Notice[] = [];
  const publish: PublishNotices = async (_, notices) => {
    sent.push(...notices);
    return [];
  };
  for (let n = 0; n < groups; n++) {
    const group = Array.from({ length: burst }, (_, m) => alertEvent({ id: `${n}-${m}`, source: `shop-${n}` })).reduce<
      ReturnType<typeof projection.evolve> | undefined
    >((state, event) => projection.evolve(state, event), undefined);
    if (!group) throw new Error('expected a group');
    const item = projection.toItem({ ...group, ...(waits(n) ?? (isSent ? { pending: [] } : {})) });
    await alertGroups.putMany([{ ...item, ...projection.keyOf(`group-${n}`), version: 1, seen: {} }]);
  }
  const sweep = ({
    intercept,
    publish: to = publish,
    pager,
    deadline = Number.POSITIVE_INFINITY,
  }: {
    intercept?: Interceptor;
    publish?: PublishNotices;
    pager?: SendNotices;
    deadline?: number;
  } = {}) => {
    const table = intercept ? interceptedTable(alertGroups, intercept) : alertGroups;
    const receivers = new Map([...onlyLevelTopics(to), ...(pager ? [[PAGER, pager] as const] : [])]);
    return closeWindows({ alertGroups: table, receivers, clock }, deadline);
  };
  return { sweep, sent, clock, alertGroups };
}

describe('the sweep', () => {
  test('counts what an address will never get, once', async () => {
    const { sweep, clock } = await setup(1, { isSent: false });
    const refused: PublishNotices = async () => [{ index: 0, reason: 'denied' }];
    clock.advance(8 * 86_400_000);
    expect(await sweep({ publish: refused })).toEqual({ ...NOTHING, due: 1, givenUp: 2 });
    expect(await sweep({ publish: refused })).toEqual(NOTHING);
  });

  test('leaves windows alone that are not over', async () => {
    const { sweep, clock, sent } = await setup(1);
    clock.advance(299_999);
    expect(await sweep()).toEqual(NOTHING);
    expect(sent).toEqual([]);
  });

  test('sums up a window that is over, once', async () => {
    const { sweep, clock, sent } = await setup(1);
    clock.advance(300_001);
    expect(await sweep()).toEqual({ ...NOTHING, due: 1, notices: 1 });
    expect(await sweep()).toEqual(NOTHING);
    expect(sent.map(({ id, kind, count }) => [id, kind, count])).toEqual([['0-0/summary', 'summary', 2]]);
  });

  test('takes in every group in one run although hundreds are due in the same millisecond', async () => {
    const { sweep, clock, sent } = await setup(250);
    clock.advance(300_001);
    expect(await sweep()).toMatchObject({ due: 250, notices: 250 });
    expect(new Set(sent.map(({ id }) => id)).size).toBe(250);
  });

  test('lets what is refused hold up nothing that is due after it', async () => {
    const { sweep, clock } = await setup(250);
    clock.advance(300_001);
    const refused: PublishNotices = async (_, notices) =>
      notices.map((_notice, index) => ({ index, reason: 'denied' }));
    expect(await sweep({ publish: refused })).toEqual({
      ...NOTHING,
      due: 250,
      refused: { 'level-topic': 250 },
      reasons: ['level-topic: denied'],
    });
    expect(await sweep()).toMatchObject({ due: 250, notices: 250 });
  });

  test('lets one group that cannot be written hold up no other', async () => {
    const { sweep, clock, sent } = await setup(3);
    clock.advance(300_001);
    const intercept: Interceptor = (call) => {
      const { group } = call.argument as { group?: string };
      if (call.method === 'putVersioned' && group === 'group-1') throw new Fault('invalid', 'PutItem failed');
      return call.proceed();
    };
    expect(await sweep({ intercept })).toEqual({
      ...NOTHING,
      due: 3,
      notices: 2,
      reasons: ['invalid: PutItem failed'],
    });
    expect(sent.map(({ id }) => id).sort()).toEqual(['0-0/summary', '2-0/summary']);
  });

  test('sends what waits of a group although what is due cannot be written with it, and counts what is refused', async () => {
    const { sweep, clock, sent, alertGroups } = await setup(1, { isSent: false });
    clock.advance(300_001);
    // Too large: with the summary that is due it cannot be written, without what was taken it can.
    const intercept: Interceptor = (call) => {
      const { pending } = call.argument as { pending?: Notice[] };
      if (call.method === 'putVersioned' && pending && pending.length > 1) throw new Fault('invalid', 'PutItem failed');
      return call.proceed();
    };
    const refuse: PublishNotices = async () => [{ index: 0, reason: 'denied' }];
    expect(await sweep({ intercept, publish: refuse })).toEqual({
      ...NOTHING,
      due: 1,
      refused: { 'level-topic': 1 },
      reasons: ['level-topic: denied', 'invalid: PutItem failed'],
    });
    // It waits no more then, and what is due has its turn in the same run.
    expect(await sweep({ intercept })).toEqual({
      ...NOTHING,
      due: 2,
      notices: 2,
      reasons: ['invalid: PutItem failed'],
    });
    expect(await sweep({ intercept })).toEqual(NOTHING);
    expect(sent.map(({ id }) => id)).toEqual(['0-0/first', '0-0/summary']);
    expect(projection.fromItem(alertGroups.all()[0] ?? {}, 0)).toMatchObject({ pending: [] });
  });

  test('saves what is due before it is sent, so that a crash loses none', async () => {
    const { sweep, clock, sent } = await setup(1);
    clock.advance(300_001);
    const crash = () => Promise.reject(new TypeError('killed here'));
    await expect(sweep({ publish: crash })).rejects.toEqual(new TypeError('killed here'));
    await sweep();
    expect(sent.map(({ id }) => id)).toEqual(['0-0/summary']);
  });

  test('writes nothing where another run has cleared already what it sent', async () => {
    const { sweep, clock, alertGroups } = await setup(1);
    clock.advance(300_001);
    const another: PublishNotices = async () => {
      await sweep();
      return [];
    };
    await sweep({ publish: another });
    // Of the window that closed, and of the other run's clearing.
    expect(alertGroups.all().map(({ version, pending }) => [version, pending])).toEqual([[3, []]]);
  });

  test('sends what waits before the window is over, and leaves the window open', async () => {
    const { sweep, clock, sent, alertGroups } = await setup(1, { isSent: false });
    clock.advance(60_000);
    await sweep();
    expect(sent.map(({ id }) => id)).toEqual(['0-0/first']);
    const [waiting = {}] = alertGroups.all();
    expect(projection.fromItem(waiting, 0)).toMatchObject({ window: { status: 'open', count: 2 }, pending: [] });
    clock.advance(300_000);
    await sweep();
    expect(sent.map(({ id }) => id)).toEqual(['0-0/first', '0-0/summary']);
  });

  test('loses no event that is counted while it closes the window', async () => {
    const { sweep, clock, sent, alertGroups } = await setup(1);
    clock.advance(300_001);
    const intercept: Interceptor = async (call) => {
      if (call.method === 'putVersioned' && call.nth === 0) {
        const [item = {}] = alertGroups.all();
        const state = projection.fromItem(item, 0) as AlertGroup;
        const counted = projection.toItem({ ...state, window: { ...state.window, count: 3 } });
        await alertGroups.putVersioned({ ...item, ...counted, version: 2 }, 1);
      }
      return call.proceed();
    };
    await sweep({ intercept });
    expect(sent.map(({ id, count }) => [id, count])).toEqual([['0-0/summary', 3]]);
  });

  test('ends at its deadline; what is left is due a minute later', async () => {
    const { sweep, clock } = await setup(250);
    clock.advance(300_001);
    const start = clock.now();
    const intercept: Interceptor = (call) => {
      if (call.method === 'query') clock.advance(1_000);
      return call.proceed();
    };
    expect(await sweep({ intercept, deadline: start + 3_500 })).toMatchObject({ due: 200 });
    expect(await sweep()).toMatchObject({ due: 50 });
  });
});

describe('a receiver that refuses everything', () => {
  /** Refuses until it is told to take, and counts what it was asked for. */
  const dead = () => {
    const state = { asked: 0, takes: false };
    const pager: SendNotices = async (notices) => {
      state.asked += notices.length;
      return state.takes ? [] : notices.map((_, index) => ({ index, reason: 'denied' }));
    };
    return { pager, state };
  };

  test('holds up no summary of another, however many groups wait for it and however short the time is', async () => {
    const { sweep, clock, sent } = await setup(6_001, { waits: (n) => (n < 6_000 ? { to: [PAGER] } : undefined) });
    clock.advance(300_001);
    const intercept: Interceptor = (call) => {
      if (call.method === 'query') clock.advance(1_000);
      return call.proceed();
    };
    await sweep({ ...dead(), intercept, deadline: clock.now() + 20_000 });
    expect(sent.map(({ id }) => id)).toEqual(['6000-0/summary']);
  });

  test('holds up no summary that another place of the same group gets', async () => {
    const { sweep, clock, sent } = await setup(1_000, { waits: () => ({ to: [PAGER, LEVEL_TOPIC] }) });
    clock.advance(60_000);
    const { pager } = dead();
    await sweep({ pager });
    expect(sent.map(({ kind }) => kind)).toEqual(Array(1_000).fill('first'));
    clock.advance(300_000);
    expect(await sweep({ pager })).toMatchObject({ due: 1_000, refused: { [PAGER]: 2_000 } });
    expect(new Set(sent.slice(1_000).map(({ id }) => id)).size).toBe(1_000);
    expect(sent.slice(1_000).every(({ kind, count }) => kind === 'summary' && count === 2)).toBe(true);
    expect(sent.length).toBe(2_000);
  });

  test('holds up no notice that another did not take at first', async () => {
    const { sweep, sent, clock } = await setup(6_001, {
      burst: 1,
      isSent: false,
      waits: (n) => (n < 6_000 ? { to: [PAGER] } : undefined),
    });
    clock.advance(60_000);
    expect(await sweep(dead())).toMatchObject({ due: 6_001, notices: 1, refused: { [PAGER]: 6_000 } });
    expect(sent.map(({ id }) => id)).toEqual(['6000-0/first']);
  });

  test('is not asked for everything in vain, and gets everything in the run in which it takes again', async () => {
    const { sweep, clock } = await setup(1_000, { burst: 1, waits: () => ({ to: [PAGER] }) });
    clock.advance(60_000);
    const { pager, state } = dead();
    expect(await sweep({ pager })).toMatchObject({ refused: { [PAGER]: 1_000 }, reasons: [`${PAGER}: denied`] });
    // A page of a hundred, and one of each of the nine after it.
    expect(state.asked).toBe(109);
    state.takes = true;
    expect(await sweep({ pager })).toEqual({ ...NOTHING, due: 1_000, notices: 1_000 });
  });

  test('for what it cannot take gets what waits behind that', async () => {
    const { sweep, clock } = await setup(300, { burst: 1, waits: () => ({ to: [PAGER] }) });
    clock.advance(60_000);
    const told: string[] = [];
    const pager: SendNotices = async (notices) => {
      const isPoison = notices.map(({ id }) => Number(id.split('-')[0]) < 250);
      told.push(...notices.flatMap(({ id }, index) => (isPoison[index] ? [] : [id])));
      return isPoison.flatMap((is, index) => (is ? [{ index, reason: 'HTTP 400' }] : []));
    };
    await sweep({ pager });
    expect(told.sort()).toEqual(Array.from({ length: 50 }, (_, n) => `${250 + n}-0/first`));
  });

  test('of what waits is asked for all that is due', async () => {
    const isDue = (n: number) => n >= 150;
    const { sweep, clock } = await setup(200, {
      waits: (n) => ({ to: [PAGER], ...(isDue(n) ? { pending: [] } : {}) }),
    });
    clock.advance(300_001);
    const summaries: string[] = [];
    const pager: SendNotices = async (notices) => {
      summaries.push(...notices.map(({ id }) => id).filter((id) => isDue(Number.parseInt(id, 10))));
      return notices.map((_, index) => ({ index, reason: 'HTTP 400' }));
    };
    await sweep({ pager });
    expect(summaries.length).toBe(50);
  });
});
