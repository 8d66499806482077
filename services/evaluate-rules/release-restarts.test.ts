import { describe, expect, test } from 'vitest';
import type { LogEvent } from '../../shared/events/event.ts';
import type { RemediationRequest } from '../../shared/remediation/request.ts';
import { compileRule } from '../../shared/rules/rule.ts';
import { parseConfiguration } from '../../shared/runtime/configuration.ts';
import { consumeBatch } from '../../shared/stream/consume.ts';
import { Fault } from '../../shared/stream/fault.ts';
import type { StreamRecord } from '../../shared/stream/ports.ts';
import { type Interceptor, interceptedTable } from '../../test/support/intercepted-table.ts';
import { manualClock } from '../../test/support/manual-clock.ts';
import { modelTables } from '../../test/support/model-tables.ts';
import { recordOfEvents } from '../../test/support/stream-records.ts';
import { evaluateRules, rulesByName } from './evaluate-rules.ts';
import { sweepRules } from './sweep-rules.ts';

const MINUTE = 60_000;
const QUIET = `
remediation: {tag: a=b}
rules:
  quiet: {match: source=shop, absent: 15m, restart: i-0123456789abcdef0}
`;
const pass: Interceptor = (call) => call.proceed();

function setup() {
  const { ledger, alertGroups } = modelTables();
  const clock = manualClock();
  const started = clock.now();
  const told: LogEvent[] = [];
  const asked: RemediationRequest[] = [];
  const portsOf = (between: Interceptor) => ({
    ledger,
    states: interceptedTable(alertGroups, between),
    clock,
    rules: parseConfiguration(QUIET).rules.map(compileRule),
    put: async (groups: readonly (readonly LogEvent[])[]) => {
      told.push(...groups.flat());
      return [];
    },
    request: async (requests: readonly RemediationRequest[]) => {
      asked.push(...requests);
      return [];
    },
  });
  const run = (records: StreamRecord[], between = pass) => {
    const batch = { ledger, clock, retentionHours: 24, deadline: clock.now() + MINUTE, report: () => {} };
    return consumeBatch(records, evaluateRules(portsOf(between)), batch);
  };
  const passTo = async (minute: number) => {
    while (clock.now() < started + minute * MINUTE) {
      clock.advance(MINUTE);
      const ports = portsOf(pass);
      await sweepRules({ ...ports, rules: rulesByName(ports.rules) }, Number.POSITIVE_INFINITY);
    }
  };
  let place = 0;
  const event = (minute: number, part: Partial<LogEvent> = {}) => {
    place++;
    return recordOfEvents(place, [{ id: `e${place}`, ...part }], { arrivedAt: started + minute * MINUTE });
  };
  /** What rules put on the stream, as it comes to the consumer. */
  const own = (minute: number) => event(minute, told[0]);
  const messages = () => told.map(({ message }) => message.slice('Rule quiet: '.length));
  return { run, passTo, event, own, told, asked, messages, alertGroups };
}

describe('the restart of an absence', () => {
  test('is asked for once the consumer has read what came before its firing', async () => {
    const { run, passTo, event, own, asked, told, alertGroups } = setup();
    await run([event(0)]);
    await passTo(16);
    expect([told.length, asked]).toEqual([1, []]);
    const firing = own(16);
    await run([firing]);
    await run([firing]);
    await passTo(60);
    expect(asked.map(({ id, at }) => [id, at])).toEqual([[told[0]?.id, told[0] && asked[0]?.at]]);
    expect([told.length, alertGroups.all()[0]?.pending]).toEqual([1, []]);
  });

  test('is asked for of what never came, on a stream that has nothing else', async () => {
    const { run, passTo, own, asked } = setup();
    await passTo(17);
    await run([own(17)]);
    expect(asked.length).toBe(1);
  });

  test.each([
    ['before', (late: StreamRecord, firing: StreamRecord) => [[late], [firing]]],
    ['in the batch of', (late: StreamRecord, firing: StreamRecord) => [[late, firing]]],
  ])('is dropped where the consumer was behind: the events are read %s the firing', async (_, batchesOf) => {
    const { run, passTo, event, own, asked, messages, alertGroups } = setup();
    await run([event(0)]);
    const late = event(10);
    await passTo(20);
    for (const batch of batchesOf(late, own(16))) await run(batch);
    expect([messages(), asked]).toEqual([['no event for 15m', 'there are events again'], []]);
    expect(alertGroups.all()[0]?.pending).toEqual([]);
  });

  test('waits where the events before the firing could not be folded', async () => {
    const { run, passTo, event, own, asked } = setup();
    await run([event(0)]);
    const late = event(10);
    await passTo(20);
    const batch = [late, own(16)];
    const refused: Interceptor = ({ method, proceed }) =>
      method === 'putVersioned' ? Promise.reject(new Fault('denied', 'no')) : proceed();
    expect((await run(batch, refused)).batchItemFailures).toEqual([{ itemIdentifier: late.sequenceNumber }]);
    await run(batch);
    expect(asked).toEqual([]);
  });

  test('that nobody read for half an hour is asked for as of then: the remediation refuses it and calls people', async () => {
    const { run, passTo, event, asked } = setup();
    await run([event(0)]);
    await passTo(44);
    expect(asked).toEqual([]);
    await passTo(46);
    expect(asked.length).toBe(1);
  });

  test('is not asked for by an event that only looks like its firing', async () => {
    const { run, passTo, event, own, asked, told } = setup();
    await run([event(0)]);
    await passTo(16);
    const id = told[0]?.id ?? '';
    const forged = [
      { ...told[0], id: `${id}0` },
      { ...told[0], source: 'shop-2' },
      { ...told[0], id: 'rule:quiet' },
    ];
    await run(forged.map((part) => event(16, part)));
    expect(asked).toEqual([]);
    await run([own(17)]);
    expect(asked.length).toBe(1);
  });

  test('costs one read, however many events look like firings and are none', async () => {
    const { run, event, asked } = setup();
    let reads = 0;
    const counted: Interceptor = (call) => {
      if (call.method === 'getMany') reads++;
      return call.proceed();
    };
    const forged = Array.from({ length: 30 }, (_, n) =>
      event(0, { id: `rule:quiet:g${n}:x`, source: 'sluice.rules', attributes: { rule: 'quiet' } }),
    );
    await run(forged, counted);
    expect([reads, asked]).toEqual([1, []]);
  });
});
