import type { Item, ItemKey, Table } from '../../../shared/stream/ports.ts';
import type { Chaos, Service } from '../chaos.ts';
import type { FunctionInstance } from './function-instance.ts';
import { checkWrites, type ModelTable } from './model-table.ts';

export interface GatedTableOptions {
  table: ModelTable;
  service: Service;
  instance: FunctionInstance;
  chaos: Chaos;
  /** Called for each conditional write before it is made: may throw a fault, or let the writer die with its answer lost. */
  beforePut?: (item: Item) => void;
  afterPut?: (item: Item, answer: 'written' | 'conflict') => void;
  afterWrite?: (items: readonly Item[]) => void;
}

/**
 * A table as one function instance sees it: through a network that takes time, with throttles, keys and items that are
 * handed back unprocessed, and writes whose answer is lost. Source: FACTS.md, "SNS, DynamoDB, CloudWatch, SES".
 */
export function gatedTable(options: GatedTableOptions): Table {
  const { table, service, instance, chaos } = options;
  const losesAnswer = () => {
    const isLost = chaos.strikes(5, 0.04);
    if (isLost) chaos.hit(5, 'table');
    return isLost;
  };
  const onFault = () => instance.noteUnsure();
  /** Takes some away, at random: DynamoDB gives back what it could not process. */
  const unprocessed = <T>(all: readonly T[]): { taken: T[]; left: T[] } => {
    if (!chaos.strikes(31, 0.45)) return { taken: [...all], left: [] };
    const taken = all.filter(() => service.random.chance(0.3));
    const left = all.filter((each) => !taken.includes(each));
    if (left.length > 0) {
      chaos.hit(31);
      onFault();
    }
    return { taken, left };
  };
  const read = <T>(label: string, effect: () => T) => instance.call({ service, label, writes: false, effect, onFault });
  const write = <T>(label: string, effect: () => T) =>
    instance.call({ service, label, writes: true, effect, losesAnswer, onFault });

  return {
    getMany: (keys: ItemKey[]) =>
      read(`reads ${keys.length}`, () => {
        const { taken, left } = unprocessed(keys);
        return { items: table.readMany(taken).items, unread: left };
      }),
    putVersioned: (item: Item, expected: number) =>
      write(`writes version ${expected + 1}`, () => {
        options.beforePut?.(item);
        const answer = table.writeVersioned(item, expected);
        options.afterPut?.(item, answer);
        return answer;
      }),
    putMany: (items: Item[]) =>
      write(`puts ${items.length}`, () => {
        checkWrites(items);
        const { taken, left } = unprocessed(items);
        for (const item of taken) table.write(item);
        options.afterWrite?.(taken);
        return { unwritten: left };
      }),
    deleteMany: (keys: ItemKey[]) =>
      write(`deletes ${keys.length}`, () => {
        checkWrites(keys);
        const { taken, left } = unprocessed(keys);
        for (const key of taken) table.remove(key);
        return { undeleted: left };
      }),
    query: (query: Parameters<Table['query']>[0]) => read('queries', () => table.find(query)),
  };
}

/** A table whose caller is told of each call that it does not serve, or serves in part. */
export function watchedTable(table: Table, onFailure: () => void): Table {
  const watch = async <T>(answer: Promise<T>): Promise<T> => {
    try {
      return await answer;
    } catch (fault) {
      onFailure();
      throw fault;
    }
  };
  return {
    getMany: async (keys) => {
      const answer = await watch(table.getMany(keys));
      if (answer.unread.length > 0) onFailure();
      return answer;
    },
    putVersioned: (item, expected) => watch(table.putVersioned(item, expected)),
    putMany: async (items) => {
      const answer = await watch(table.putMany(items));
      if (answer.unwritten.length > 0) onFailure();
      return answer;
    },
    deleteMany: (keys) => watch(table.deleteMany(keys)),
    query: (query) => watch(table.query(query)),
  };
}
