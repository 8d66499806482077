import { randomUUID } from 'node:crypto';
import { KinesisClient, PutRecordCommand, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import type { Call } from '../producer/calls.ts';

const STREAM = 'bench';
/** Source: Kinesis API, PutRecords. */
const RECORDS_A_CALL = 500;

/** The event as an application makes it that has no library. */
function record({ level, message, fields }: Call) {
  const event = {
    id: randomUUID(),
    time: new Date().toISOString(),
    level,
    source: 'shop',
    message,
    ...(fields === undefined ? {} : { details: fields }),
  };
  return { Data: Buffer.from(JSON.stringify(event)), PartitionKey: event.id };
}

export interface PlainPuts {
  /** A call an event, each awaited. */
  putEach: (calls: readonly Call[]) => Promise<void>;
  /** A call for every 500 events. */
  putMany: (calls: readonly Call[]) => Promise<void>;
}

/** What everybody writes first: the SDK's own calls, a record an event. */
export function plainPuts(endpoint: string): PlainPuts {
  const client = new KinesisClient({ endpoint });
  return {
    putEach: async (calls) => {
      for (const call of calls) await client.send(new PutRecordCommand({ StreamName: STREAM, ...record(call) }));
    },
    putMany: async (calls) => {
      for (let at = 0; at < calls.length; at += RECORDS_A_CALL) {
        const Records = calls.slice(at, at + RECORDS_A_CALL).map(record);
        await client.send(new PutRecordsCommand({ StreamName: STREAM, Records }));
      }
    },
  };
}
