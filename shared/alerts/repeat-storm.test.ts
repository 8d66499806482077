import { describe, expect, test } from 'vitest';
import { alertPolicy, routingTree } from '../../test/support/alert-events.ts';
import { logEvent } from '../../test/support/stream-records.ts';
import { fingerprintEvent } from '../events/fingerprint.ts';
import type { Notice } from './notice.ts';
import { AlertRehearsal } from './rehearse.ts';
import type { RouteSettings } from './routing-tree.ts';

const NOON = Date.parse('2026-11-21T12:00:00.000Z');
const WORDS = 'alpha bravo charlie delta echo foxtrot'.split(' ');
const ROOT: RouteSettings = { repeatInterval: 4 * 3_600, resolveTimeout: 3_600 };

/** What is told, in order, of events at minutes, each of a kind. */
function told(events: readonly (readonly [minute: number, kind: number])[], root = ROOT): Notice[] {
  const notices: Notice[] = [];
  const policy = alertPolicy(routingTree(root), { storm: { incidents: 3, window: 300 } });
  const rehearsal = new AlertRehearsal(policy, (_, notice) => notices.push(notice));
  for (const [n, [minute, kind]] of events.entries()) {
    const time = NOON + minute * 60_000;
    const event = logEvent({ id: `e${n}`, time: new Date(time).toISOString(), message: `no ${WORDS[kind]}` });
    rehearsal.take({ event, ...fingerprintEvent(event), arrivedAt: time });
  }
  rehearsal.finish();
  return notices;
}

/** One event of each kind, all within a minute. */
const storm = (minute: number) => WORDS.map((_, kind) => [minute + kind / 10, kind] as const);
const ofStorms = (notices: readonly Notice[]) => notices.filter(({ fingerprint }) => fingerprint.startsWith('storm:'));

describe('a storm of incidents that were told a while ago', () => {
  test('is told at once, and names them, although each of them is held back by its repeat interval', () => {
    const storms = ofStorms(told([...storm(0), ...storm(120)]));
    expect(storms.map(({ id, kind }) => [id, kind])).toEqual([
      ['e3/first@#storm', 'first'],
      ['e0/summary@#storm-1', 'summary'],
      ['e9/first@#storm', 'first'],
      ['e6/summary@#storm-1', 'summary'],
    ]);
    expect(storms.at(-1)?.incidents?.length).toBe(3);
  });

  test('ends with its window: what goes on after it is told of, with all that came since', () => {
    const goesOn = Array.from({ length: 60 }, (_, n) => [130 + n, 5] as const);
    const own = told([...storm(0), ...storm(120), ...goesOn]).filter(({ title }) => title === 'shop: no foxtrot');
    expect(own.map(({ kind, count }) => [kind, count])).toEqual([['resolved', 61]]);
  });
});
