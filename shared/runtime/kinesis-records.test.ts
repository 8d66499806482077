import type { KinesisStreamEvent } from 'aws-lambda';
import { expect, test } from 'vitest';
import { Fault } from '../stream/fault.ts';
import { recordsOf } from './kinesis-records.ts';

/** An invocation as Lambda makes it. Source: "Using AWS Lambda with Amazon Kinesis", AWS Lambda Developer Guide. */
const invocation = (sequenceNumber: string): KinesisStreamEvent => ({
  Records: [
    {
      kinesis: {
        kinesisSchemaVersion: '1.0',
        partitionKey: '1',
        sequenceNumber,
        data: 'SGVsbG8sIHRoaXMgaXMgYSB0ZXN0Lg==',
        approximateArrivalTimestamp: 1_545_084_650.987,
      },
      eventSource: 'aws:kinesis',
      eventVersion: '1.0',
      eventID: `shardId-000000000006:${sequenceNumber}`,
      eventName: 'aws:kinesis:record',
      invokeIdentityArn: 'arn:aws:iam::123456789012:role/lambda-role',
      awsRegion: 'us-east-2',
      eventSourceARN: 'arn:aws:kinesis:us-east-2:123456789012:stream/lambda-stream',
    },
  ],
});

test('a record of an invocation is read with its shard, and its arrival in milliseconds', () => {
  const number = '49590338271490256608559692538361571095921575989136588898';
  const records = recordsOf(invocation(number)).map(
    ({ shardId, sequenceNumber, partitionKey, arrivedAt, text, data }) => {
      return { shardId, sequenceNumber, partitionKey, arrivedAt, text, data };
    },
  );
  expect(records).toEqual([
    {
      shardId: 'shardId-000000000006',
      sequenceNumber: number,
      partitionKey: '1',
      arrivedAt: 1_545_084_650_987,
      text: 'Hello, this is a test.',
      data: Buffer.from('Hello, this is a test.'),
    },
  ]);
});

test.each(['', 'LATEST', '12a'])('a sequence number %j says what was expected and what came', (text) => {
  expect(() => recordsOf(invocation(text))).toThrow(
    new Fault('invalid', `expected a decimal sequence number, got ${JSON.stringify(text)}: is this a Kinesis mapping?`),
  );
});
