import { describe, expect, test } from 'vitest';
import { logEvent } from '../../test/support/stream-records.ts';
import type { LogEvent } from '../events/event.ts';
import { fingerprintEvent } from '../events/fingerprint.ts';
import type { ApplicationLogRules } from './application-log.ts';
import { grantedEvents, incidentProjection, rowBudgetProjection } from './projections.ts';

const RULES: ApplicationLogRules = {
  minLevel: 'warning',
  sources: {},
  rowsPerFingerprintAndHour: 2,
  retentionDays: 60,
};
const NOON = Date.parse('2026-11-21T12:00:00.000Z');
const fingerprinted = (event: Partial<LogEvent>) => {
  const whole = logEvent(event);
  return { event: whole, ...fingerprintEvent(whole) };
};
const three = ['a', 'b', 'c'].map((id) => fingerprinted({ id }));

describe('the incidents projection', () => {
  const { evolve, toItem, fromItem } = incidentProjection(RULES);
  const state = three
    .slice(1)
    .reduce((soFar, event) => evolve(soFar, event), evolve(undefined, three[0] ?? fingerprinted({})));

  test('counts every event, and as many rows as the hour may have', () => {
    expect(state.incident.count).toBe(3);
    expect(state.rows).toEqual({ '2026-11-21T12': 2 });
  });

  test('comes back from its item, without what the table keeps beside it', () => {
    expect(fromItem({ ...toItem(state), version: 4, seen: { ids: new Uint8Array() } })).toEqual(state);
  });

  test('grants exactly the rows that it counts', () => {
    expect(grantedEvents({}, three, RULES).map(({ event }) => event.id)).toEqual(['a', 'b']);
    expect(grantedEvents({ '2026-11-21T12': 1 }, three, RULES).map(({ event }) => event.id)).toEqual(['a']);
    expect(grantedEvents(state.rows, three, RULES)).toEqual([]);
  });

  test('counts no row for an event that wants none, though it counts the event', () => {
    const rules: ApplicationLogRules = { ...RULES, sources: { shop: 'critical' } };
    const quiet = incidentProjection(rules).evolve(undefined, fingerprinted({ id: 'a' }));
    expect([quiet.incident.count, quiet.rows]).toEqual([1, {}]);
    expect(grantedEvents({}, three, rules)).toEqual([]);
  });
});

describe('the row budget of an informational fingerprint', () => {
  const { evolve, toItem, fromItem, keyOf } = rowBudgetProjection(RULES);
  const warning = fingerprinted({ id: 'a', level: 'warning' });
  const week = NOON / 1_000 + 7 * 86_400;

  test('counts rows and expires a week after its last event', () => {
    const later = fingerprinted({ id: 'b', level: 'warning', time: '2026-11-21T13:00:00.000Z' });
    const state = evolve(evolve(undefined, later), warning);
    expect(state).toEqual({
      fingerprint: warning.fingerprint,
      rows: { '2026-11-21T12': 1, '2026-11-21T13': 1 },
      expiry: week + 3_600,
    });
  });

  test('counts as gone once expired, however long its item lingers', () => {
    const item = { ...toItem(evolve(undefined, warning)), ...keyOf('v1:abc'), version: 1, seen: {} };
    expect(fromItem(item, week * 1_000)).toEqual({
      fingerprint: warning.fingerprint,
      rows: { '2026-11-21T12': 1 },
      expiry: week,
    });
    expect(fromItem(item, week * 1_000 + 1)).toBe(undefined);
  });
});
