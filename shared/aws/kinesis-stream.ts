import type { SendChunk } from '../stream/ports.ts';
import type { StreamEntry } from '../stream/put-records.ts';
import { callAws } from './aws-fault.ts';
import { kinesis } from './kinesis-client.ts';

export interface KinesisStreamOptions {
  /** A call that has not answered by then failed. Default: what the client's own settings allow. */
  callMilliseconds?: number;
}

/** PutRecords on one stream, one call. */
export function kinesisStream(
  streamName: string,
  { callMilliseconds }: KinesisStreamOptions = {},
): SendChunk<StreamEntry> {
  const limit = () => (callMilliseconds === undefined ? {} : { abortSignal: AbortSignal.timeout(callMilliseconds) });
  return (entries) =>
    callAws('PutRecords', async () => {
      const { sdk, client } = await kinesis();
      const Records = entries.map(({ data, partitionKey }) => ({ Data: data, PartitionKey: partitionKey }));
      const answer = await client.send(new sdk.PutRecordsCommand({ StreamName: streamName, Records }), limit());
      return (answer.Records ?? []).flatMap(({ ErrorCode, ErrorMessage }, index) =>
        ErrorCode === undefined ? [] : [{ index, reason: `${ErrorCode}: ${ErrorMessage ?? ''}` }],
      );
    });
}
