import type { RejectedRecord } from '../stream/read-batch.ts';
import { putObject } from './s3-put-object.ts';

/** One object a record, with its payload and the reason. The name is made of the record, so a repeat overwrites it. */
export function s3Quarantine(bucket: string): (record: RejectedRecord) => Promise<void> {
  return ({ shardId, sequenceNumber, partitionKey, arrivedAt, code, reason, data }) => {
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
    const key = `quarantine/dt=${received.slice(0, 10)}/${shardId}-${sequenceNumber}.json`;
    return putObject({ bucket, key, body: JSON.stringify(body), contentType: 'application/json' });
  };
}
