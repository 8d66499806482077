import { describe, expect, test } from 'vitest';
import {
  examineAlarms,
  examineBacklog,
  examineLedger,
  examineMappings,
  examineNode,
  examineNotices,
  examineObjects,
  examineStack,
  examineSubscriptions,
  examineThrottles,
  type Mapping,
  type NewestReceipt,
  streamConsumers,
} from './examine.ts';
import type { Finding } from './finding.ts';

const told = ({ state, says, advice }: Finding) => (advice === undefined ? [state, says] : [state, says, advice]);
const brief = ({ state, says }: Finding) => `${state}: ${says}`;

test.each([
  ['v24.21.0', 'well'],
  ['v26.0.0', 'well'],
  ['v22.1.0', 'wrong'],
])('Node %s is %s', (version, state) => {
  expect(examineNode(version).state).toBe(state);
});

describe('the stack', () => {
  const examine = (status: string, outputs = { StreamName: 's' }) =>
    examineStack('sluice-dev', { status, outputs }, ['StreamName']);

  test('is well when its last change was complete and nothing is missing', () => {
    expect(brief(examine('UPDATE_COMPLETE'))).toBe('well: sluice-dev is UPDATE_COMPLETE');
  });

  test.each(['UPDATE_ROLLBACK_COMPLETE', 'ROLLBACK_FAILED', 'DELETE_IN_PROGRESS', 'unknown'])(
    'is wrong when %s',
    (status) => {
      expect(brief(examine(status))).toBe(`wrong: sluice-dev is ${status}`);
    },
  );

  test('of an older version is to be deployed again', () => {
    const finding = examineStack('sluice-dev', { status: 'CREATE_COMPLETE', outputs: {} }, ['StreamName']);
    expect(told(finding)).toEqual([
      'wrong',
      'sluice-dev has no output StreamName',
      'deploy this version (npx serverless deploy)',
    ]);
  });
});

describe('mappings', () => {
  const all = (change: Partial<Mapping> = {}): Mapping[] => [
    { functionKey: 'routeAlerts', state: 'Enabled', lastResult: 'OK', ...change },
    { functionKey: 'projectIncidents', state: 'Enabled', lastResult: 'No records processed' },
    { functionKey: 'archiveEvents', state: 'Enabled' },
  ];

  test.each([
    [all(), 'well: all 3 are enabled, and none has a problem'],
    [all({ state: 'Disabled' }), 'wrong: switched off: routeAlerts (Disabled)'],
    [all({ lastResult: 'PROBLEM: Function call failed' }), 'wrong: routeAlerts: PROBLEM: Function call failed'],
    [all().slice(1), 'wrong: nothing of the stream reaches routeAlerts'],
  ])('%#', (mappings, says) => {
    expect(brief(examineMappings(mappings))).toBe(says);
  });

  test('of a deployment with rules are one more', () => {
    const consumers = streamConsumers({ archive: { isEnabled: true }, rules: ['one'] });
    const rules = { functionKey: 'evaluateRules', state: 'Enabled' };
    const says = [all(), [...all(), { ...rules, state: 'Disabled' }], [...all(), rules]].map((mappings) =>
      brief(examineMappings(mappings, consumers)),
    );
    expect(says).toEqual([
      'wrong: nothing of the stream reaches evaluateRules',
      'wrong: switched off: evaluateRules (Disabled)',
      'well: all 4 are enabled, and none has a problem',
    ]);
    expect(streamConsumers({ archive: { isEnabled: true }, rules: [] })).toHaveLength(3);
  });

  test('of a deployment without an archive are one less', () => {
    const consumers = streamConsumers({ archive: { isEnabled: false }, rules: [] });
    expect(brief(examineMappings(all().slice(0, 2), consumers))).toBe(
      'well: all 2 are enabled, and none has a problem',
    );
  });
});

describe('the backlog', () => {
  const NOW = Date.parse('2026-11-21T12:00:00.000Z');
  const receipt = (consumer: string, entry: string, secondsAgo = 0, shard = 'shard-0'): NewestReceipt => ({
    consumer,
    shard,
    entry,
    at: NOW - secondsAgo * 1_000,
  });
  const level = ['route-alerts', 'project-incidents', 'archive-events'].map((name) => receipt(name, '0561'));

  test.each<[string, NewestReceipt[], Record<string, number>, string]>([
    ['nothing was put yet', [], {}, 'well: no consumer is behind the others'],
    [
      'all have done the same',
      level,
      { 'route-alerts': 900 },
      'well: no consumer is behind the others, at most 1 s behind the stream',
    ],
    [
      'one is a batch behind',
      [...level.slice(0, 2), receipt('archive-events', '0560', 10)],
      {},
      'well: no consumer is behind the others',
    ],
    [
      'one stopped ten minutes ago',
      [...level.slice(0, 2), receipt('archive-events', '0560', 600)],
      {},
      'wrong: archive-events is 10 min behind',
    ],
    ['one never began', level.slice(0, 2), {}, 'wrong: archive-events is 2 min behind'],
    [
      'one is quiet on another shard, as the others are',
      [
        ...level,
        ...['route-alerts', 'project-incidents', 'archive-events'].map((name) =>
          receipt(name, '0500', 9_000, 'shard-1'),
        ),
      ],
      {},
      'well: no consumer is behind the others',
    ],
    ['all are behind', level, { 'route-alerts': 7_300_000 }, 'wrong: route-alerts is 2 h behind'],
  ])('where %s', (_, receipts, iteratorAges, says) => {
    expect(brief(examineBacklog({ receipts, iteratorAges }, 900))).toBe(says);
  });
});

describe('the ledger', () => {
  const account = (part = {}) => ({
    consumer: 'project-incidents',
    received: 10,
    projected: 4,
    duplicates: 3,
    filtered: 2,
    quarantined: 1,
    ...part,
  });

  test('is equal when each event ended in one of four ways', () => {
    expect(brief(examineLedger([account()]))).toBe(
      'well: every event is accounted for, of the newest 10 of each consumer',
    );
  });

  test('shows what is not accounted for', () => {
    expect(brief(examineLedger([account(), account({ received: 11 })]))).toBe(
      'wrong: project-incidents received 11, and has 4 + 3 + 2 + 1',
    );
  });
});

test('objects that should not be there are counted, and some are named', () => {
  const words = { none: 'none', some: 'in quarantine', advice: 'look at them' };
  expect(told(examineObjects('quarantine', { count: 0, keys: [] }, words))).toEqual(['well', 'none']);
  expect(told(examineObjects('quarantine', { count: 5, keys: ['a', 'b', 'c', 'd'] }, words))).toEqual([
    'wrong',
    '5 objects in quarantine: a, b, c and 1 more',
    'look at them',
  ]);
});

describe('alarms', () => {
  const alarm = (name: string, state: string) => ({ name, state, description: `What ${name} means.` });

  test.each([
    [[alarm('a', 'OK'), alarm('b', 'INSUFFICIENT_DATA')], true, ['well', 'none of 2 is raised']],
    [[alarm('a', 'OK'), alarm('b', 'ALARM')], true, ['wrong', 'raised: b', 'What b means.']],
    [[], true, ['wrong', 'there are none', 'deploy this version (npx serverless deploy)']],
    [[], false, ['well', 'none are made: alarms.enabled is false in sluice.yml']],
  ])('%#', (alarms, isEnabled, finding) => {
    expect(told(examineAlarms(alarms, isEnabled))).toEqual(finding);
  });
});

test('an address that was not confirmed gets nothing, and is named', () => {
  const queue = { topic: 'sluice-dev-error', endpoint: 'arn:…:notices', isConfirmed: true };
  const person = { topic: 'sluice-dev-critical', endpoint: 'a@example.org', isConfirmed: false };
  expect(brief(examineSubscriptions([queue]))).toBe('well: 1 subscription, all confirmed');
  expect(brief(examineSubscriptions([queue, person]))).toBe(
    'wrong: not confirmed, so they get nothing: a@example.org (sluice-dev-critical)',
  );
});

test('what was throttled is named, and what was not is left out', () => {
  expect(brief(examineThrottles({ stream: 0 }))).toBe('well: nothing was throttled in the last hour');
  expect(brief(examineThrottles({ stream: 0, LedgerTable: 12 }))).toBe(
    'wrong: throttled in the last hour: LedgerTable: 12',
  );
});

test('groups that nobody looked at in time are wrong', () => {
  expect(brief(examineNotices(0))).toBe('well: no window is overdue and no notice waits');
  expect(brief(examineNotices(1))).toBe('wrong: 1 group should have been told about by now');
});
