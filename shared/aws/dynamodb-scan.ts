import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { Item } from '../stream/ports.ts';
import { callAws } from './aws-fault.ts';
import { dynamoDb } from './dynamodb-client.ts';

/** Every item of a table, with only the named attributes. For reports and checks, never for a consumer. */
export async function scanTable(tableName: string, attributes: readonly string[]): Promise<Item[]> {
  const { client } = await dynamoDb();
  const names = Object.fromEntries(attributes.map((attribute, index) => [`#a${index}`, attribute]));
  const items: Item[] = [];
  let start: Record<string, never> | undefined;
  do {
    const request = {
      TableName: tableName,
      ConsistentRead: true,
      ProjectionExpression: Object.keys(names).join(', '),
      ExpressionAttributeNames: names,
      ExclusiveStartKey: start,
    };
    const page = await callAws('Scan', () => client.send(new ScanCommand(request)));
    items.push(...(page.Items ?? []).map((item) => unmarshall(item)));
    start = page.LastEvaluatedKey as typeof start;
  } while (start !== undefined);
  return items;
}
