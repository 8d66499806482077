import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { alertEvent, routingTree } from '../../test/support/alert-events.ts';
import type { Notice } from './notice.ts';
import { type PendingNotice, withoutAbandoned, withoutTaken } from './pending.ts';
import {
  evolveStorm,
  isInStorm,
  type Opening,
  type Storm,
  settleStorm,
  stormDecidedAt,
  stormProjection,
} from './storm.ts';

const NOON = Date.parse('2026-11-21T12:00:00.000Z');
const at = (seconds: number) => new Date(NOON + seconds * 1_000).toISOString();
const WORDS = 'alpha bravo charlie delta echo foxtrot golf hotel india juliett'.split(' ');
const settings = { incidents: 3, window: 300 };
const opening = (n: number, seconds = n): Opening => ({
  ...alertEvent({
    id: `o${n}`,
    time: at(seconds),
    message: `${WORDS[n % 10]} ${WORDS[Math.floor(n / 10) % 10]} ${WORDS[Math.floor(n / 100) % 10]}`,
  }),
  kind: 'first',
  settings,
});
const HALF_AN_HOUR = {
  name: 'break',
  spans: [{ times: [[12 * 60, 12 * 60 + 30] as const], location: 'UTC' }],
};
const muted = routingTree({ routes: [{ mute: ['break'] }] }, { timeIntervals: [HALF_AN_HOUR] });
/** On a route that is silent until half past twelve. */
const silently = (one: Opening): Opening => ({ ...one, way: alertEvent(one.event, muted).way });
const fold = (openings: readonly Opening[]) => openings.reduce<Storm | undefined>(evolveStorm, undefined) as Storm;
const many = (count: number) => Array.from({ length: count }, (_, n) => opening(n, n / 10));
const named = (notices: readonly Notice[]) =>
  notices.flatMap(({ incidents = [] }) => incidents.map(({ fingerprint }) => fingerprint));

describe('a storm', () => {
  test('begins with one incident more than may be told by themselves', () => {
    expect(fold(many(3))).toMatchObject({ isStorm: false, pending: [] });
    expect(fold(many(4)).pending.map(({ kind, title, count }) => [kind, title, count])).toEqual([
      ['first', 'shop: storm, more than 3 incidents within 300 seconds', 4],
    ]);
  });

  test('is none when the incidents come further apart', () => {
    expect(fold([0, 1, 2, 3, 4, 5].map((n) => opening(n, n * 200))).isStorm).toBe(false);
  });

  test('names every incident that it tells of, however many, each once, in notices of a hundred', () => {
    fc.assert(
      fc.property(fc.integer({ min: 4, max: 450 }), (count) => {
        const storm = settleStorm(fold(many(count)), at(301));
        const inStorm = many(count).filter((opening) => isInStorm(storm, opening));
        expect(inStorm.length).toBe(count - 3);
        const [begin, ...parts] = storm.pending;
        expect(named(parts).sort()).toEqual(inStorm.map(({ fingerprint }) => fingerprint as string).sort());
        expect(named(begin ? [begin] : [])).toEqual([inStorm[0]?.fingerprint]);
        expect(parts.every(({ incidents = [] }) => incidents.length <= 100)).toBe(true);
        expect(new Set(storm.pending.map(({ id }) => id)).size).toBe(storm.pending.length);
        expect(parts.reduce((sum, part) => sum + part.count, 0)).toBe(count - 3);
      }),
      { numRuns: 30 },
    );
  });

  test('on a route that is silent is told when that may speak, all in one: neither its beginning nor its parts', () => {
    const storm = fold(many(150).map(silently));
    expect([storm.isStorm, storm.closesAt, storm.pending]).toEqual([true, at(1_800), []]);
    expect(settleStorm(storm, at(1_799))).toBe(storm);
    const [notice, ...others] = settleStorm(storm, at(1_800)).pending;
    expect(others).toEqual([]);
    expect(notice).toMatchObject({ kind: 'summary', title: 'shop: storm, 147 more incidents', count: 147 });
    expect([notice?.incidents?.length, notice?.sample]).toEqual([
      100,
      '47 of them are not named: they were named before, or are too many.',
    ]);
  });

  test('that goes on when its route may speak again cuts parts from then on', () => {
    const route = { ...settings, window: 3_600 };
    const all = many(250).map((one) => silently({ ...one, settings: route }));
    const later = Array.from({ length: 3 }, (_, n) => silently({ ...opening(300 + n, 1_800 + n), settings: route }));
    const storm = fold([...all, ...later]);
    expect(storm.pending.map(({ kind, count }) => [kind, count])).toEqual([['summary', 248]]);
    expect(settleStorm(storm, at(3_600)).pending.map(({ count }) => count)).toEqual([248, 2]);
  });

  test.each([
    ['short', (n: number) => `${n} fails`],
    ['as long as they can be', (n: number) => `${n} ${'\u{1f600}'.repeat(300)}`],
  ])(
    'stays small while nobody takes a notice, however many incidents there are, with names that are %s',
    (_, title) => {
      const window = 20;
      const all = Array.from({ length: 3_000 }, (_, n): Opening => {
        const fingerprint = `v1:${String(n).padStart(32, '0')}` as Opening['fingerprint'];
        return { ...opening(n, n / 10), fingerprint, template: title(n), settings: { ...settings, window } };
      });
      const storm = fold(all);
      expect(Buffer.byteLength(JSON.stringify(stormProjection.toItem(storm)))).toBeLessThan(350_000);
      // What there was no room for is counted, and told when there is room again.
      const summed = storm.pending.filter(({ kind }) => kind === 'summary').reduce((sum, { count }) => sum + count, 0);
      const last = settleStorm({ ...storm, pending: [] }, at(4_000)).pending;
      expect(last.map(({ incidents }) => incidents?.length)).toEqual([100]);
      const oneByOne = (all.length / (window * 10)) * settings.incidents;
      expect(summed + (last[0]?.count ?? 0)).toBe(all.length - oneByOne);
    },
  );

  test('goes on naming to whom takes its notices while another takes none, which is counted', () => {
    const addresses = new Map([['both', ['dead', 'well']]]);
    const tree = routingTree({ receiver: 'both' }, { addresses });
    const named: string[] = [];
    const taken = many(3_000).reduce<Storm | undefined>((state, one) => {
      const storm = evolveStorm(state, { ...one, way: alertEvent(one.event, tree).way });
      const wellHas = storm.pending.filter(({ to }) => to === undefined || to.includes('well'));
      named.push(
        ...wellHas
          .flatMap(({ kind, incidents = [] }) => (kind === 'summary' ? incidents : []))
          .map(({ title }) => title),
      );
      return withoutTaken(storm, new Map(wellHas.map(({ id }) => [id, new Set(['well'])])));
    }, undefined) as Storm;
    expect(named.length).toBe(2_900);
    expect([taken.pending.every(({ to }) => to?.join() === 'dead'), taken.unnamed]).toEqual([true, 0]);
    expect((taken.givenUp ?? 0) + taken.pending.length).toBe(30);
    expect(Buffer.byteLength(JSON.stringify(stormProjection.toItem(taken)))).toBeLessThan(350_000);
  });

  test('keeps its level and times for what it could not tell while as many notices wait as may', () => {
    const critical = fold([...many(3), { ...opening(3), ...alertEvent({ id: 'o3', time: at(3), level: 'critical' }) }]);
    const [notice] = critical.pending as [PendingNotice];
    const full: Storm = { ...critical, pending: Array.from({ length: 20 }, (_, n) => ({ ...notice, id: `${n}` })) };
    expect(settleStorm(full, at(301))).toBe(full);
    const next = evolveStorm(full, opening(9, 400));
    expect([next.count, next.isStorm, next.named.length, next.pending]).toEqual([1, false, 1, full.pending]);
    const told = settleStorm({ ...next, pending: [] }, at(701));
    expect(told.pending).toMatchObject([{ level: 'critical', count: 1, firstSeen: at(0), lastSeen: at(400) }]);
    expect(told.pending[0]?.id).toBe('o9/summary@#storm-1');
    expect([told.named, told.unnamed]).toEqual([[], 0]);
  });

  test('that begins while as many notices wait as may adds none', () => {
    const begun = fold(many(4));
    const [notice] = begun.pending as [PendingNotice];
    const full: Storm = {
      ...fold(many(3)),
      pending: Array.from({ length: 20 }, (_, n) => ({ ...notice, id: `${n}` })),
    };
    const storm = many(250).slice(3).reduce(evolveStorm, full) as Storm;
    expect([storm.isStorm, storm.pending.length, storm.named.length, storm.unnamed]).toEqual([true, 20, 100, 147]);
  });

  test('leaves nothing to its notices that an older window told one by one, or that it does not know', () => {
    const first = many(3);
    const later = [10, 11, 12, 13].map((n) => opening(n, 400 + n));
    const last = [20, 21, 22, 23].map((n) => opening(n, 800 + n));
    const storm = fold([...first, ...later, ...last]);
    const inStorm = (one: Storm) => [...first, ...later, ...last].filter((each) => isInStorm(one, each));
    expect(inStorm(storm).map(({ event }) => event.id)).toEqual(['o13', 'o23']);
    // Read again, for records that come again: the windows it remembers, by the times of the events.
    const read = stormProjection.fromItem(stormProjection.toItem(storm), NOON) as Storm;
    expect(inStorm(read).map(({ event }) => event.id)).toEqual(['o13', 'o23']);
  });

  test('only counts what goes on and was named before', () => {
    const storm = settleStorm(fold([...many(3), { ...opening(5), kind: 'repeat' as const }]), at(301));
    expect(storm.pending.map(({ kind, count, sample }) => [kind, count, sample]).at(-1)).toEqual([
      'summary',
      1,
      '1 of them are not named: they were named before, or are too many.',
    ]);
  });

  test('comes back from its item as it was, and is due when it has something to name', () => {
    const { justNamed, ...storm } = { ...fold(many(5)), pending: [] };
    expect(justNamed?.length).toBe(2);
    const item = stormProjection.toItem(storm);
    expect(item.due_at).toContain(storm.closesAt);
    expect(stormProjection.fromItem({ ...item, group: 'storm#', version: 1, seen: {} }, NOON)).toEqual(storm);
    expect(stormProjection.toItem(fold(many(2))).due_at).toBe(undefined);
  });

  test('is kept for a month while it has something to tell, and for a day when all was told', () => {
    const waits = fold(many(4));
    const { pending } = waits;
    const told: Storm = { ...waits, named: [], pending: [] };
    const days = (storm: Storm) =>
      ((stormProjection.toItem(storm).expiry as number) * 1_000 - Date.parse(storm.closesAt)) / 86_400_000;
    const all = [told, { ...told, pending }, { ...told, givenUp: 1 }, { ...told, unnamed: 1 }, waits];
    expect(all.map(days)).toEqual([1, 30, 30, 30, 30]);
    // Of events that are long past when they arrive it is kept as long.
    const replayed = fold(many(4).map((one) => ({ ...one, arrivedAt: NOON + 40 * 86_400_000 })));
    expect(Math.round(days(replayed))).toBe(70);
  });

  test('gives its notices up a week after the last of them can have been decided', () => {
    const storm = settleStorm(fold(many(5)), at(301));
    const leftAfter = (days: number, one = storm) =>
      withoutAbandoned(one, stormDecidedAt(one), NOON + 300_000 + days * 86_400_000);
    expect(leftAfter(6.9)).toBe(storm);
    expect(leftAfter(7)).toEqual({ ...storm, pending: [], givenUp: 2 });
    const replayed = fold(many(5).map((one) => ({ ...one, arrivedAt: NOON + 40 * 86_400_000 })));
    expect([leftAfter(46.9, replayed).pending.length, leftAfter(47, replayed).pending.length]).toEqual([1, 0]);
    // Items of before have no time of arrival.
    const { arrivedAt: _, ...old } = storm;
    expect([leftAfter(6.9, old).pending.length, leftAfter(7, old).pending.length]).toEqual([2, 0]);
  });
});
