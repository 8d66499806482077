import { randomUUID } from 'node:crypto';
import { CreateTableCommand, DeleteTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { dynamoDbTable } from '../../shared/aws/dynamodb-table.ts';
import type { Table } from '../../shared/stream/ports.ts';
import { gatedTable } from '../simulation/models/gated-table.ts';
import { ModelTable } from '../simulation/models/model-table.ts';
import { calmWorld } from './calm-world.ts';

/** A table of its own for one test file: items have `owner` and `place`, and `due` and `at` when they are due. */
export interface TableUnderTest {
  table: Table;
  remove(): Promise<void>;
}

const KEYS = { '': { partition: 'owner', sort: 'place' }, byDue: { partition: 'due', sort: 'at' } };

async function modelTable(): Promise<TableUnderTest> {
  return { table: new ModelTable({ keys: KEYS }), remove: async () => {} };
}

async function gatedModelTable(): Promise<TableUnderTest> {
  const { chaos, instance, service, settle } = calmWorld();
  const gated = gatedTable({ table: new ModelTable({ keys: KEYS }), service, instance, chaos });
  const table: Table = {
    getMany: (keys) => settle(gated.getMany(keys)),
    putVersioned: (item, expected) => settle(gated.putVersioned(item, expected)),
    putMany: (items) => settle(gated.putMany(items)),
    deleteMany: (keys) => settle(gated.deleteMany(keys)),
    query: (query) => settle(gated.query(query)),
  };
  return { table, remove: async () => {} };
}

async function localCloudTable(): Promise<TableUnderTest> {
  const client = new DynamoDBClient({});
  const TableName = `contract-${randomUUID()}`;
  const key = (partition: string, sort: string) => [
    { AttributeName: partition, KeyType: 'HASH' as const },
    { AttributeName: sort, KeyType: 'RANGE' as const },
  ];
  await client.send(
    new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: ['owner', 'place', 'due', 'at'].map((AttributeName) => ({
        AttributeName,
        AttributeType: 'S',
      })),
      KeySchema: key('owner', 'place'),
      GlobalSecondaryIndexes: [
        { IndexName: 'byDue', KeySchema: key('due', 'at'), Projection: { ProjectionType: 'KEYS_ONLY' } },
      ],
    }),
  );
  return {
    table: dynamoDbTable({ tableName: TableName, keys: KEYS }),
    remove: async () => {
      await client.send(new DeleteTableCommand({ TableName }));
      client.destroy();
    },
  };
}

export const TABLES: [name: string, open: () => Promise<TableUnderTest>][] = [
  ['the model', modelTable],
  ['the model behind a network', gatedModelTable],
  ['DynamoDB on the local cloud', localCloudTable],
];
