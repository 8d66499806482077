import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { DroppedObject } from '../../shared/stream/drop-bucket.ts';
import { Fault } from '../../shared/stream/fault.ts';
import { dropWorld, type GateCall, Killed } from '../../test/support/drop-world.ts';
import { type DropLimits, dropLimits, type IngestedObject, ingestObject } from './ingest-object.ts';

type World = ReturnType<typeof dropWorld>;

const LIMITS: DropLimits = { ...dropLimits(256), headBytes: 2_000, pieceBytes: 2_000 };

function ingest(world: World, object: DroppedObject, part: { limits?: DropLimits; deadline?: number } = {}) {
  const { limits = LIMITS, deadline = Number.POSITIVE_INFINITY } = part;
  return ingestObject(object, { ...world.ports, limits, deadline });
}

const line = (n: number) => JSON.stringify({ level: 'error', message: `payment ${n} failed` });
const lines = (count: number) => Array.from({ length: count }, (_, n) => line(n)).join('\n');

describe('an object', () => {
  test('puts its events on the stream, with ids and times that its version makes', async () => {
    const world = dropWorld();
    const ingested = await ingest(world, world.drop(lines(3)));
    expect(ingested).toEqual({ status: 'taken', events: 3, quarantined: 0 });
    expect(world.events()).toEqual(
      [0, 1, 2].map((n) => ({
        v: 1,
        id: expect.stringMatching(new RegExp(`^s3:[\\w-]{22}:${n}$`)),
        type: 'log',
        time: '2026-11-21T11:59:00.000Z',
        level: 'error',
        source: 'web-1',
        message: `payment ${n} failed`,
      })),
    );
    expect(world.receipts()).toEqual([{ status: 'taken', next: 3, events: 3, quarantined: 0 }]);
  });

  test.each([
    ['web-1/2026/11/app.json', 'web-1'],
    ['/web-1/app.json', 'web-1'],
    ['products-csv.log.gz', 'products-csv'],
    ['.hidden', 'hidden'],
    ['folder/', 'folder'],
  ])('named %s is of the source %s, where its events name none', async (key, source) => {
    const world = dropWorld();
    await ingest(world, world.drop('[{"message":"a"},{"message":"b","source":"own"}]', key));
    expect(world.events().map((event) => event.source)).toEqual([source, 'own']);
  });

  test('that is dropped again is another version, with ids of its own', async () => {
    const world = dropWorld();
    for (const version of ['v1', 'v2']) await ingest(world, world.drop(lines(2), 'a/b', version));
    expect(new Set(world.events().map(({ id }) => id)).size).toBe(4);
  });

  test('that was taken in is not read again', async () => {
    const world = dropWorld();
    const object = world.drop(lines(3));
    await ingest(world, object);
    expect(await ingest(world, object)).toEqual({ status: 'repeated', events: 0, quarantined: 0 });
    expect([world.opened.length, world.events().length]).toEqual([1, 3]);
  });

  test('with lines that are no JSON has those kept, byte for byte, and the others taken', async () => {
    const world = dropWorld();
    const bad = Buffer.from([0xff, 0x00, 0xfe]);
    const data = Buffer.concat([Buffer.from(`${line(0)}\n{broken \n`), bad, Buffer.from(`\n${line(1)}`)]);
    expect(await ingest(world, world.drop(data))).toEqual({ status: 'taken', events: 2, quarantined: 2 });
    expect([...world.kept.values()]).toEqual([
      { code: 'not-json', data: '{broken ' },
      { code: 'not-utf8', data: bad.toString('latin1') },
    ]);
    expect(world.events().map(({ message }) => message)).toEqual(['payment 0 failed', 'payment 1 failed']);
  });

  test('that is no JSON is kept whole, and not read again', async () => {
    const world = dropWorld();
    const object = world.drop('a report of yesterday');
    expect(await ingest(world, object)).toEqual({
      status: 'refused',
      events: 0,
      quarantined: 1,
      reason: 'not-json: expected a JSON document, a JSON array or lines of JSON, gzipped or not',
    });
    expect([...world.kept.values()]).toEqual([{ code: 'not-json', data: 'a report of yesterday', taken: 0 }]);
    expect((await ingest(world, object)).status).toBe('repeated');
    expect(world.opened.length).toBe(1);
  });

  test('that breaks off far from its beginning is kept whole, and says how much of it was taken', async () => {
    const world = dropWorld();
    const whole = gzipSync(lines(2_500));
    await ingest(world, world.drop(whole.subarray(0, -20)));
    const [entry] = [...world.kept.values()];
    expect(entry?.code).toBe('bad-compression');
    expect(entry?.taken).toBe(world.events().length);
    expect(world.events().length).toBeGreaterThan(1_000);
    expect(world.receipts()).toMatchObject([{ status: 'refused', quarantined: 1 }]);
  });

  test.each<[string, Partial<DropLimits>, string | Uint8Array, string]>([
    ['that is larger than allowed', { objectBytes: 10 }, lines(1), 'too-large'],
    ['that unpacks to more than allowed', { textBytes: 10 }, gzipSync(lines(1)), 'too-large'],
    ['of more pieces than allowed', { pieces: 2 }, lines(3), 'too-many-events'],
  ])('%s is kept whole', async (_, limits, data, code) => {
    const world = dropWorld();
    expect((await ingest(world, world.drop(data), { limits: { ...LIMITS, ...limits } })).status).toBe('refused');
    expect([...world.kept.values()]).toMatchObject([{ code }]);
  });

  test('that is gone is done with', async () => {
    const world = dropWorld();
    const object = { bucket: 'drops', key: 'gone', versionId: 'v1' };
    expect((await ingest(world, object)).status).toBe('gone');
    expect((await ingest(world, object)).status).toBe('repeated');
  });

  test('that takes longer than a call goes on where the last one ended', async () => {
    const world = dropWorld();
    const object = world.drop(lines(5_000));
    const statuses: IngestedObject[] = [];
    for (let call = 0; call < 20 && statuses.at(-1)?.status !== 'taken'; call++) {
      const start = world.clock.now();
      const slow = {
        ...world.ports,
        send: (chunk: Parameters<typeof world.ports.send>[0]) => {
          world.clock.advance(600);
          return world.ports.send(chunk);
        },
      };
      statuses.push(await ingestObject(object, { ...slow, limits: LIMITS, deadline: start + 1_000 }));
    }
    expect(statuses.map(({ status, events }) => [status, events])).toEqual([
      ['unfinished', 2_000],
      ['unfinished', 2_000],
      ['taken', 1_000],
    ]);
    const events = world.events();
    expect([events.length, new Set(events.map(({ id }) => id)).size]).toEqual([5_000, 5_000]);
  });

  test('waits for a stream that takes nothing by being a fault', async () => {
    const world = dropWorld();
    const send = async (chunk: readonly unknown[]) => chunk.map((_, index) => ({ index, reason: 'busy' }));
    const object = world.drop(lines(1));
    const ingesting = ingestObject(object, {
      ...world.ports,
      send,
      limits: LIMITS,
      deadline: Number.POSITIVE_INFINITY,
    });
    await expect(ingesting).rejects.toEqual(new Fault('unavailable', '1 of 1 records could not be put: busy'));
    expect(world.receipts()).toEqual([]);
  });
});

/** Runs it until it ends, killed at the call that `gate` says; answers how often it was begun. */
async function untilDone(world: World, object: DroppedObject): Promise<number> {
  for (let tries = 1; tries < 10; tries++) {
    try {
      const { status } = await ingest(world, object);
      if (status !== 'unfinished') return tries;
    } catch (error) {
      if (!(error instanceof Killed) && !(error instanceof Fault)) throw error;
    }
  }
  throw new Error('expected it to be done after ten tries');
}

/** What is left of a run: events by id, what is kept, the receipt. */
function effects(world: World) {
  const events = new Map(world.events().map((event) => [event.id, event]));
  return {
    events: [...events].sort(([a], [b]) => (a < b ? -1 : 1)),
    kept: [...world.kept].sort(),
    receipts: world.receipts(),
  };
}

const part = fc.oneof(
  { weight: 8, arbitrary: fc.integer().map((n) => line(n)) },
  { weight: 1, arbitrary: fc.constantFrom('{broken', 'text', '\u00e9'.repeat(900)) },
);
const file = fc
  .tuple(
    fc.array(part, { minLength: 1, maxLength: 8 }),
    fc.integer({ min: 1, max: 450 }),
    fc.boolean(),
    fc.integer({ min: 0, max: 9 }),
  )
  .map(([parts, times, isPacked, cut]) => {
    const text = Array.from({ length: times }, () => parts.join('\n')).join('\n');
    const whole = isPacked ? gzipSync(text) : Buffer.from(text);
    return cut === 0 ? whole.subarray(0, -3) : whole;
  });

test('property: killed at any call, before or after its effect, it loses nothing and does nothing twice', async () => {
  await fc.assert(
    fc.asyncProperty(file, async (data) => {
      let calls = 0;
      const calm = dropWorld(() => void calls++);
      const object = calm.drop(data);
      await untilDone(calm, object);
      const expected = effects(calm);
      for (let at = 1; at <= calls; at++) {
        let seen = 0;
        const world = dropWorld(() => {
          if (++seen === at) throw new Killed();
        });
        world.drop(data);
        await untilDone(world, object);
        expect(effects(world)).toEqual(expected);
        // A crash repeats one chunk at most.
        expect(world.events().length - calm.events().length).toBeLessThanOrEqual(1_000);
        expect((await ingest(world, object)).status).toBe('repeated');
      }
    }),
    { numRuns: 8 },
  );
});

test('property: two calls at once for one version, in whatever turns, do what one does', async () => {
  await fc.assert(
    fc.asyncProperty(file, fc.scheduler(), async (data, scheduler) => {
      const calm = dropWorld();
      const object = calm.drop(data);
      await untilDone(calm, object);
      const world = dropWorld(({ what }: GateCall) => scheduler.schedule(Promise.resolve(), what));
      world.drop(data);
      const both = Promise.all([untilDone(world, object), untilDone(world, object)]);
      await scheduler.waitFor(both);
      expect(effects(world)).toEqual(effects(calm));
    }),
    { numRuns: 15 },
  );
});
