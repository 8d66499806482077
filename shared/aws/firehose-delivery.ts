import type { SendChunk } from '../stream/ports.ts';
import { callAws } from './aws-fault.ts';
import { firehose } from './firehose-client.ts';

/** PutRecordBatch on one delivery stream, one call. It can answer success and still have refused some records. */
export function firehoseDelivery(deliveryStreamName: string): SendChunk<Uint8Array> {
  return (records) =>
    callAws('PutRecordBatch', async () => {
      const { sdk, client } = await firehose();
      const Records = records.map((Data) => ({ Data }));
      const request = { DeliveryStreamName: deliveryStreamName, Records };
      const answer = await client.send(new sdk.PutRecordBatchCommand(request));
      return (answer.RequestResponses ?? []).flatMap(({ ErrorCode, ErrorMessage }, index) =>
        ErrorCode === undefined ? [] : [{ index, reason: `${ErrorCode}: ${ErrorMessage ?? ''}` }],
      );
    });
}
