import type { AthenaClient } from '@aws-sdk/client-athena';
import { expect, test } from 'vitest';
import { runAthenaQuery } from './athena-query.ts';

/** An Athena that answers each command, by its name, with the next of its answers. */
function fakeAthena(answers: Record<string, unknown[]>) {
  const calls: [string, unknown][] = [];
  const send = async (command: { constructor: { name: string }; input: unknown }) => {
    const name = command.constructor.name.replace(/Command$/, '');
    calls.push([name, command.input]);
    return answers[name]?.shift() ?? {};
  };
  return { client: { send } as unknown as AthenaClient, calls };
}

const clock = { now: () => 0, sleep: async () => {}, random: () => 0 };
const query = { sql: 'SELECT 1', database: 'd', workGroup: 'w' };
const state = (State: string, StateChangeReason?: string) => ({
  QueryExecution: { Status: { State, StateChangeReason }, Statistics: { DataScannedInBytes: 9 } },
});
const row = (...cells: (string | undefined)[]) => ({ Data: cells.map((VarCharValue) => ({ VarCharValue })) });
const ResultSetMetadata = {
  ColumnInfo: [
    { Name: 'a', Type: 'bigint' },
    { Name: 'b', Type: 'varchar' },
  ],
};

test('waits for the query and reads every page; the row of names is no row', async () => {
  const { client, calls } = fakeAthena({
    StartQueryExecution: [{ QueryExecutionId: 'q1' }],
    GetQueryExecution: [state('QUEUED'), state('RUNNING'), state('SUCCEEDED')],
    GetQueryResults: [
      { NextToken: 't', ResultSet: { ResultSetMetadata, Rows: [row('a', 'b'), row('1', 'x')] } },
      { ResultSet: { ResultSetMetadata, Rows: [row('2', undefined)] } },
    ],
  });
  const states: string[] = [];
  const result = await runAthenaQuery(query, { client, clock, onProgress: (one) => states.push(one) });
  expect(result).toEqual({
    columns: [
      { name: 'a', type: 'bigint' },
      { name: 'b', type: 'varchar' },
    ],
    rows: [
      ['1', 'x'],
      ['2', null],
    ],
    scannedBytes: 9,
  });
  expect(states).toEqual(['queued', 'running']);
  expect(calls[0]).toEqual([
    'StartQueryExecution',
    { QueryString: 'SELECT 1', WorkGroup: 'w', QueryExecutionContext: { Database: 'd' } },
  ]);
  expect(calls.at(-1)).toEqual(['GetQueryResults', { QueryExecutionId: 'q1', NextToken: 't' }]);
});

test.each([
  [state('FAILED', 'line 1:8: no such column'), 'The query failed: line 1:8: no such column'],
  [state('CANCELLED', 'Query exhausted resources'), 'The query was cancelled: Query exhausted resources'],
])('a query that Athena does not finish is a sentence with its reason', async (answer, sentence) => {
  const { client } = fakeAthena({ StartQueryExecution: [{ QueryExecutionId: 'q1' }], GetQueryExecution: [answer] });
  await expect(runAthenaQuery(query, { client, clock })).rejects.toThrow(sentence);
});

test('a query that nobody waits for any more is stopped', async () => {
  const { client, calls } = fakeAthena({
    StartQueryExecution: [{ QueryExecutionId: 'q1' }],
    GetQueryExecution: [state('RUNNING')],
  });
  const stop = new AbortController();
  const run = runAthenaQuery(query, { client, clock, signal: stop.signal, onProgress: () => stop.abort() });
  await expect(run).rejects.toThrow('The query was stopped');
  expect(calls.at(-1)).toEqual(['StopQueryExecution', { QueryExecutionId: 'q1' }]);
});
