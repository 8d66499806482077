import { describe, expect, test } from 'vitest';
import { Fault } from '../../shared/stream/fault.ts';
import type { SendFailure } from '../../shared/stream/ports.ts';
import type { StreamEntry } from '../../shared/stream/put-records.ts';
import { calmWorld, worldWith } from './calm-world.ts';
import {
  applicationStream,
  functionStream,
  MODELS_OF_PUT_RECORDS,
  type ModelUnderTest,
} from './models-of-put-records.ts';
import { plain } from './stream-under-test.ts';

// Models only: the local cloud never takes a part of a call, never loses an answer, and has limits of its own where
// these tests put the documented ones.

const MIB = 1024 * 1024;
const CALLS = 60;
const ENTRIES = 6;
const PARTLY_FAILS = 6;
const LANDS_UNHEARD = 7;

interface Called {
  entries: readonly StreamEntry[];
  outcome: SendFailure[] | Fault;
  /** What the call brought onto the stream. */
  added: readonly StreamEntry[];
}

const entry = (data: Uint8Array, partitionKey = 'key') => ({ data, partitionKey });

async function call(stream: ModelUnderTest, entries: readonly StreamEntry[]): Promise<Called> {
  const before = (await stream.read()).length;
  const outcome = await stream.put(entries).catch((fault: Fault) => fault);
  return { entries, outcome, added: (await stream.read()).slice(before) };
}

/** So many calls that each fault strikes some of them; no two entries are the same. */
async function calls(stream: ModelUnderTest): Promise<Called[]> {
  const called: Called[] = [];
  for (let n = 0; n < CALLS; n++) {
    const entries = Array.from({ length: ENTRIES }, (_, index) => entry(new Uint8Array([n, index]), `key-${index}`));
    called.push(await call(stream, entries));
  }
  return called;
}

const failuresOf = ({ outcome }: Called) => (outcome instanceof Fault ? [] : outcome);
const unnamed = (one: Called) => {
  const named = new Set(failuresOf(one).map(({ index }) => index));
  return one.entries.filter((_, index) => !named.has(index));
};

describe.each(MODELS_OF_PUT_RECORDS)('a stream that fails, as %s', (_, open) => {
  test('names each entry that it did not take, once and in order, and has exactly the others', async () => {
    const stream = open(worldWith([PARTLY_FAILS]));
    const answered = (await calls(stream)).filter(({ outcome }) => !(outcome instanceof Fault));
    const partial = answered.filter((one) => failuresOf(one).length > 0 && one.added.length > 0);
    expect(partial.length).toBeGreaterThan(2);
    for (const one of answered) {
      const indices = failuresOf(one).map(({ index }) => index);
      expect(indices).toEqual([...new Set(indices)].sort((a, b) => a - b));
      expect(indices.every((index) => index in one.entries)).toBe(true);
      expect(failuresOf(one).every(({ reason }) => reason !== '')).toBe(true);
      expect(one.added.map(plain)).toEqual(unnamed(one).map(plain));
    }
  });

  test('has all of a call whose answer was lost, and its sender hears that it is unavailable', async () => {
    const world = worldWith([LANDS_UNHEARD]);
    const stream = open(world);
    const lost = (await calls(stream)).filter(({ outcome }) => outcome instanceof Fault);
    expect(lost.length).toBeGreaterThan(0);
    for (const { entries, outcome, added } of lost) {
      expect(outcome).toMatchObject({ name: 'Fault', code: 'unavailable' });
      expect(added.map(plain)).toEqual(entries.map(plain));
    }
  });

  test('keeps an unheard call waiting for as long as a client waits', async () => {
    const world = worldWith([LANDS_UNHEARD]);
    const stream = open(world);
    let waited = 0;
    for (let n = 0; n < CALLS && waited === 0; n++) {
      const began = world.scheduler.now;
      const { outcome } = await call(stream, [entry(new Uint8Array([n]))]);
      if (outcome instanceof Fault) waited = world.scheduler.now - began;
    }
    expect(waited).toBeGreaterThanOrEqual(5_000);
    expect(waited).toBeLessThan(5_100);
  });

  test('tells the world of what is on it, of each record once, heard or not', async () => {
    const stream = open(worldWith([PARTLY_FAILS, LANDS_UNHEARD]));
    await calls(stream);
    expect(stream.told.map(({ record }) => record)).toEqual(await stream.read());
    expect(stream.told.map((taken) => plain(taken.entry))).toEqual((await stream.read()).map(plain));
  });

  // The local cloud takes no records and an empty key, counts no key as part of its record, and takes 5 MiB at most.
  test.each([
    ['no records', []],
    ['an empty key', [entry(new Uint8Array([1])), entry(new Uint8Array([2]), ''), entry(new Uint8Array([3]))]],
    ['a record that its key brings over 1 MiB', [entry(new Uint8Array([1])), entry(new Uint8Array(MIB - 2))]],
    ['a byte over 10 MiB', [...tenMiB(), entry(new Uint8Array(), 'k')]],
  ])('refuses a call with %s as a whole', async (_what, entries) => {
    const { outcome, added } = await call(open(calmWorld()), entries);
    expect(outcome).toMatchObject({ name: 'Fault', code: 'invalid' });
    expect(added).toEqual([]);
  });

  test('takes a call of 10 MiB, keys included', async () => {
    const { outcome, added } = await call(open(calmWorld()), tenMiB());
    expect([outcome, added.length]).toEqual([[], 10]);
  });
});

test('a function whose stream is choked hears so of every entry, and nothing is on the stream', async () => {
  const choked = (await calls(functionStream(worldWith([]), () => true))).filter((one) => failuresOf(one).length > 0);
  expect(choked.length).toBeGreaterThan(CALLS / 2);
  for (const { outcome, added } of choked) {
    expect(outcome).toEqual(Array.from({ length: ENTRIES }, (_, index) => ({ index, reason: 'busy' })));
    expect(added).toEqual([]);
  }
});

test('an application whose stream is down hears that it is unavailable, and nothing is on the stream', async () => {
  const world = calmWorld();
  const stream = applicationStream(world, [{ from: 0, to: world.scheduler.now + 60_000 }]);
  const { outcome, added } = await call(stream, [entry(new Uint8Array([1]))]);
  expect(outcome).toMatchObject({ name: 'Fault', code: 'unavailable' });
  expect(added).toEqual([]);
  await world.scheduler.runUntil(world.scheduler.now + 60_000);
  expect((await call(stream, [entry(new Uint8Array([2]))])).added.map(plain)).toEqual([[[2], 'key']]);
});

/** Full to the byte, of the largest records. */
function tenMiB(): StreamEntry[] {
  return Array.from({ length: 10 }, () => entry(new Uint8Array(MIB - 3)));
}
