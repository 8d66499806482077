import { s3 } from '../../shared/aws/clients.ts';

/** The JSON objects under a prefix, in the order of their keys. */
export async function readObjects(bucket: string, prefix: string): Promise<Record<string, unknown>[]> {
  const { sdk, client } = await s3();
  const { Contents = [] } = await client.send(new sdk.ListObjectsV2Command({ Bucket: bucket, Prefix: prefix }));
  const keys = Contents.flatMap(({ Key }) => Key ?? []).sort();
  const objects: Record<string, unknown>[] = [];
  for (const Key of keys) {
    const { Body } = await client.send(new sdk.GetObjectCommand({ Bucket: bucket, Key }));
    objects.push(JSON.parse((await Body?.transformToString()) ?? 'null') as Record<string, unknown>);
  }
  return objects;
}
