import { describe, expect, test } from 'vitest';
import type { LogEvent } from '../../shared/events/event.ts';
import type { RemediationRequest } from '../../shared/remediation/request.ts';
import { compileRule } from '../../shared/rules/rule.ts';
import { parseConfiguration } from '../../shared/runtime/configuration.ts';
import { type BatchOutcome, consumeBatch } from '../../shared/stream/consume.ts';
import { Fault } from '../../shared/stream/fault.ts';
import type { StreamRecord } from '../../shared/stream/ports.ts';
import { type Interceptor, interceptedTable } from '../../test/support/intercepted-table.ts';
import { manualClock } from '../../test/support/manual-clock.ts';
import { modelTables } from '../../test/support/model-tables.ts';
import { recordOfEvents } from '../../test/support/stream-records.ts';
import { type EvaluateRulesPorts, evaluateRules, rulesByName } from './evaluate-rules.ts';
import { sweepRules } from './sweep-rules.ts';

const SLOW = `
remediation: {tag: a=b}
rules:
  slow:
    extract: "took {ms} ms"
    where: ms > 3000
    moreThan: 2
    within: 10m
    restart: i-0123456789abcdef0
`;
const QUIET = 'rules:\n  quiet: {match: source=shop, absent: 15m}\n';
const BY_SOURCE = 'rules:\n  quiet: {match: "level!=debug", absent: 15m, by: source}\n';
const pass: Interceptor = (call) => call.proceed();
const killed = () => Promise.reject(new TypeError('killed here'));

interface Run {
  between?: Interceptor;
  refuse?: ('stream' | 'remediation')[];
  config?: string;
}

function setup(config = SLOW) {
  const tables = modelTables();
  const clock = manualClock();
  const told: LogEvent[] = [];
  const asked: RemediationRequest[] = [];
  const outcomes: BatchOutcome[] = [];
  const take = <T>(to: T[], all: readonly T[], refused: boolean) => {
    if (refused) return all.map((_, index) => ({ index, reason: 'denied' }));
    to.push(...all);
    return [];
  };
  const portsOf = ({ between = pass, refuse = [], config: other = config }: Run = {}): EvaluateRulesPorts => ({
    ledger: tables.ledger,
    states: interceptedTable(tables.alertGroups, between),
    clock,
    rules: parseConfiguration(other).rules.map(compileRule),
    put: async (groups) => take(told, groups.flat(), refuse.includes('stream')),
    request: async (requests) => take(asked, requests, refuse.includes('remediation')),
  });
  const run = (records: StreamRecord[], options?: Run) =>
    consumeBatch(records, evaluateRules(portsOf(options)), {
      ledger: tables.ledger,
      clock,
      retentionHours: 24,
      deadline: clock.now() + 60_000,
      report: (outcome) => outcomes.push(outcome),
    });
  const sweep = (options?: Run) => {
    const ports = portsOf(options);
    return sweepRules({ ...ports, rules: rulesByName(ports.rules) }, Number.POSITIVE_INFINITY);
  };
  const messages = () => told.map(({ message }) => message);
  return { ...tables, clock, run, sweep, told, asked, messages, outcomes };
}

const slow = (place: number, part: Partial<LogEvent> = {}) =>
  recordOfEvents(place, [{ id: `e${place}`, message: 'took 3001 ms', level: 'info', ...part }]);

describe('events that a rule counts', () => {
  test('make it fire: an event on the stream, and a request for a restart under the same id', async () => {
    const { run, told, asked, outcomes, alertGroups } = setup();
    await run([slow(1), slow(2), slow(3)]);
    expect(told.map(({ message, source, type }) => [message, source, type])).toEqual([
      ['Rule slow: 3 events within 10m, more than 2', 'sluice.rules', 'log'],
    ]);
    expect(asked.map(({ id, instance }) => [id, instance])).toEqual([[told[0]?.id, 'i-0123456789abcdef0']]);
    expect(outcomes[0]?.counts).toMatchObject({ received: 3, projected: 3 });
    expect(alertGroups.all()).toMatchObject([{ group: 'rule#slow#all', total: 3, pending: [] }]);
  });

  test('count once, in whatever batches they come and however often', async () => {
    const { run, told, outcomes } = setup();
    for (const places of [
      [1, 2],
      [2, 1],
      [1, 2],
    ])
      await run(places.map((place) => slow(place)));
    await run([slow(9, { id: 'e1' }), slow(10, { id: 'e2' })]);
    expect(told).toEqual([]);
    expect(outcomes.at(-1)?.counts).toMatchObject({ received: 2, duplicates: 2 });
    await run([slow(3)]);
    expect(told.length).toBe(1);
  });

  test('are filtered with a count when they concern no rule, or are what Sluice itself says', async () => {
    const { run, told, outcomes } = setup();
    const own = slow(1, { source: 'sluice.rules' });
    await run([own, slow(2, { message: 'hello' }), slow(3, { type: 'host.sampled' })]);
    expect([told, outcomes[0]?.counts.filtered]).toEqual([[], 3]);
  });

  test('concern each rule by itself, and are duplicates only where all know them', async () => {
    const two = `${SLOW}  any: {match: level=info, moreThan: 0, within: 10m}\n`;
    const { run, messages, outcomes } = setup(two);
    await run([slow(1)], { config: SLOW });
    await run([slow(7, { id: 'e1' })]);
    expect(messages()).toEqual(['Rule any: 1 events within 10m, more than 0']);
    expect(outcomes.at(-1)?.counts).toMatchObject({ projected: 1, duplicates: 0 });
  });
});

describe('a run that dies', () => {
  test.each([0, 1])('at its write %i fires all the same, under one id', async (nth) => {
    const { run, told, asked, sweep, clock } = setup();
    const crash: Interceptor = (call) =>
      call.method === 'putVersioned' && call.nth === nth ? killed() : call.proceed();
    await run([slow(1), slow(2), slow(3)], { between: crash }).catch(() => undefined);
    await run([slow(1), slow(2), slow(3)]);
    clock.advance(60_000);
    await sweep();
    expect([new Set(told.map(({ id }) => id)).size, new Set(asked.map(({ id }) => id)).size]).toEqual([1, 1]);
  });
});

describe('what cannot be sent', () => {
  test.each(['stream', 'remediation'] as const)(
    'to the %s holds up no batch and waits for the sweep',
    async (receiver) => {
      const { run, sweep, told, asked, clock } = setup();
      expect(await run([slow(1), slow(2), slow(3)], { refuse: [receiver] })).toEqual({ batchItemFailures: [] });
      expect([told.length, asked.length]).toEqual(receiver === 'stream' ? [0, 1] : [1, 0]);
      clock.advance(60_000);
      expect(await sweep({ refuse: [receiver] })).toMatchObject({ due: 1, sent: 0, waiting: 1, reasons: ['denied'] });
      expect(await sweep()).toMatchObject({ due: 1, sent: 1, waiting: 0 });
      expect(await sweep()).toMatchObject({ due: 0 });
      expect([told.length, asked.length]).toEqual([1, 1]);
    },
  );

  test('records come again while the tables are down', async () => {
    const { run, told } = setup();
    const down = () => Promise.reject(new Fault('denied', 'the tables are down'));
    const { batchItemFailures } = await run([slow(1), slow(2), slow(3)], { between: down });
    expect(batchItemFailures.length).toBe(1);
    await run([slow(1), slow(2), slow(3)]);
    expect(told.length).toBe(1);
  });
});

describe('an absence', () => {
  test('of what was there is told once, and that it is over', async () => {
    const { run, sweep, messages, clock } = setup(QUIET);
    await run([recordOfEvents(1, [{}, {}, {}])]);
    clock.advance(14 * 60_000);
    await sweep();
    expect(messages()).toEqual([]);
    clock.advance(60_001);
    await sweep();
    clock.advance(600_000);
    await sweep();
    expect(messages()).toEqual(['Rule quiet: no event for 15m']);
    await run([recordOfEvents(2, [{ id: 'back' }], { arrivedAt: clock.now() })]);
    expect(messages().slice(1)).toEqual(['Rule quiet: there are events again']);
  });

  test('is told to be over however long it was', async () => {
    const { run, sweep, messages, clock } = setup(QUIET);
    await run([recordOfEvents(1, [{}])]);
    clock.advance(16 * 60_000);
    await sweep();
    clock.advance(20 * 86_400_000);
    await sweep();
    await run([recordOfEvents(2, [{ id: 'back' }], { arrivedAt: clock.now() })]);
    expect(messages()).toEqual(['Rule quiet: no event for 15m', 'Rule quiet: there are events again']);
  });

  test('of what was never there is told when it has been waited for', async () => {
    const { sweep, messages, clock } = setup(QUIET);
    await sweep();
    clock.advance(15 * 60_000 + 1);
    await sweep();
    expect(messages()).toEqual(['Rule quiet: no event for 15m']);
  });

  test('is of each source by itself', async () => {
    const { run, sweep, messages, clock } = setup(BY_SOURCE);
    await run([recordOfEvents(1, [{ source: 'shop' }, { id: '2', source: 'web' }])]);
    clock.advance(600_000);
    await run([recordOfEvents(2, [{ id: '3', source: 'web' }], { arrivedAt: clock.now() })]);
    clock.advance(300_001);
    await sweep();
    expect(messages()).toEqual(['Rule quiet: no event for 15m (source shop)']);
  });

  test('of a rule that is gone is forgotten', async () => {
    const { run, sweep, alertGroups, clock } = setup(BY_SOURCE);
    await run([recordOfEvents(1, [{ source: 'shop' }])]);
    clock.advance(3_600_000);
    await sweep({ config: SLOW });
    expect(alertGroups.all()).toEqual([]);
  });

  test('costs one remembered id a batch, not one an event', async () => {
    const { run, alertGroups } = setup(QUIET);
    await run([
      recordOfEvents(
        1,
        Array.from({ length: 500 }, (_, n) => ({ id: `e${n}` })),
      ),
    ]);
    const [{ seen } = { seen: undefined }] = alertGroups.all();
    expect((seen as { hashes: Uint8Array } | undefined)?.hashes.length).toBeLessThan(16);
  });
});

test('states that are due are all looked at, and one that cannot be written holds up no other', async () => {
  const { run, sweep, told, clock } = setup(BY_SOURCE);
  await run([
    recordOfEvents(
      1,
      Array.from({ length: 250 }, (_, n) => ({ id: `e${n}`, source: `s${n}` })),
    ),
  ]);
  clock.advance(900_001);
  const between: Interceptor = (call) =>
    call.method === 'putVersioned' && call.nth === 3 ? Promise.reject(new Fault('invalid', 'no')) : call.proceed();
  expect(await sweep({ between })).toMatchObject({ due: 250, reasons: ['invalid: no'] });
  expect(told.length).toBe(249);
  await sweep();
  expect(new Set(told.map(({ id }) => id)).size).toBe(250);
});
