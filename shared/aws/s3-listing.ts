import { ListObjectsV2Command } from '@aws-sdk/client-s3';
import { callAws } from './aws-fault.ts';
import { s3 } from './s3-client.ts';

/** Counts the objects under a prefix, their pages included. */
export async function countObjects(bucket: string, prefix: string): Promise<number> {
  const { client } = await s3();
  let count = 0;
  let token: string | undefined;
  do {
    const request = { Bucket: bucket, Prefix: prefix, ContinuationToken: token };
    const page = await callAws('ListObjectsV2', () => client.send(new ListObjectsV2Command(request)));
    count += page.KeyCount ?? page.Contents?.length ?? 0;
    token = page.IsTruncated ? page.NextContinuationToken : undefined;
  } while (token !== undefined);
  return count;
}

/** Pages of a thousand: more is not counted. */
const MOST_PAGES = 20;

/** Objects under a prefix that were written since a time, and the keys of some of them. */
export async function recentObjects(
  bucket: string,
  prefix: string,
  since: Date,
): Promise<{ count: number; keys: string[] }> {
  const { client } = await s3();
  const keys: string[] = [];
  let token: string | undefined;
  for (let page = 0; page < MOST_PAGES; page++) {
    const request = { Bucket: bucket, Prefix: prefix, ContinuationToken: token };
    const answer = await callAws('ListObjectsV2', () => client.send(new ListObjectsV2Command(request)));
    for (const { Key = '', LastModified } of answer.Contents ?? []) {
      if (LastModified !== undefined && LastModified >= since) keys.push(Key);
    }
    token = answer.IsTruncated ? answer.NextContinuationToken : undefined;
    if (token === undefined) break;
  }
  return { count: keys.length, keys: keys.slice(-5) };
}
