import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { logEvent } from '../events/event.ts';
import { alarmChange, keptFailures } from './aws-message.ts';

const NOW = Date.parse('2026-11-21T12:00:05.000Z');

/** As CloudWatch publishes it. Source: CloudWatch User Guide. */
const ALARM = {
  AlarmName: 'sluice-prod-quarantine',
  AlarmDescription: 'Records could not be understood.',
  AWSAccountId: '123456789012',
  NewStateValue: 'ALARM',
  NewStateReason:
    'Threshold Crossed: 1 datapoint [3.0 (21/11/26 11:55:00)] was greater than or equal to the threshold (1.0).',
  StateChangeTime: '2026-11-21T12:00:00.123+0000',
  Region: 'EU (Ireland)',
  AlarmArn: 'arn:aws:cloudwatch:eu-west-1:123456789012:alarm:sluice-prod-quarantine',
  OldStateValue: 'OK',
  Trigger: { MetricName: 'events.quarantined', Namespace: 'Sluice/prod' },
};

/** As S3 publishes it. Source: S3 User Guide, "Event message structure". */
const OBJECT = {
  Records: [
    {
      eventVersion: '2.1',
      eventSource: 'aws:s3',
      awsRegion: 'eu-west-1',
      eventTime: '2026-11-21T12:00:01.000Z',
      eventName: 'ObjectCreated:Put',
      s3: {
        bucket: { name: 'failures' },
        object: { key: 'aws/lambda/mapping/shardId-000000000000/2026-11-21T12%3A00+x.json', size: 12 },
      },
    },
  ],
};

describe('an alarm that changes', () => {
  test('is an event that says what changed, when and why', () => {
    expect(alarmChange(ALARM, NOW)).toEqual([
      {
        v: 1,
        id: expect.stringMatching(/^alarm\/\d+\/ALARM\/2026-11-21T12:00:00\.123Z$/),
        type: 'alarm.changed',
        time: '2026-11-21T12:00:00.123Z',
        level: 'error',
        source: 'sluice',
        message: expect.stringContaining('Alarm sluice-prod-quarantine is ALARM: Threshold Crossed'),
        attributes: { alarm: 'sluice-prod-quarantine', state: 'ALARM', previous: 'OK' },
      },
    ]);
  });

  test('is none when a new alarm finds all well', () => {
    const told = { ...ALARM, OldStateValue: 'INSUFFICIENT_DATA' };
    expect(alarmChange({ ...told, NewStateValue: 'OK' }, NOW)).toEqual([]);
    expect(alarmChange(told, NOW)).toHaveLength(1);
  });

  test('is one event however often it is told, and another one when it changes back', () => {
    const over = { ...ALARM, NewStateValue: 'OK', StateChangeTime: '2026-11-21T12:05:00.000+0000' };
    const [one, again, other] = [ALARM, { ...ALARM }, over].flatMap((message) => alarmChange(message, NOW) ?? []);
    expect([one?.id === again?.id, one?.id === other?.id, other?.level]).toEqual([true, false, 'info']);
  });
});

describe('a batch that was given up', () => {
  test('is an error that says where it is kept', () => {
    expect(keptFailures(OBJECT, NOW)).toEqual([
      {
        v: 1,
        id: expect.stringMatching(/^failure\/\d+$/),
        type: 'log',
        time: '2026-11-21T12:00:01.000Z',
        level: 'error',
        source: 'sluice',
        message:
          'A batch could not be processed to the end; it was kept as s3://failures/aws/lambda/mapping/shardId-000000000000/2026-11-21T12:00 x.json',
      },
    ]);
  });

  test("is not what S3's test message tells", () => {
    expect(keptFailures({ Service: 'Amazon S3', Event: 's3:TestEvent', Bucket: 'failures' }, NOW)).toEqual([]);
  });
});

test('whatever comes, nothing is thrown, and what is made is an event that the stream takes', () => {
  const damaged = fc.oneof(
    fc.jsonValue(),
    fc
      .tuple(fc.constantFrom<object>(ALARM, OBJECT), fc.dictionary(fc.string(), fc.jsonValue()))
      .map(([a, b]) => ({ ...a, ...b })),
    fc.record({ AlarmName: fc.string({ unit: 'binary' }), NewStateValue: fc.constant('ALARM'), AlarmArn: fc.string() }),
    fc
      .record({ s3: fc.jsonValue(), eventTime: fc.jsonValue(), eventSource: fc.constant('aws:s3') })
      .map((record) => ({ Records: [record] })),
  );
  fc.assert(
    fc.property(damaged, (message) => {
      const events = [alarmChange(message, NOW) ?? [], keptFailures(message, NOW) ?? []].flat();
      for (const event of events) expect(logEvent.safeParse(event).error).toBeUndefined();
    }),
  );
});
