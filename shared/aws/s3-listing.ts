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
