import type { AttributeValue, PutItemCommandInput, QueryCommandInput, WriteRequest } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { Item, ItemKey, Table } from '../stream/ports.ts';
import { callAws } from './aws-fault.ts';
import { dynamoDb } from './dynamodb-client.ts';

export interface TableDefinition {
  tableName: string;
  /** The partition and sort key of the table and of its indexes, by index name; `''` is the table itself. */
  keys: Readonly<Record<string, { partition: string; sort?: string }>>;
}

type Attributes = Record<string, AttributeValue>;

const toAttributes = (item: Item): Attributes => marshall(item, { removeUndefinedValues: true }) as Attributes;
const toItem = (attributes: Attributes): Item => unmarshall(attributes);

/** A table in DynamoDB. Reads are strongly consistent, save those of an index, which cannot be. */
export function dynamoDbTable({ tableName, keys }: TableDefinition): Table {
  const partitionKey = keys['']?.partition ?? '';

  const getMany: Table['getMany'] = (wanted) =>
    callAws('BatchGetItem', async () => {
      const { sdk, client } = await dynamoDb();
      const request = { [tableName]: { Keys: wanted.map(toAttributes), ConsistentRead: true } };
      const answer = await client.send(new sdk.BatchGetItemCommand({ RequestItems: request }));
      const items = (answer.Responses?.[tableName] ?? []).map(toItem);
      const unread = (answer.UnprocessedKeys?.[tableName]?.Keys ?? []).map((key) => toItem(key) as ItemKey);
      return { items, unread };
    });

  const putVersioned: Table['putVersioned'] = (item, expected) =>
    callAws('PutItem', async () => {
      const { sdk, client } = await dynamoDb();
      const request = { TableName: tableName, Item: toAttributes(item), ...versionIs(expected, partitionKey) };
      try {
        await client.send(new sdk.PutItemCommand(request));
        return 'written';
      } catch (error) {
        if (error instanceof sdk.ConditionalCheckFailedException) return 'conflict';
        throw error;
      }
    });

  const writeMany = async (requests: WriteRequest[]) => {
    const { sdk, client } = await dynamoDb();
    const answer = await client.send(new sdk.BatchWriteItemCommand({ RequestItems: { [tableName]: requests } }));
    return answer.UnprocessedItems?.[tableName] ?? [];
  };

  const putMany: Table['putMany'] = (items) =>
    callAws('BatchWriteItem', async () => {
      const byKey = new Map(items.map((item) => [keyText(item), item]));
      const unwritten = await writeMany(
        [...byKey.values()].map((item) => ({ PutRequest: { Item: toAttributes(item) } })),
      );
      const refused = new Set(unwritten.map((request) => keyText(toItem(request.PutRequest?.Item ?? {}))));
      return { unwritten: items.filter((item) => refused.has(keyText(item))) };
    });

  const deleteMany: Table['deleteMany'] = (wanted) =>
    callAws('BatchWriteItem', async () => {
      const undeleted = await writeMany(wanted.map((key) => ({ DeleteRequest: { Key: toAttributes(key) } })));
      return { undeleted: undeleted.map((request) => toItem(request.DeleteRequest?.Key ?? {}) as ItemKey) };
    });

  const query: Table['query'] = ({ index, partition, from, to, limit }) =>
    callAws('Query', async () => {
      const key = keys[index ?? ''];
      if (!key) throw new Error(`table ${tableName} has no index ${index}`);
      // DynamoDB refuses a range whose ends are the wrong way round; it is an empty one.
      if (from !== undefined && to !== undefined && from > to) return [];
      return readPages(queryInput({ tableName, index, key, partition, range: sortRange(from, to) }), limit);
    });

  const keyText = (item: Item) => {
    const { partition, sort } = keys[''] ?? { partition: '' };
    return `${item[partition]}\u0000${sort === undefined ? '' : item[sort]}`;
  };

  return { getMany, putVersioned, putMany, deleteMany, query };
}

/** One call reads a megabyte at most, and says where to go on. */
async function readPages(input: QueryCommandInput, limit: number): Promise<Item[]> {
  const { sdk, client } = await dynamoDb();
  const items: Item[] = [];
  let start: Attributes | undefined;
  do {
    const rest = { ...input, Limit: limit - items.length, ExclusiveStartKey: start };
    const answer = await client.send(new sdk.QueryCommand(rest));
    for (const attributes of answer.Items ?? []) items.push(toItem(attributes));
    start = answer.LastEvaluatedKey;
  } while (start !== undefined && items.length < limit);
  return items;
}

interface QueryParts {
  tableName: string;
  index: string | undefined;
  key: { partition: string; sort?: string };
  partition: string;
  range: SortRange;
}

function queryInput({ tableName, index, key, partition, range }: QueryParts): QueryCommandInput {
  const names: Record<string, string> = { '#p': key.partition };
  if (range.conditions.length > 0) names['#s'] = key.sort ?? '';
  return {
    TableName: tableName,
    IndexName: index,
    ConsistentRead: index === undefined,
    KeyConditionExpression: ['#p = :p', ...range.conditions].join(' AND '),
    ExpressionAttributeNames: names,
    ExpressionAttributeValues: toAttributes({ ':p': partition, ...range.values }),
  };
}

/** The stored version is the expected one; 0 means that there is no item. */
function versionIs(expected: number, partitionKey: string): Omit<PutItemCommandInput, 'TableName' | 'Item'> {
  if (expected === 0) {
    return { ConditionExpression: 'attribute_not_exists(#key)', ExpressionAttributeNames: { '#key': partitionKey } };
  }
  return {
    ConditionExpression: '#version = :expected',
    ExpressionAttributeNames: { '#version': 'version' },
    ExpressionAttributeValues: { ':expected': { N: String(expected) } },
  };
}

interface SortRange {
  conditions: string[];
  values: Item;
}

/** DynamoDB takes one condition on the sort key. */
function sortRange(from: string | undefined, to: string | undefined): SortRange {
  if (from !== undefined && to !== undefined) {
    return { conditions: ['#s BETWEEN :from AND :to'], values: { ':from': from, ':to': to } };
  }
  if (from !== undefined) return { conditions: ['#s >= :from'], values: { ':from': from } };
  if (to !== undefined) return { conditions: ['#s <= :to'], values: { ':to': to } };
  return { conditions: [], values: {} };
}
