import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { logEvent } from '../../test/support/stream-records.ts';
import type { LogEvent } from '../events/event.ts';
import type { Fingerprint } from '../events/fingerprint.ts';
import { evolve, type FingerprintedEvent, type Incident } from './incident.ts';

const fingerprint = `v1:${'a'.repeat(32)}` as Fingerprint;
const fingerprinted = (event: Partial<LogEvent>, template = 'refused <n>'): FingerprintedEvent => ({
  event: logEvent(event),
  fingerprint,
  template,
});
const fold = (events: readonly FingerprintedEvent[]) =>
  events.reduce<Incident | undefined>((incident, event) => evolve(incident, event), undefined);

describe('an incident', () => {
  test('opens with its first event', () => {
    expect(fold([fingerprinted({ id: 'a', message: 'refused 1' })])).toEqual({
      status: 'open',
      fingerprint,
      level: 'error',
      source: 'shop',
      template: 'refused <n>',
      count: 1,
      firstSeen: '2026-11-21T12:00:00.000Z',
      lastSeen: '2026-11-21T12:00:00.000Z',
      sample: 'refused 1',
      sampleId: 'a',
    });
  });

  test('counts, widens its times, keeps the sample of the earliest and takes the most severe level', () => {
    const incident = fold([
      fingerprinted({ id: 'b', time: '2026-11-21T12:00:05.000Z', message: 'refused 2' }),
      fingerprinted({ id: 'c', time: '2026-11-21T12:00:09.000Z', message: 'refused 3', level: 'critical' }),
      fingerprinted({ id: 'a', time: '2026-11-21T12:00:01.000Z', message: 'refused 1' }, 'the earliest template'),
    ]);
    expect(incident).toMatchObject({
      count: 3,
      level: 'critical',
      firstSeen: '2026-11-21T12:00:01.000Z',
      lastSeen: '2026-11-21T12:00:09.000Z',
      sample: 'refused 1',
      sampleId: 'a',
      template: 'the earliest template',
    });
  });

  test('takes the sample of the lower id when two events are of the same millisecond', () => {
    const [a, b] = [fingerprinted({ id: 'a', message: 'of a' }), fingerprinted({ id: 'b', message: 'of b' })];
    expect([fold([a, b])?.sample, fold([b, a])?.sample]).toEqual(['of a', 'of a']);
  });

  test('keeps a sample of at most 1 KiB, marked as cut', () => {
    const sample = fold([fingerprinted({ message: 'ä'.repeat(10_000) })])?.sample ?? '';
    expect(Buffer.byteLength(sample)).toBeLessThanOrEqual(1_024);
    expect(sample).toMatch(/^ä+… \[cut \d+ bytes\]$/);
  });

  test('is the same in whatever order its events are folded, so shards may be folded in any order', () => {
    const events = fc.uniqueArray(
      fc.record({
        id: fc.uuid(),
        time: fc.integer({ min: 0, max: 3 }).map((second) => `2026-11-21T12:00:0${second}.000Z`),
        level: fc.constantFrom('critical' as const, 'error' as const),
        message: fc.string({ maxLength: 5 }),
      }),
      { minLength: 1, maxLength: 20, selector: ({ id }) => id },
    );
    const withOrder = events.chain((all) =>
      fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })),
    );
    fc.assert(
      fc.property(withOrder, ([all, shuffled]) => {
        const inOrder = (some: typeof all) =>
          fold(some.map((event) => fingerprinted(event, `template of ${event.id}`)));
        expect(inOrder(shuffled)).toEqual(inOrder(all));
      }),
    );
  });
});
