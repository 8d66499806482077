import {
  type AthenaClient,
  GetQueryExecutionCommand,
  GetQueryResultsCommand,
  type QueryExecution,
  StartQueryExecutionCommand,
  StopQueryExecutionCommand,
} from '@aws-sdk/client-athena';
import type { Clock } from '../stream/ports.ts';

export interface AthenaQuery {
  sql: string;
  database: string;
  workGroup: string;
}

export interface AthenaColumn {
  name: string;
  /** As Athena names it: varchar, bigint, timestamp, … */
  type: string;
}

export interface AthenaResult {
  columns: AthenaColumn[];
  /** Null is NULL. */
  rows: (string | null)[][];
  /** What the query is billed by. */
  scannedBytes: number;
}

export interface AthenaOptions {
  client: AthenaClient;
  clock: Clock;
  /** Hears the state at each look. */
  onProgress?: (state: string, seconds: number) => void;
  /** Stops the query: a query that nobody waits for is billed all the same. */
  signal?: AbortSignal;
}

/** Athena took the query and did not finish it. */
export class AthenaQueryError extends Error {
  override readonly name = 'AthenaQueryError';
}

const FIRST_LOOK_MS = 100;
const LONGEST_PAUSE_MS = 2_000;

/** Runs one statement, waits for it and reads all of its result. Rejects with an `AthenaQueryError` when Athena fails it. */
export async function runAthenaQuery(
  { sql, database, workGroup }: AthenaQuery,
  options: AthenaOptions,
): Promise<AthenaResult> {
  const { client } = options;
  const { QueryExecutionId: id } = await client.send(
    new StartQueryExecutionCommand({
      QueryString: sql,
      WorkGroup: workGroup,
      QueryExecutionContext: { Database: database },
    }),
  );
  if (!id) throw new AthenaQueryError('Athena gave the query no id');
  const execution = await finished(id, options);
  const scannedBytes = execution.Statistics?.DataScannedInBytes ?? 0;
  return { ...(await readResult(client, id)), scannedBytes };
}

async function finished(id: string, { client, clock, onProgress, signal }: AthenaOptions): Promise<QueryExecution> {
  const startedAt = clock.now();
  for (let pause = FIRST_LOOK_MS; ; pause = Math.min(pause * 1.5, LONGEST_PAUSE_MS)) {
    if (signal?.aborted) await stop(id, client);
    const { QueryExecution: execution } = await client.send(new GetQueryExecutionCommand({ QueryExecutionId: id }));
    if (execution && isDone(execution)) return execution;
    onProgress?.(execution?.Status?.State?.toLowerCase() ?? 'queued', (clock.now() - startedAt) / 1000);
    await clock.sleep(pause);
  }
}

function isDone({ Status }: QueryExecution): boolean {
  if (Status?.State === 'SUCCEEDED') return true;
  if (Status?.State !== 'FAILED' && Status?.State !== 'CANCELLED') return false;
  const what = Status.State === 'FAILED' ? 'failed' : 'was cancelled';
  throw new AthenaQueryError(`The query ${what}: ${Status.StateChangeReason ?? 'no reason given'}`);
}

async function stop(id: string, client: AthenaClient): Promise<never> {
  await client.send(new StopQueryExecutionCommand({ QueryExecutionId: id }));
  throw new AthenaQueryError('The query was stopped');
}

async function readResult(client: AthenaClient, id: string): Promise<Pick<AthenaResult, 'columns' | 'rows'>> {
  let columns: AthenaColumn[] = [];
  const rows: (string | null)[][] = [];
  let token: string | undefined;
  let isFirstPage = true;
  do {
    const page = await client.send(new GetQueryResultsCommand({ QueryExecutionId: id, NextToken: token }));
    columns = (page.ResultSet?.ResultSetMetadata?.ColumnInfo ?? []).map(({ Name = '', Type = 'varchar' }) => ({
      name: Name,
      type: Type,
    }));
    const values = (page.ResultSet?.Rows ?? []).map(({ Data = [] }) =>
      columns.map((_, index) => Data[index]?.VarCharValue ?? null),
    );
    // The first row of a SELECT's first page is the names of its columns. Source: GetQueryResults, API reference.
    rows.push(...(isFirstPage ? values.slice(1) : values));
    token = page.NextToken;
    isFirstPage = false;
  } while (token !== undefined);
  return { columns, rows };
}
