import type { KinesisStreamEvent, KinesisStreamRecord } from 'aws-lambda';
import { Fault } from '../stream/fault.ts';
import type { StreamRecord } from '../stream/ports.ts';
import { parseSequenceNumber, type SequenceNumber } from '../stream/sequence-number.ts';
import { asciiTexts } from './ascii-texts.ts';

/** The records of an invocation by a Kinesis mapping. A batch is of one shard, in order. */
export function recordsOf({ Records }: KinesisStreamEvent): StreamRecord[] {
  const first = Records[0];
  if (first === undefined) return [];
  // The mapping writes all of them alike, so the first tells whether it is one. Checking each costs a tenth of its decoding.
  checkSequenceNumber(first);
  // `shardId-000000000000:4959…`: the only place where an invocation names the shard.
  const shardId = first.eventID.slice(0, first.eventID.indexOf(':'));
  const texts = asciiTexts(Records);
  const records: StreamRecord[] = [];
  for (let index = 0; index < Records.length; index++) {
    records.push(new MappedRecord(shardId, (Records[index] as KinesisStreamRecord).kinesis, texts?.[index]));
  }
  return records;
}

/** Its bytes are decoded when they are asked for: of most records the text is enough. */
class MappedRecord implements StreamRecord {
  readonly shardId: string;
  readonly sequenceNumber: SequenceNumber;
  readonly partitionKey: string;
  readonly arrivedAt: number;
  readonly text: string | undefined;
  readonly #base64: string;

  constructor(shardId: string, kinesis: KinesisStreamRecord['kinesis'], text: string | undefined) {
    this.shardId = shardId;
    this.sequenceNumber = kinesis.sequenceNumber as SequenceNumber;
    this.partitionKey = kinesis.partitionKey;
    this.arrivedAt = Math.round(kinesis.approximateArrivalTimestamp * 1000);
    this.text = text;
    this.#base64 = kinesis.data;
  }

  get data(): Uint8Array {
    return Buffer.from(this.#base64, 'base64');
  }
}

function checkSequenceNumber({ kinesis }: KinesisStreamRecord): void {
  if (parseSequenceNumber(kinesis.sequenceNumber) !== undefined) return;
  const came = JSON.stringify(kinesis.sequenceNumber)?.slice(0, 80);
  throw new Fault('invalid', `expected a decimal sequence number, got ${came}: is this a Kinesis mapping?`);
}
