import { describe, expect, test } from 'vitest';
import type { Notice } from '../../shared/alerts/notice.ts';
import { TABLE_KEYS } from '../../shared/aws/tables.ts';
import { Fault } from '../../shared/stream/fault.ts';
import type { Item, SendFailure } from '../../shared/stream/ports.ts';
import { gatedTable } from '../simulation/models/gated-table.ts';
import { ModelFirehose } from '../simulation/models/model-firehose.ts';
import { ModelTable } from '../simulation/models/model-table.ts';
import { ModelTopics } from '../simulation/models/model-topics.ts';
import { worldWith } from './calm-world.ts';

// Models only: the local cloud neither takes a part of a call nor loses an answer.

const CALLS = 60;
const LANDS = { table: 5, firehose: 36 };
const UNPROCESSED = 31;
const PARTIAL = { topics: 34, firehose: 36 };
const FEW = 6;

const few = <T>(make: (index: number) => T) => Array.from({ length: FEW }, (_, index) => make(index));
const calls = async <T>(call: (n: number) => Promise<T>) => {
  const outcomes: (T | Fault)[] = [];
  for (let n = 0; n < CALLS; n++) outcomes.push(await call(n).catch((fault: Fault) => fault));
  return outcomes;
};

function openTable(fault: number) {
  const { chaos, service, instance, settle } = worldWith([fault]);
  const model = new ModelTable({ keys: TABLE_KEYS.alertGroups });
  return { model, table: gatedTable({ table: model, service, instance, chaos }), settle };
}

describe('a table that fails, as the model', () => {
  test('hands back exactly the items that it did not take', async () => {
    const { model, table, settle } = openTable(UNPROCESSED);
    let partial = 0;
    await calls(async (n) => {
      const items: Item[] = few((index) => ({ group: `${n} ${index}` }));
      const { unwritten } = await settle(table.putMany(items));
      partial += unwritten.length > 0 && unwritten.length < FEW ? 1 : 0;
      const left = new Set(unwritten.map(({ group }) => group));
      for (const item of items)
        expect(model.peek({ group: item.group as string }) === undefined).toBe(left.has(item.group));
      const read = await settle(table.getMany(items.map(({ group }) => ({ group: group as string }))));
      expect(read.unread.length + read.items.length + left.size).toBeGreaterThanOrEqual(FEW);
    });
    expect(partial).toBeGreaterThan(2);
  });

  test('has what a write brought whose answer was lost, and its writer hears that it is unavailable', async () => {
    const { model, table, settle } = openTable(LANDS.table);
    const outcomes = await calls((n) => settle(table.putVersioned({ group: `group ${n}`, version: 1 }, 0)));
    const lost = outcomes.flatMap((outcome, n) => (outcome instanceof Fault ? [{ outcome, n }] : []));
    expect(lost.length).toBeGreaterThan(0);
    for (const { outcome, n } of lost) {
      expect(outcome.code).toBe('unavailable');
      expect(model.peek({ group: `group ${n}` })).toMatchObject({ version: 1 });
    }
  });
});

describe('topics that fail, as the model', () => {
  test('name what they refused in all tries, and have each of the others once', async () => {
    const { chaos, service, instance, scheduler, settle } = worldWith([PARTIAL.topics]);
    const topics = new ModelTopics({ chaos, service, now: () => scheduler.now, onDelivered: () => undefined });
    const publish = topics.publisher(instance);
    const outcomes = await calls(async (n) => {
      const notices = few((index) => ({ id: `${n} ${index}`, level: 'error', title: 't' }) as Notice);
      const unsent = await settle(publish('error', notices));
      const refused = new Set(unsent.map(({ index }) => index));
      const taken = topics.delivered.splice(0).map(({ notice: { id } }) => id);
      expect(taken.sort()).toEqual(
        notices
          .filter((_, index) => !refused.has(index))
          .map(({ id }) => id)
          .sort(),
      );
      return unsent;
    });
    expect(outcomes.some((unsent) => (unsent as SendFailure[]).length > 0)).toBe(true);
    expect(topics.malformed).toEqual([]);
  });
});

describe('a delivery stream that fails, as the model', () => {
  test('names the records that it did not take, has all others, and all of a call whose answer was lost', async () => {
    const { chaos, service, instance, settle } = worldWith([LANDS.firehose]);
    const firehose = new ModelFirehose({ chaos, service });
    const deliver = firehose.delivery(instance)('error');
    const outcomes = await calls(async (n) => {
      const lines = few((index) => JSON.stringify({ id: `${n} ${index}` }));
      const outcome = await settle(deliver(lines.map((line) => Buffer.from(`${line}\n`)))).catch(
        (fault: Fault) => fault,
      );
      const refused = new Set(outcome instanceof Fault ? [] : outcome.map(({ index }) => index));
      const taken = firehose.rows.splice(0).map(({ line }) => line);
      if (outcome instanceof Fault) expect([outcome.code, taken.length > 0]).toEqual(['unavailable', true]);
      else expect(taken).toEqual(lines.filter((_, index) => !refused.has(index)));
      return outcome;
    });
    expect(outcomes.filter((outcome) => outcome instanceof Fault).length).toBeGreaterThan(0);
    expect(outcomes.filter((outcome) => !(outcome instanceof Fault) && outcome.length > 0).length).toBeGreaterThan(2);
  });
});
