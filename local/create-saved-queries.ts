import { join } from 'node:path';
import {
  type AthenaClient,
  BatchGetNamedQueryCommand,
  CreateNamedQueryCommand,
  DeleteNamedQueryCommand,
  ListNamedQueriesCommand,
} from '@aws-sdk/client-athena';
import { namedQueries } from '../infrastructure/named-queries.ts';
import { PROJECT_FOLDER } from './local-folder.ts';

interface NamedQueryProperties {
  Name: string;
  Description: string;
  QueryString: string;
}

/**
 * Creates the saved queries through Athena's API, replacing those of the same name: the local cloud's CloudFormation has
 * no named queries. Answers their names.
 */
export async function createSavedQueries(
  client: AthenaClient,
  { workGroup, database }: { workGroup: string; database: string },
): Promise<string[]> {
  const queries = Object.values(namedQueries(join(PROJECT_FOLDER, 'analytics', 'queries'))).map(
    (resource) => resource.Properties as unknown as NamedQueryProperties,
  );
  const older = await namedQueryIds(client, workGroup);
  for (const { Name, Description, QueryString } of queries) {
    for (const id of older.get(Name) ?? []) await client.send(new DeleteNamedQueryCommand({ NamedQueryId: id }));
    await client.send(
      new CreateNamedQueryCommand({ Name, Description, QueryString, Database: database, WorkGroup: workGroup }),
    );
  }
  return queries.map(({ Name }) => Name);
}

async function namedQueryIds(client: AthenaClient, workGroup: string): Promise<Map<string, string[]>> {
  const { NamedQueryIds: ids = [] } = await client.send(
    new ListNamedQueriesCommand({ WorkGroup: workGroup, MaxResults: 50 }),
  );
  if (ids.length === 0) return new Map();
  const { NamedQueries: found = [] } = await client.send(new BatchGetNamedQueryCommand({ NamedQueryIds: ids }));
  const byName = Map.groupBy(found, ({ Name = '' }) => Name);
  return new Map([...byName].map(([name, queries]) => [name, queries.map(({ NamedQueryId = '' }) => NamedQueryId)]));
}
