import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type AlertGroup, closeWindow, evolve as evolveGroup, settle } from '../../shared/alerts/alert-group.ts';
import type { Notice } from '../../shared/alerts/notice.ts';
import { withoutTaken } from '../../shared/alerts/pending.ts';
import { decideRoutes, type RoutingTree } from '../../shared/alerts/routing-tree.ts';
import { TABLE_KEYS } from '../../shared/aws/tables.ts';
import type { LogEvent } from '../../shared/events/event.ts';
import { fingerprintEvent } from '../../shared/events/fingerprint.ts';
import { evolve } from '../../shared/incidents/incident.ts';
import { incidentProjection } from '../../shared/incidents/projections.ts';
import { foldGroups } from '../../shared/stream/fold-groups.ts';
import type { ArrivedEvent } from '../../shared/stream/read-batch.ts';
import { SeenPages } from '../../shared/stream/seen-pages.ts';
import { routingTree } from '../support/alert-events.ts';
import { toldBy } from './checks/told-counts.ts';
import { ModelTable } from './models/model-table.ts';

const START = Date.UTC(2026, 10, 21);
const routes = fc.record({
  groupWait: fc.constantFrom(0, 20),
  groupInterval: fc.constantFrom(30, 60),
  repeatInterval: fc.constantFrom(0, 200),
  resolveTimeout: fc.constantFrom(0, 45),
});
const RULES = { minLevel: 'warning', sources: {}, rowsPerFingerprintAndHour: 5, retentionDays: 60 } as const;

const event = fc
  .record({ second: fc.nat(600), number: fc.nat(9_999), level: fc.constantFrom('error', 'critical'), shard: fc.nat(2) })
  .map(({ second, number, level, shard }) => {
    const time = new Date(START + second * 1_000).toISOString();
    const made: LogEvent = {
      v: 1,
      id: `e${number}`,
      type: 'log',
      time,
      level,
      source: 's',
      message: `failed ${number}`,
    };
    return {
      event: made,
      ...fingerprintEvent(made),
      index: 0,
      record: 0,
      shardId: `shard-${shard}`,
      arrivedAt: START + second * 1_000,
    };
  });
type Made = ArrivedEvent & ReturnType<typeof fingerprintEvent>;
const events = fc.uniqueArray(event, { maxLength: 60, selector: ({ event: { id } }) => id });
/** Small, so that a few events fill pages. */
const LIMITS = { events: 100, milliseconds: 600_000, open: 4, page: 8, redelivery: 86_400_000 };

function folder() {
  const clock = { now: () => START, sleep: async () => undefined, random: () => 0.5 };
  const table = new ModelTable({ keys: TABLE_KEYS.incidents });
  const pages = new SeenPages(new ModelTable({ keys: TABLE_KEYS.ledger }), clock);
  const ports = { table, pages, clock, deadline: Number.POSITIVE_INFINITY, limits: LIMITS };
  const fold = (batch: readonly Made[]) =>
    foldGroups(incidentProjection(RULES), [{ group: 'g', events: [...batch] }], ports);
  return { fold, item: () => ({ ...table.all()[0], seen: undefined, version: undefined }) };
}

/** A group of notices, and how many events they tell of. */
function receiver(tree: RoutingTree) {
  const notices: Notice[] = [];
  let group: AlertGroup | undefined;
  const send = () => {
    const pending = group?.pending ?? [];
    notices.push(...pending);
    group = group && withoutTaken(group, new Map(pending.map(({ id }) => [id, new Set(['level-topic'])])));
  };
  const take = (step: Made | number | 'close' | 'send') => {
    if (step === 'send') send();
    else if (step === 'close') group = group && closeWindow(group);
    else if (typeof step === 'number') group = group && settle(group, new Date(START + step * 1_000).toISOString());
    else for (const way of decideRoutes(step, tree, step.arrivedAt)) group = evolveGroup(group, { ...step, way });
  };
  return { take, told: () => toldBy(notices) };
}

describe('an incident', () => {
  test('is the same in whatever order the shards come', () => {
    fc.assert(
      fc.property(events, (made) => {
        const byShard = Map.groupBy(made, ({ shardId }) => shardId);
        const forth = [...byShard.values()].flat();
        const back = [...byShard.values()].reverse().flat();
        const fold = (batch: readonly Made[]) => batch.reduce<ReturnType<typeof evolve> | undefined>(evolve, undefined);
        const { source: _, fingerprint: __, ...one } = fold(forth) ?? ({} as ReturnType<typeof evolve>);
        const { source: ___, fingerprint: ____, ...other } = fold(back) ?? ({} as ReturnType<typeof evolve>);
        expect(other).toEqual(one);
      }),
    );
  });

  test('is not changed by events that it has folded, however they are cut into batches', async () => {
    await fc.assert(
      fc.asyncProperty(
        events.filter(({ length }) => length > 0),
        fc.array(fc.tuple(fc.nat(59), fc.nat(59))),
        async (made, again) => {
          const { fold, item } = folder();
          for (let at = 0; at < made.length; at += 7) await fold(made.slice(at, at + 7));
          const before = item();
          for (const [a, b] of again) await fold(made.slice(Math.min(a, b), Math.max(a, b)));
          expect(item()).toEqual(before);
          expect(before).toMatchObject({ count: made.length });
        },
      ),
      { numRuns: 50 },
    );
  });
});

describe('a group of notices', () => {
  test('tells of every event exactly once, whenever it is closed and sent', () => {
    const step = fc.oneof(
      { weight: 5, arbitrary: event },
      fc.constantFrom('close' as const, 'send' as const),
      fc.nat(700),
    );
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 120 }), routes, (steps, route) => {
        const { take, told } = receiver(routingTree(route));
        const numbered = steps.map((each, number) =>
          typeof each !== 'object' ? each : { ...each, event: { ...each.event, id: `n${number}` } },
        );
        for (const each of numbered) take(each);
        for (const each of ['send', 'close', 'send'] as const) take(each);
        const came = steps.filter((each) => typeof each === 'object').length;
        // Both are the same where no window was held back to the end of its incident.
        const { least, most } = told();
        expect(least).toBeLessThanOrEqual(came);
        expect(most).toBeGreaterThanOrEqual(came);
      }),
      { numRuns: 1_000 },
    );
  });
});
