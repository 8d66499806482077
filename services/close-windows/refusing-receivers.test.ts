import { describe, expect, test } from 'vitest';
import type { Notice } from '../../shared/alerts/notice.ts';
import type { SendNotices } from '../../shared/alerts/outbox.ts';
import { LEVELS, type Level } from '../../shared/events/levels.ts';
import { hardlyAskedWhenRefusing } from './refusing-receivers.ts';

const notices = (level: Level, count: number) =>
  Array.from({ length: count }, (_, n) => ({ id: `${n}`, level }) as Notice);

/** A receiver in one sweep, and how many notices it was asked for. */
function inOneSweep(answer: (notice: Notice, place: number) => string | undefined) {
  let asked = 0;
  const send: SendNotices = async (all) => {
    asked += all.length;
    return all.flatMap((notice, index) => {
      const reason = answer(notice, index);
      return reason === undefined ? [] : [{ index, reason }];
    });
  };
  const receiver = hardlyAskedWhenRefusing(new Map([['oncall', send]])).get('oncall') as SendNotices;
  return { receiver, asked: () => asked };
}

describe('in one sweep', () => {
  test('a receiver that refused a hundred notices and took none is asked for one of each call, and its reason stands', async () => {
    const { receiver, asked } = inOneSweep(() => 'denied');
    for (let call = 0; call < 3; call++) expect(await receiver(notices('error', 60))).toHaveLength(60);
    expect(asked()).toBe(121);
    expect(await receiver(notices('error', 2))).toEqual([
      { index: 1, reason: 'denied' },
      { index: 0, reason: 'denied' },
    ]);
    expect(asked()).toBe(122);
  });

  test('one that takes that one is asked for all others of the call: those before were the fault', async () => {
    const { receiver, asked } = inOneSweep(({ source }) => (source === 'poison' ? 'HTTP 400' : undefined));
    const poison = notices('error', 100).map((notice) => ({ ...notice, source: 'poison' }));
    for (let call = 0; call < 3; call++) expect(await receiver(poison)).toHaveLength(100);
    expect(asked()).toBe(102);
    expect(await receiver([...poison.slice(0, 3), ...notices('error', 50)])).toEqual(
      [0, 1, 2].map((index) => ({ index, reason: 'HTTP 400' })),
    );
  });

  test('one that took a single notice is asked for all others: those that it refuses may be the fault', async () => {
    const { receiver, asked } = inOneSweep(({ id }) => (id === '7' ? undefined : 'invalid'));
    for (let call = 0; call < 3; call++) expect(await receiver(notices('error', 100))).toHaveLength(99);
    expect(asked()).toBe(300);
  });

  test('one that refuses a level is asked for the others, and each notice gets its own answer', async () => {
    const { receiver } = inOneSweep(({ level }) => (level === 'critical' ? 'denied' : undefined));
    await receiver(notices('critical', 100));
    const mixed = LEVELS.flatMap((level) => notices(level, 2));
    const unsent = await receiver(mixed);
    expect(unsent.map(({ index }) => mixed[index]?.level)).toEqual(['critical', 'critical']);
    const { receiver: fussy } = inOneSweep(({ level, id }) =>
      level === 'critical' ? 'denied' : id === '1' ? id : undefined,
    );
    await fussy(notices('critical', 100));
    const [refused] = (await fussy(mixed)).filter(({ reason }) => reason === '1');
    expect(mixed[refused?.index ?? 0]).toMatchObject({ id: '1', level: LEVELS.find((level) => level !== 'critical') });
  });
});
