import { describe, expect, test } from 'vitest';
import { compileInhibition } from '../../shared/alerts/inhibition.ts';
import { parseMatcher } from '../../shared/alerts/matcher.ts';
import type { LogEvent } from '../../shared/events/event.ts';
import { alertPolicy, routingTree } from '../../test/support/alert-events.ts';
import { alertWorld, down } from '../../test/support/alert-world.ts';
import { record, silence } from '../../test/support/silence-records.ts';

describe('inhibition', () => {
  const rule = {
    source: [parseMatcher('level=critical')],
    target: [parseMatcher('level=error')],
    equal: ['attributes.cluster'],
    seconds: 300,
  };
  const policy = alertPolicy(routingTree(), { inhibition: compileInhibition([rule]) });
  const of = (cluster: string, part: Partial<LogEvent> = {}) => ({ attributes: { cluster }, ...part });

  test('hides what follows from something worse that goes on, and counts it', async () => {
    const { run, told, outcomes } = alertWorld({ policy });
    await run([
      record(1, 0, of('a', { level: 'critical' })),
      record(2, 1, of('a')),
      record(3, 1, of('b', { source: 'web' })),
    ]);
    await run([record(4, 4, of('a'))]);
    await run([record(5, 6, of('a'))]);
    expect(told().map(([id]) => id)).toEqual(['event-1/first', 'event-3/first', 'event-5/first']);
    expect(outcomes.map(({ counts }) => counts.filtered)).toEqual([1, 1, 0]);
  });

  test('goes on where a silence hides the cause: what follows from it stays hidden, and each is counted once', async () => {
    const { run, sweep, sent, told, outcomes, clock } = alertWorld({ policy });
    const cause = (place: number) => record(place, 1, of('a', { id: 'cause', level: 'critical' }));
    const consequence = (place: number, minute: number) => record(place, minute, of('a', { source: 'web' }));
    await run([silence(1, 0), cause(2), consequence(3, 2)]);
    // A producer's retry, which counts nowhere again.
    await run([cause(4), consequence(5, 3)]);
    await run([consequence(6, 7)]);
    expect(told()).toEqual([['event-6/first', 'first', 1]]);
    expect(outcomes.map(({ counts: { filtered, duplicates } }) => [filtered, duplicates])).toEqual([
      [1, 0],
      [1, 1],
      [0, 0],
    ]);
    clock.advance(33 * 60_000);
    await sweep();
    expect(sent.filter(({ fingerprint }) => fingerprint === 'silence:s1').map(({ count }) => count)).toEqual([1]);
  });

  test('hides nothing while the tables are down', async () => {
    const { run, told } = alertWorld({ policy });
    await run([record(1, 0, of('a', { level: 'critical' }))]);
    await run([record(2, 1, of('a'))], { groups: down });
    expect(told().map(([id]) => id)).toEqual(['event-1/first', 'event-2/first']);
  });

  const begins = (place: number, minute: number) => record(place, minute, of('a', { level: 'critical' }));
  const follows = (place: number, minute: number) => record(place, minute, of('a', { source: `shop-${place}` }));
  // What follows within five minutes of a cause is hidden: 2 and 5.
  const spells = [
    begins(1, 0),
    follows(2, 1),
    follows(3, 6),
    begins(4, 9),
    follows(5, 10),
    follows(6, 15),
    begins(7, 18),
  ];
  const heardOf = ({ sent }: ReturnType<typeof alertWorld>) =>
    sent.flatMap(({ id, level }) => (level === 'error' ? [id] : [])).sort();
  const TOLD = ['event-3/first', 'event-6/first'];

  test('hides by the spell of an event, in one batch as event by event', async () => {
    const [together, alone] = [alertWorld({ policy }), alertWorld({ policy })];
    await together.run(spells);
    for (const each of spells) await alone.run([each]);
    expect([heardOf(together), heardOf(alone)]).toEqual([TOLD, TOLD]);
  });

  test('hides what followed from an earlier spell though its shard is read later', async () => {
    const world = alertWorld({ policy });
    await world.run([begins(1, 0), begins(4, 9), begins(7, 18)]);
    await world.run([follows(2, 1), follows(3, 6), follows(5, 10), follows(6, 15)]);
    expect(heardOf(world)).toEqual(TOLD);
  });
});
