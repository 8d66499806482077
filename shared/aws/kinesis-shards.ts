import { ListShardsCommand } from '@aws-sdk/client-kinesis';
import { callAws } from './aws-fault.ts';
import { kinesis } from './kinesis-client.ts';

/** Names of all shards of a stream, closed ones included while their records are kept. */
export async function listShards(streamName: string): Promise<string[]> {
  const { client } = await kinesis();
  const shards: string[] = [];
  let token: string | undefined;
  do {
    const request = token === undefined ? { StreamName: streamName } : { NextToken: token };
    const page = await callAws('ListShards', () => client.send(new ListShardsCommand(request)));
    shards.push(...(page.Shards ?? []).flatMap(({ ShardId }) => ShardId ?? []));
    token = page.NextToken;
  } while (token !== undefined);
  return shards;
}
