import { GetObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { s3 } from '../../shared/aws/s3-client.ts';

/** The JSON objects under a prefix, in the order of their keys. */
export async function readObjects(bucket: string, prefix: string): Promise<Record<string, unknown>[]> {
  const { client } = await s3();
  const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix }));
  const keys = Contents.flatMap(({ Key }) => Key ?? []).sort();
  const objects: Record<string, unknown>[] = [];
  for (const Key of keys) {
    const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key }));
    objects.push(JSON.parse((await Body?.transformToString()) ?? 'null') as Record<string, unknown>);
  }
  return objects;
}
