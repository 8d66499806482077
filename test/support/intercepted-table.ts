import type { Table } from '../../shared/stream/ports.ts';

export type TableMethod = keyof Table;

/** One call on its way to a table. `proceed` lets it through; what the interceptor answers is what the caller gets. */
export interface TableCall {
  method: TableMethod;
  argument: unknown;
  /** How many calls of this method came before this one. */
  nth: number;
  proceed(): Promise<unknown>;
}

export type Interceptor = (call: TableCall) => Promise<unknown>;

/** A table with somebody between it and its caller: to refuse, to lose answers, to let another writer go first. */
export function interceptedTable(table: Table, intercept: Interceptor): Table {
  const counts = new Map<TableMethod, number>();
  const through =
    (method: TableMethod) =>
    (...args: unknown[]) => {
      const nth = counts.get(method) ?? 0;
      counts.set(method, nth + 1);
      const target = table[method] as (...passed: unknown[]) => Promise<unknown>;
      return intercept({ method, argument: args[0], nth, proceed: () => target.apply(table, args) });
    };
  return {
    getMany: through('getMany') as Table['getMany'],
    putVersioned: through('putVersioned') as Table['putVersioned'],
    putMany: through('putMany') as Table['putMany'],
    deleteMany: through('deleteMany') as Table['deleteMany'],
    query: through('query') as Table['query'],
  };
}
