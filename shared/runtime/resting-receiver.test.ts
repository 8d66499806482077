import { describe, expect, test } from 'vitest';
import { manualClock } from '../../test/support/manual-clock.ts';
import type { Notice } from '../alerts/notice.ts';
import type { SendNotices } from '../alerts/outbox.ts';
import { restingReceiver } from './resting-receiver.ts';

const notices = [{ id: 'n0' }, { id: 'n1' }] as Notice[];
const all = (reason: string) => notices.map((_, index) => ({ index, reason }));

/** A receiver that answers after so long with what it did not take, asked through its rest. */
function receiver(answer: SendNotices, limit?: number) {
  const clock = manualClock();
  let asked = 0;
  const counted: SendNotices = (sent) => {
    asked += 1;
    return answer(sent);
  };
  const send = restingReceiver(counted, { clock, rest: 45_000, ...(limit === undefined ? {} : { limit }) });
  return { send, clock, asked: () => asked };
}

const reasons = (unsent: readonly { index: number; reason: string }[]) =>
  unsent.map(({ index, reason }) => [index, reason]);

describe('a receiver', () => {
  test('that never answers is given up after its limit, and left alone until its rest is over', async () => {
    const { send, clock, asked } = receiver(() => new Promise(() => undefined), 20);
    expect(reasons(await send(notices))).toEqual([
      [0, 'unavailable: no answer in time'],
      [1, 'unavailable: no answer in time'],
    ]);
    expect(reasons(await send(notices))).toEqual([
      [0, 'unavailable: it did not answer a moment ago'],
      [1, 'unavailable: it did not answer a moment ago'],
    ]);
    expect(asked()).toBe(1);
    clock.advance(45_001);
    await send(notices);
    expect(asked()).toBe(2);
  });

  test('that takes its time and takes nothing rests too', async () => {
    const { send, clock, asked } = receiver(async () => {
      clock.advance(2_000);
      return all('denied');
    });
    expect(await send(notices)).toEqual(all('denied'));
    await send(notices);
    expect(asked()).toBe(1);
  });

  test('that is slow and takes some is asked again at once: what comes next may be critical', async () => {
    const { send, clock, asked } = receiver(async () => {
      clock.advance(10_000);
      return [{ index: 1, reason: 'out-of-time: the emails before took too long' }];
    });
    expect(reasons(await send(notices))).toEqual([[1, 'out-of-time: the emails before took too long']]);
    await send(notices);
    expect(asked()).toBe(2);
  });

  test('is left alone from when it was asked: the run of the next minute asks it again', async () => {
    const { send, clock, asked } = receiver(async () => {
      clock.advance(20_000);
      return all('unavailable: no answer in time');
    });
    await send(notices);
    clock.advance(40_000);
    await send(notices);
    expect(asked()).toBe(2);
  });

  test('that refuses at once is asked again at once: it holds up nobody', async () => {
    const { send, asked } = receiver(async () => [{ index: 0, reason: 'denied' }]);
    await send(notices);
    await send(notices);
    expect(asked()).toBe(2);
  });

  test('that is slow and takes everything does not rest', async () => {
    const { send, clock, asked } = receiver(async () => {
      clock.advance(8_000);
      return [];
    });
    await send(notices);
    await send(notices);
    expect(asked()).toBe(2);
  });

  test('whose fault nobody foresaw is told of it', async () => {
    const { send } = receiver(() => Promise.reject(new Error('a bug')));
    await expect(send(notices)).rejects.toThrow('a bug');
  });
});
