import {
  type AthenaClient,
  GetQueryExecutionCommand,
  GetQueryResultsCommand,
  type QueryExecution,
  type ResultSet,
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

const STOPPED = 'The query was stopped';
const FIRST_LOOK_MS = 100;
const LONGEST_PAUSE_MS = 2_000;

/** Runs one statement, waits for it and reads all of its result. Rejects with an `AthenaQueryError` when Athena fails it. */
export async function runAthenaQuery(
  { sql, database, workGroup }: AthenaQuery,
  options: AthenaOptions,
): Promise<AthenaResult> {
  let columns: AthenaColumn[] = [];
  const rows: AthenaResult['rows'] = [];
  let scannedBytes = 0;
  for await (const page of athenaPages({ sql, database, workGroup }, options)) {
    ({ columns, scannedBytes } = page);
    rows.push(...page.rows);
  }
  return { columns, rows, scannedBytes };
}

/** The same, page by page of up to 1,000 rows, for results that are long: at least one page. */
export async function* athenaPages(
  { sql, database, workGroup }: AthenaQuery,
  options: AthenaOptions,
): AsyncGenerator<AthenaResult> {
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
  let token: string | undefined;
  let isFirstPage = true;
  do {
    if (options.signal?.aborted) throw new AthenaQueryError(STOPPED);
    const page = await client.send(new GetQueryResultsCommand({ QueryExecutionId: id, NextToken: token }));
    const { columns, rows } = readPage(page.ResultSet);
    // The first row of a SELECT's first page is the names of its columns. Source: GetQueryResults, API reference.
    yield { columns, rows: isFirstPage ? rows.slice(1) : rows, scannedBytes };
    token = page.NextToken;
    isFirstPage = false;
  } while (token !== undefined);
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
  throw new AthenaQueryError(STOPPED);
}

function readPage(set: ResultSet | undefined): Pick<AthenaResult, 'columns' | 'rows'> {
  const columns = (set?.ResultSetMetadata?.ColumnInfo ?? []).map(({ Name = '', Type = 'varchar' }) => ({
    name: Name,
    type: Type,
  }));
  const rows = (set?.Rows ?? []).map(({ Data = [] }) => columns.map((_, index) => Data[index]?.VarCharValue ?? null));
  return { columns, rows };
}
