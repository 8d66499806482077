import type { KinesisStreamEvent, KinesisStreamRecord } from 'aws-lambda';
import { Fault } from '../stream/fault.ts';
import type { StreamRecord } from '../stream/ports.ts';
import { parseSequenceNumber } from '../stream/sequence-number.ts';

/** The records of an invocation by a Kinesis mapping. A batch is of one shard, in order. */
export function recordsOf(event: KinesisStreamEvent): StreamRecord[] {
  return event.Records.map(recordOf);
}

function recordOf({ eventID, kinesis }: KinesisStreamRecord): StreamRecord {
  const sequenceNumber = parseSequenceNumber(kinesis.sequenceNumber);
  if (sequenceNumber === undefined) {
    const came = JSON.stringify(kinesis.sequenceNumber)?.slice(0, 80);
    throw new Fault('invalid', `expected a decimal sequence number, got ${came}: is this a Kinesis mapping?`);
  }
  return {
    // `shardId-000000000000:4959…`: the only place where an invocation names the shard.
    shardId: eventID.slice(0, eventID.indexOf(':')),
    sequenceNumber,
    partitionKey: kinesis.partitionKey,
    arrivedAt: Math.round(kinesis.approximateArrivalTimestamp * 1000),
    data: Buffer.from(kinesis.data, 'base64'),
  };
}
