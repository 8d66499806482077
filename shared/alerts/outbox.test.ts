import { expect, test } from 'vitest';
import type { Level } from '../events/levels.ts';
import type { Notice } from './notice.ts';
import { publishByLevel } from './outbox.ts';

const notice = (id: string, level: Level) => ({ id, level }) as Notice;

test('notices go to the topic of their level, in order, the most severe level first, and no topic is called for nothing', async () => {
  const calls: [Level, string[]][] = [];
  const all = [notice('1', 'info'), notice('2', 'critical'), notice('3', 'info')];
  const { sent, refused } = await publishByLevel(all, async (level, notices) => {
    calls.push([level, notices.map(({ id }) => id)]);
    return [];
  });
  expect(calls).toEqual([
    ['critical', ['2']],
    ['info', ['1', '3']],
  ]);
  expect([sent, refused]).toEqual([new Set(['2', '1', '3']), new Map()]);
});

test('what a topic refused is not sent, with the reason, and the other topics go on', async () => {
  const all = [notice('1', 'critical'), notice('2', 'critical'), notice('3', 'error')];
  const { sent, refused } = await publishByLevel(all, async (level) =>
    level === 'critical' ? [{ index: 1, reason: 'denied' }] : [],
  );
  expect([sent, refused]).toEqual([new Set(['1', '3']), new Map([['2', 'denied']])]);
});
