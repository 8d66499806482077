import type { SendChunk } from '../stream/ports.ts';
import type { StreamEntry } from '../stream/put-records.ts';
import { callJson } from './signed-call.ts';

interface PutAnswer {
  Records?: { ErrorCode?: string; ErrorMessage?: string }[];
}

/** PutRecords on one stream, one call, for functions that put a record now and then and have no room for a client. */
export function signedStream(StreamName: string): SendChunk<StreamEntry> {
  return async (entries) => {
    const Records = entries.map(({ data, partitionKey }) => ({
      Data: Buffer.from(data).toString('base64'),
      PartitionKey: partitionKey,
    }));
    const { Records: answers = [] } = await callJson<PutAnswer>('kinesis', 'PutRecords', {
      input: { StreamName, Records },
    });
    return answers.flatMap(({ ErrorCode, ErrorMessage }, index) =>
      ErrorCode === undefined || ErrorCode === null ? [] : [{ index, reason: `${ErrorCode}: ${ErrorMessage ?? ''}` }],
    );
  };
}
