import fc from 'fast-check';
import { expect, test } from 'vitest';
import { closeWindows } from '../services/close-windows/close-windows.ts';
import { routeAlerts } from '../services/route-alerts/route-alerts.ts';
import { compileInhibition } from '../shared/alerts/inhibition.ts';
import { parseMatcher } from '../shared/alerts/matcher.ts';
import { onlyLevelTopics } from '../shared/alerts/outbox.ts';
import { AlertRehearsal, type ArrivedAlert } from '../shared/alerts/rehearse.ts';
import { fingerprintEvent } from '../shared/events/fingerprint.ts';
import { LEVELS } from '../shared/events/levels.ts';
import type { AlertPolicy } from '../shared/runtime/alert-policy.ts';
import { consumeBatch } from '../shared/stream/consume.ts';
import { alertPolicy, routingTree, WINDOWS } from './support/alert-events.ts';
import { manualClock } from './support/manual-clock.ts';
import { modelTables } from './support/model-tables.ts';
import { logEvent, recordOfEvents } from './support/stream-records.ts';

const MINUTE = 60_000;
const NOON = Date.parse('2026-11-21T12:00:00.000Z');
/** After the last event every window closes and every end is told. */
const MINUTES_AFTER = 6 * 60;
const on = (matcher: string) => [parseMatcher(matcher)];
const POLICIES = {
  'groups that are held back': alertPolicy(
    routingTree({ groupWait: 40, groupBy: ['source', 'level'], groupInterval: 300 }, { resolveTimeout: WINDOWS }),
  ),
  'groups and storms that are told again seldom': alertPolicy(
    routingTree(
      { groupInterval: 60, repeatInterval: 1_800, groupBy: ['source', 'fingerprint'] },
      { resolveTimeout: { critical: 120, error: 300, warning: 0, info: 600, debug: 0 } },
    ),
    { storm: { incidents: 2, window: 400 } },
  ),
  'storms, and what is inhibited': alertPolicy(routingTree({ groupInterval: 300 }, { resolveTimeout: WINDOWS }), {
    storm: { incidents: 2, window: 400 },
    inhibition: compileInhibition([
      { source: on('level=critical'), target: on('level=~"warning|info"'), equal: ['source'], seconds: 120 },
    ]),
  }),
};

const alerts = fc
  .array(
    fc.record({
      seconds: fc.integer({ min: 0, max: 6_000 }),
      late: fc.constantFrom(0, 0, 0, 7, 1_000),
      level: fc.constantFrom(...LEVELS),
      source: fc.constantFrom('shop', 'web'),
      message: fc.constantFrom('one', 'two', 'three'),
    }),
    { maxLength: 25 },
  )
  .map((all) =>
    all
      .map(({ seconds, late, ...part }, n): ArrivedAlert => {
        const at = NOON + seconds * 1_000;
        const event = logEvent({ ...part, id: `event-${n}`, time: new Date(at).toISOString() });
        return { event, ...fingerprintEvent(event), arrivedAt: at + late * 1_000 };
      })
      .sort((a, b) => a.arrivedAt - b.arrivedAt),
  );

type Told = (id: string, count: number) => void;

/** The consumers as they are deployed, with a look each minute. */
async function deployed(all: readonly ArrivedAlert[], policy: AlertPolicy, tell: Told): Promise<void> {
  const { alertGroups, ledger } = modelTables();
  const clock = manualClock();
  const receivers = onlyLevelTopics(async (_, notices) => {
    for (const { id, count } of notices) tell(id, count);
    return [];
  });
  const consumer = routeAlerts({ alertGroups, ledger, clock, receivers, policy });
  const passTo = async (time: number) => {
    for (let next = (Math.floor(clock.now() / MINUTE) + 1) * MINUTE; next <= time; next += MINUTE) {
      clock.advance(next - clock.now());
      await closeWindows({ alertGroups, receivers, clock }, Number.POSITIVE_INFINITY);
    }
    clock.advance(Math.max(0, time - clock.now()));
  };
  for (const [place, { event, arrivedAt }] of all.entries()) {
    await passTo(arrivedAt);
    const batch = { ledger, clock, retentionHours: 24, deadline: clock.now() + MINUTE, report: () => {} };
    await consumeBatch([recordOfEvents(place, [event], { arrivedAt })], consumer, batch);
  }
  await passTo(clock.now() + MINUTES_AFTER * MINUTE);
}

async function rehearsed(all: readonly ArrivedAlert[], policy: AlertPolicy, tell: Told): Promise<void> {
  const rehearsal = new AlertRehearsal(policy, (_, { id, count }) => tell(id, count));
  for (const alert of all) rehearsal.take(alert);
  rehearsal.finish();
}

async function notices(run: typeof deployed, all: readonly ArrivedAlert[], policy: AlertPolicy): Promise<string[]> {
  const told: string[] = [];
  await run(all, policy, (id, count) => told.push(`${id} ${count}`));
  return told.sort();
}

test.each(Object.entries(POLICIES))(
  'a rehearsal tells what the deployed consumers tell, notice by notice: %s',
  async (_, policy) => {
    await fc.assert(
      fc.asyncProperty(alerts, async (all) => {
        expect(await notices(rehearsed, all, policy)).toEqual(await notices(deployed, all, policy));
      }),
      { numRuns: 40 },
    );
  },
);
