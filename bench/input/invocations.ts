import type { KinesisStreamEvent, KinesisStreamRecord } from 'aws-lambda';
import { START } from './events.ts';

const SEQUENCE_BASE = 49_590_338_271_490_256_608_559_692_538_361_571_095_921_575_989_136_588_898n;
const SHARD = 'shardId-000000000000';

/** Records as a Kinesis mapping hands them over, `size` of them in each invocation. */
export function invocations(records: readonly (string | Uint8Array)[], size: number): KinesisStreamEvent[] {
  const events: KinesisStreamEvent[] = [];
  for (let start = 0; start < records.length; start += size) {
    const Records = records.slice(start, start + size).map((data, index) => kinesisRecord(data, start + index));
    events.push({ Records });
  }
  return events;
}

/** One invocation whose records follow the first `place` of the shard, and arrived together. */
export function invocation(records: readonly Uint8Array[], place: number, arrivedAt: number): KinesisStreamEvent {
  return { Records: records.map((data, index) => kinesisRecord(data, place + index, arrivedAt)) };
}

function kinesisRecord(
  data: string | Uint8Array,
  place: number,
  arrivedAt = START + place * 7 + 100,
): KinesisStreamRecord {
  const sequenceNumber = String(SEQUENCE_BASE + BigInt(place));
  return {
    awsRegion: 'eu-central-1',
    eventID: `${SHARD}:${sequenceNumber}`,
    eventName: 'aws:kinesis:record',
    eventSource: 'aws:kinesis',
    eventSourceARN: 'arn:aws:kinesis:eu-central-1:123456789012:stream/sluice',
    eventVersion: '1.0',
    invokeIdentityArn: 'arn:aws:iam::123456789012:role/sluice',
    kinesis: {
      kinesisSchemaVersion: '1.0',
      partitionKey: String(place % 97),
      sequenceNumber,
      data: Buffer.from(data).toString('base64'),
      approximateArrivalTimestamp: arrivedAt / 1000,
    },
  };
}

/** Every hundredth event comes a second time within its hundred, as after a producer's retry. */
export function withRepeats(texts: readonly string[]): string[] {
  return texts.map((text, index) => (index % 100 === 60 ? (texts[index - 40] as string) : text));
}
