import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { manualClock } from '../../test/support/manual-clock.ts';
import { Fault } from './fault.ts';
import type { SendFailure } from './ports.ts';
import { sendAll } from './send-all.ts';

const LIMITS = { count: 3, bytes: 10 };

/** A service that records what it is sent, and answers each call by `answer`. */
function service(answer: (chunk: readonly string[], call: number) => SendFailure[] = () => []) {
  const chunks: string[][] = [];
  const clock = manualClock();
  const send = async (chunk: readonly string[]) => {
    chunks.push([...chunk]);
    return answer(chunk, chunks.length - 1);
  };
  return { chunks, clock, options: { send, clock, limits: LIMITS, sizeOf: (item: string) => item.length } };
}

const refuse = (chunk: readonly string[], refused: (item: string) => boolean) =>
  chunk.flatMap((item, index) => (refused(item) ? [{ index, reason: `no ${item}` }] : []));

describe('what is sent', () => {
  test('goes out in order, in chunks that fit the count', async () => {
    const { chunks, options } = service();
    expect(await sendAll(['a', 'b', 'c', 'd'], options)).toEqual({ sent: 4, unsent: [], calls: 2 });
    expect(chunks).toEqual([['a', 'b', 'c'], ['d']]);
  });

  test('goes out in chunks of exactly as many bytes as fit, and not one more', async () => {
    const { chunks, options } = service();
    await sendAll(['12345', '12345', '1', '123456789', '12'], options);
    expect(chunks).toEqual([['12345', '12345'], ['1', '123456789'], ['12']]);
  });

  test('that is too large alone has a call of its own, so that the service says why', async () => {
    const { chunks, options } = service();
    await sendAll(['1', 'far too large', '2'], options);
    expect(chunks).toEqual([['1'], ['far too large'], ['2']]);
  });

  test('is nothing when there is nothing to send', async () => {
    const { chunks, options } = service();
    expect(await sendAll([], options)).toEqual({ sent: 0, unsent: [], calls: 0 });
    expect(chunks).toEqual([]);
  });

  test('is each item once and in order whatever the limits, when nothing is refused', async () => {
    const items = fc.array(fc.string({ maxLength: 20 }), { maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(
        items,
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 30 }),
        async (all, count, bytes) => {
          const { chunks, options } = service();
          await sendAll(all, { ...options, limits: { count, bytes } });
          expect(chunks.flat()).toEqual(all);
          for (const chunk of chunks) {
            expect(chunk.length).toBeLessThanOrEqual(count);
            if (chunk.length > 1) expect(chunk.join('').length).toBeLessThanOrEqual(bytes);
          }
        },
      ),
    );
  });
});

describe('what a call refuses', () => {
  test('is sent again, and only that, after a pause', async () => {
    const { chunks, clock, options } = service((chunk, call) =>
      refuse(chunk, (item) => (item === 'b' && call < 2) || (item === 'c' && call < 1)),
    );
    expect(await sendAll(['a', 'b', 'c'], options)).toEqual({ sent: 3, unsent: [], calls: 3 });
    expect(chunks).toEqual([['a', 'b', 'c'], ['b', 'c'], ['b']]);
    expect(clock.pauses).toEqual([25, 50]);
  });

  test('to the end is named by its index among all items, with the reason, and holds up no other', async () => {
    const { options, chunks } = service((chunk) => refuse(chunk, (item) => item === 'b' || item === 'e'));
    const result = await sendAll(['a', 'b', 'c', 'd', 'e', 'f'], { ...options, attempts: 2 });
    expect(result).toEqual({
      sent: 4,
      unsent: [
        { index: 1, reason: 'no b' },
        { index: 4, reason: 'no e' },
      ],
      calls: 4,
    });
    expect(chunks).toEqual([['a', 'b', 'c'], ['b'], ['d', 'e', 'f'], ['e']]);
  });

  test('is tried six times unless told otherwise', async () => {
    const { options } = service((chunk) => refuse(chunk, () => true));
    expect((await sendAll(['a'], options)).calls).toBe(6);
  });

  test('is never lost and never sent again once taken, whatever is refused when', async () => {
    const plan = fc.array(fc.array(fc.boolean(), { minLength: 12, maxLength: 12 }), { maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(plan, async (tries) => {
        const items = Array.from({ length: 12 }, (_, index) => String(index));
        const attemptsOf = new Map<string, number>();
        const taken: string[] = [];
        const { options } = service((chunk) =>
          chunk.flatMap((item, index) => {
            const attempt = attemptsOf.get(item) ?? 0;
            attemptsOf.set(item, attempt + 1);
            if (tries[attempt]?.[Number(item)]) return [{ index, reason: 'not now' }];
            taken.push(item);
            return [];
          }),
        );
        const { sent, unsent } = await sendAll(items, { ...options, attempts: 3 });
        expect(new Set(taken).size).toBe(taken.length);
        expect(taken.length).toBe(sent);
        expect(unsent.map(({ index }) => String(index))).toEqual(items.filter((item) => !taken.includes(item)));
      }),
    );
  });
});

describe('a call that fails as a whole', () => {
  test('is made again when the fault passes', async () => {
    const { options, chunks } = service((_, call) => {
      if (call === 0) throw new Fault('unavailable', 'PutRecords failed');
      return [];
    });
    expect(await sendAll(['a', 'b'], options)).toEqual({ sent: 2, unsent: [], calls: 2 });
    expect(chunks).toEqual([
      ['a', 'b'],
      ['a', 'b'],
    ]);
  });

  test('is not made again when denied, and the other chunks still go out', async () => {
    const { options, chunks, clock } = service((chunk) => {
      if (chunk.includes('b')) throw new Fault('denied', 'PutRecords failed');
      return [];
    });
    expect(await sendAll(['a', 'b', 'c', 'd'], options)).toEqual({
      sent: 1,
      unsent: [0, 1, 2].map((index) => ({ index, reason: 'denied: PutRecords failed' })),
      calls: 2,
    });
    expect({ chunks, pauses: clock.pauses }).toEqual({ chunks: [['a', 'b', 'c'], ['d']], pauses: [] });
  });

  test('as invalid is made by halves until the entry is found that is: it holds up no other', async () => {
    const { options, chunks, clock } = service((chunk) => {
      if (chunk.includes('c')) throw new Fault('invalid', 'PublishBatch failed');
      return [];
    });
    const result = await sendAll(['a', 'b', 'c', 'd'], { ...options, limits: { count: 10, bytes: 100 } });
    expect(result).toEqual({ sent: 3, unsent: [{ index: 2, reason: 'invalid: PublishBatch failed' }], calls: 5 });
    expect(chunks).toEqual([['a', 'b', 'c', 'd'], ['a', 'b'], ['c', 'd'], ['c'], ['d']]);
    expect(clock.pauses).toEqual([]);
  });

  test('as invalid because of several entries leaves those unsent, in order, whichever they are', async () => {
    const bad = fc.uniqueArray(fc.integer({ min: 0, max: 19 }));
    await fc.assert(
      fc.asyncProperty(bad, async (indices) => {
        const items = Array.from({ length: 20 }, (_, index) => String(index));
        const taken: string[] = [];
        const { options } = service((chunk) => {
          if (chunk.some((item) => indices.includes(Number(item)))) throw new Fault('invalid', 'no');
          taken.push(...chunk);
          return [];
        });
        const { unsent } = await sendAll(items, options);
        expect(unsent.map(({ index }) => index)).toEqual([...indices].sort((a, b) => a - b));
        expect(taken).toEqual(items.filter((item) => !indices.includes(Number(item))));
      }),
    );
  });

  test('after a partial refusal leaves only what that call carried', async () => {
    const { options } = service((chunk, call) => {
      if (call > 0) throw new Fault('denied', 'PutRecords failed');
      return refuse(chunk, (item) => item === 'c');
    });
    const { sent, unsent } = await sendAll(['a', 'b', 'c'], options);
    expect({ sent, unsent }).toEqual({ sent: 2, unsent: [{ index: 2, reason: 'denied: PutRecords failed' }] });
  });
});
