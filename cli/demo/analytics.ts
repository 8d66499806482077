import { AthenaClient } from '@aws-sdk/client-athena';
import { createSavedQueries } from '../../local/create-saved-queries.ts';
import { toLocalDialect } from '../../shared/aws/athena-local-dialect.ts';
import { runAthenaQuery } from '../../shared/aws/athena-query.ts';
import { systemClock } from '../../shared/runtime/system-clock.ts';
import { resultObjects } from '../query/result-text.ts';
import { bindParameters, loadSavedQueries } from '../query/saved-queries.ts';

export type QueryRows = Record<string, string | number | null>[];

/** Athena of a deployed stack. */
export function openAnalytics(outputs: Record<string, string>) {
  const target = { database: outputs.GlueDatabase ?? '', workGroup: outputs.AthenaWorkGroup ?? '' };
  const client = new AthenaClient({});

  const run = async (sql: string): Promise<QueryRows> => {
    const result = await runAthenaQuery({ ...target, sql: toLocalDialect(sql) }, { client, clock: systemClock });
    return resultObjects(result);
  };

  /** Every saved query with the defaults of its parameters. */
  const runSaved = async (): Promise<Record<string, QueryRows>> => {
    const results: Record<string, QueryRows> = {};
    for (const query of loadSavedQueries()) results[query.name] = await run(bindParameters(query, new Map()));
    return results;
  };
  const createSaved = () => createSavedQueries(client, target);

  return { run, runSaved, createSaved };
}
