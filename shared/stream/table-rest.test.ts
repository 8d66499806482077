import { expect, test } from 'vitest';
import { type Interceptor, interceptedTable } from '../../test/support/intercepted-table.ts';
import { manualClock } from '../../test/support/manual-clock.ts';
import { modelTables } from '../../test/support/model-tables.ts';
import { Fault } from './fault.ts';
import { restingTable } from './table-rest.ts';

function setup() {
  const clock = manualClock();
  let [calls, seconds] = [0, 0];
  const hang: Interceptor = (call) => {
    calls++;
    clock.advance(seconds * 1_000);
    return seconds === 0 ? call.proceed() : Promise.reject(new Fault('unavailable', 'no answer'));
  };
  const tables = modelTables();
  const groups = restingTable(interceptedTable(tables.alertGroups, hang), clock);
  const ledger = restingTable(interceptedTable(tables.ledger, hang), clock);
  const ask = (table = groups) =>
    table.query({ partition: 'p', limit: 1 }).then(
      () => 'answered',
      (fault: Fault) => fault.code,
    );
  const failAfter = (after: number) => {
    seconds = after;
  };
  return { clock, groups, ledger, ask, failAfter, calls: () => calls };
}

test('a table that hangs twice in a row is not called for half a minute; another one is', async () => {
  const { ask, ledger, failAfter, calls, clock } = setup();
  failAfter(10);
  expect([await ask(), await ask(), await ask(), await ask(ledger)]).toEqual([
    'unavailable',
    'unavailable',
    'resting',
    'unavailable',
  ]);
  expect(calls()).toBe(3);
  failAfter(0);
  clock.advance(30_000);
  expect(await ask()).toBe('answered');
});

test('calls that hang side by side are one hang', async () => {
  const { ask, failAfter } = setup();
  failAfter(10);
  await Promise.all([ask(), ask(), ask()]);
  expect(await ask()).toBe('unavailable');
});

test('after the rest one call tries them, and one that hangs is enough for the next rest', async () => {
  const { ask, failAfter, calls, clock } = setup();
  failAfter(10);
  await ask();
  await ask();
  clock.advance(30_000);
  expect([await ask(), await ask()]).toEqual(['unavailable', 'resting']);
  expect(calls()).toBe(3);
});

test('one call that hangs, or calls that are refused at once, rest nothing', async () => {
  const { ask, failAfter } = setup();
  failAfter(10);
  await ask();
  failAfter(0);
  expect(await ask()).toBe('answered');
  failAfter(10);
  await ask();
  failAfter(0.1);
  expect([await ask(), await ask(), await ask()]).toEqual(['unavailable', 'unavailable', 'unavailable']);
});
