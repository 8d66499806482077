import type { AttributeValue, QueryCommandInput } from '@aws-sdk/client-dynamodb';
import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { Item, ItemKey } from '../stream/ports.ts';
import { callAws } from './aws-fault.ts';
import { dynamoDb } from './dynamodb-client.ts';

export interface PageQuery {
  tableName: string;
  index?: string;
  partition: { name: string; value: string };
  /** The sort key, and its least value. */
  range?: { name: string; from: string };
  newestFirst?: boolean;
}

type Attributes = Record<string, AttributeValue>;

/** Every item of one partition, page by page as they are asked for. Rejects with a `Fault`. */
export async function* queryItems(query: PageQuery): AsyncGenerator<Item> {
  let start: Attributes | undefined;
  do {
    const page = await callAws('Query', async () => {
      const { sdk, client } = await dynamoDb();
      return client.send(new sdk.QueryCommand({ ...inputOf(query), ExclusiveStartKey: start }));
    });
    for (const item of page.Items ?? []) yield unmarshall(item);
    start = page.LastEvaluatedKey;
  } while (start !== undefined);
}

/** One item by its key, strongly consistent; undefined when there is none. */
export function getItem(tableName: string, key: ItemKey): Promise<Item | undefined> {
  return callAws('GetItem', async () => {
    const { client } = await dynamoDb();
    const Key = marshall(key) as Attributes;
    const { Item } = await client.send(new GetItemCommand({ TableName: tableName, Key, ConsistentRead: true }));
    return Item && unmarshall(Item);
  });
}

function inputOf({ tableName, index, partition, range, newestFirst = false }: PageQuery): QueryCommandInput {
  const isOpen = range === undefined;
  return {
    TableName: tableName,
    IndexName: index,
    ScanIndexForward: !newestFirst,
    KeyConditionExpression: isOpen ? '#p = :p' : '#p = :p AND #s >= :from',
    ExpressionAttributeNames: { '#p': partition.name, ...(isOpen ? {} : { '#s': range.name }) },
    ExpressionAttributeValues: marshall({
      ':p': partition.value,
      ...(isOpen ? {} : { ':from': range.from }),
    }) as Attributes,
  };
}
