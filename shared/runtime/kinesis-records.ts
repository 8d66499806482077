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
  const ascii = asciiTexts(Records);
  const isPlain = ascii?.isPlain === true;
  const records: StreamRecord[] = [];
  for (let index = 0; index < Records.length; index++) {
    records.push(
      new MappedRecord(shardId, (Records[index] as KinesisStreamRecord).kinesis, ascii?.texts[index], isPlain),
    );
  }
  return records;
}

/** What is seldom asked for is read out of the invocation when it is: of most records the text and the arrival are enough. */
class MappedRecord implements StreamRecord {
  readonly shardId: string;
  readonly text: string | undefined;
  readonly isPlain: boolean;
  readonly #kinesis: KinesisStreamRecord['kinesis'];

  constructor(shardId: string, kinesis: KinesisStreamRecord['kinesis'], text: string | undefined, isPlain: boolean) {
    this.shardId = shardId;
    this.text = text;
    this.isPlain = isPlain;
    this.#kinesis = kinesis;
  }

  get sequenceNumber(): SequenceNumber {
    return this.#kinesis.sequenceNumber as SequenceNumber;
  }

  get partitionKey(): string {
    return this.#kinesis.partitionKey;
  }

  get arrivedAt(): number {
    return Math.round(this.#kinesis.approximateArrivalTimestamp * 1000);
  }

  get data(): Uint8Array {
    return Buffer.from(this.#kinesis.data, 'base64');
  }
}

function checkSequenceNumber({ kinesis }: KinesisStreamRecord): void {
  if (parseSequenceNumber(kinesis.sequenceNumber) !== undefined) return;
  const came = JSON.stringify(kinesis.sequenceNumber)?.slice(0, 80);
  throw new Fault('invalid', `expected a decimal sequence number, got ${came}: is this a Kinesis mapping?`);
}
