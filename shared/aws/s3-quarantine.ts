import type { RejectedRecord } from '../stream/read-batch.ts';
import { callAws } from './aws-fault.ts';
import { s3 } from './s3-client.ts';

/** One object a record, with its payload and the reason. The name is made of the record, so a repeat overwrites it. */
export function s3Quarantine(bucket: string): (record: RejectedRecord) => Promise<void> {
  return (record) =>
    callAws('PutObject', async () => {
      const { sdk, client } = await s3();
      const { shardId, sequenceNumber, partitionKey, arrivedAt, code, reason, data } = record;
      const received = new Date(arrivedAt).toISOString();
      const body = {
        code,
        reason,
        shardId,
        sequenceNumber,
        partitionKey,
        received,
        data: Buffer.from(data).toString('base64'),
      };
      const Key = `quarantine/dt=${received.slice(0, 10)}/${shardId}-${sequenceNumber}.json`;
      const request = { Bucket: bucket, Key, Body: JSON.stringify(body), ContentType: 'application/json' };
      await client.send(new sdk.PutObjectCommand(request));
    });
}
