import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { itemBytes } from '../../test/simulation/models/table-item.ts';
import { alertEvent } from '../../test/support/alert-events.ts';
import { type AlertGroup, closeWindow, evolve } from './alert-group.ts';
import { packGroup, unpackGroup } from './group-item.ts';

const ID = '01932f4e-5be3-75f6-8ea4-6a098e1b80d6';
const NOON = Date.parse('2026-11-21T12:00:00.000Z');
const group = evolve(evolve(undefined, alertEvent({ id: ID })), alertEvent({ id: 'b' }));

describe('a group in its item', () => {
  test('has short names, times after its window was opened, and the bytes of a UUID', () => {
    expect(packGroup(group)).toMatchObject({
      fingerprint: group.fingerprint,
      total: 2,
      window: {
        b: Uint8Array.from(Buffer.from(ID.replaceAll('-', ''), 'hex')),
        o: NOON,
        s: 'open',
        n: 2,
        c: 300_000,
        f: 0,
        l: 0,
      },
      episode: { s: 0, n: 2, l: 0, q: 0 },
    });
  });

  test('takes less than a quarter of a write unit beside its message', () => {
    const { window, ...others } = packGroup({ ...group, pending: [] });
    expect(itemBytes({ ...others, window: { ...(window as object), x: '', h: '' } })).toBeLessThan(250);
  });

  test('comes back as it was', () => {
    for (const one of [group, closeWindow({ ...group, pending: [] })]) expect(unpackGroup(packGroup(one))).toEqual(one);
  });

  test('comes back as it was, whatever it holds', () => {
    fc.assert(
      fc.property(groups(), (any) => {
        expect(unpackGroup(packGroup(any))).toEqual(any);
      }),
    );
  });

  test('comes back from an item of the first deployments, with its long names and times as text', () => {
    const { episode: _, ...withoutEpisode } = group;
    for (const one of [group, withoutEpisode]) {
      expect(unpackGroup(structuredClone({ ...one }))).toEqual(one);
    }
  });
});

function groups(): fc.Arbitrary<AlertGroup> {
  const time = fc.oneof(
    fc.date({ noInvalidDate: true, min: new Date(0), max: new Date('2100-01-01') }).map((date) => date.toISOString()),
    fc.constantFrom('2026-11-21T12:00:00Z', '2026-11-21', 'some day'),
  );
  const opened = fc.date({ noInvalidDate: true, min: new Date(0), max: new Date('2100-01-01') });
  const openedAt = opened.map((date) => date.toISOString());
  const openedBy = fc.oneof(
    fc.uuid(),
    fc.string(),
    fc.uuid().map((id) => id.toUpperCase()),
  );
  const yes = fc.constant<true>(true);
  const window = fc.record(
    {
      status: fc.constantFrom('open' as const, 'closed' as const),
      openedBy,
      openedAt,
      closesAt: time,
      tellAt: time,
      kind: fc.constantFrom('first' as const, 'repeat' as const),
      count: fc.nat(),
      told: fc.nat(),
      firstSeen: time,
      lastSeen: time,
      title: fc.string(),
      sample: fc.oneof(fc.string(), time),
      incidents: fc.array(fc.record({ fingerprint: fc.string(), title: fc.string() })),
      inStorm: yes,
      lag: fc.nat(),
      isMuted: yes,
    },
    {
      requiredKeys: [
        'status',
        'openedBy',
        'openedAt',
        'closesAt',
        'count',
        'told',
        'firstSeen',
        'lastSeen',
        'title',
        'sample',
      ],
      noNullPrototype: true,
    },
  );
  const episode = fc.record(
    {
      since: time,
      count: fc.nat(),
      lastAt: time,
      quiet: fc.nat(),
      overAt: time,
      toldAt: time,
      hiddenAt: time,
      flaps: fc.nat(),
      isOver: yes,
      inStorm: yes,
    },
    { requiredKeys: ['since', 'count', 'lastAt', 'quiet', 'flaps'], noNullPrototype: true },
  );
  return fc
    .tuple(window, fc.option(episode, { nil: undefined }))
    .map(([opening, goingOn]) => ({ ...group, window: opening, episode: goingOn }));
}
