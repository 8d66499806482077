import { expect, test } from 'vitest';
import type { StreamEntry } from '../../shared/stream/put-records.ts';
import { manualClock } from '../../test/support/manual-clock.ts';
import { type IngestedNotifications, ingestNotifications } from './ingest-notifications.ts';

const ALARM = JSON.stringify({
  AlarmName: 'a',
  NewStateValue: 'ALARM',
  OldStateValue: 'OK',
  NewStateReason: 'too many',
  StateChangeTime: '2026-11-21T12:00:00.000+0000',
});
const KEPT = JSON.stringify({
  Records: [{ eventSource: 'aws:s3', s3: { bucket: { name: 'failures' }, object: { key: 'aws/lambda/x' } } }],
});
const BOUNCE = JSON.stringify({
  eventType: 'Bounce',
  bounce: { bouncedRecipients: [{ emailAddress: 'a@example.org' }] },
  mail: { messageId: 'm' },
});

function stream(refuses = false) {
  const put: { type: string; message: string }[] = [];
  const send = async (entries: readonly StreamEntry[]) => {
    if (refuses) return entries.map((_, index) => ({ index, reason: 'throttled' }));
    for (const { data } of entries) {
      const lines = new TextDecoder().decode(data).trimEnd().split('\n');
      put.push(...lines.map((line) => JSON.parse(line) as { type: string; message: string }));
    }
    return [];
  };
  return { put, ports: { send, clock: manualClock() } };
}

test('alarms, batches that were given up and emails that came back are put on the stream, and counted', async () => {
  const { put, ports } = stream();
  expect(await ingestNotifications([ALARM, KEPT, BOUNCE], ports)).toEqual({
    alarms: 1,
    failures: 1,
    emails: 1,
    unknown: 0,
  });
  expect(put.map(({ type, message }) => `${type} ${message}`)).toEqual([
    'alarm.changed Alarm a is ALARM: too many',
    'log A batch could not be processed to the end; it was kept as s3://failures/aws/lambda/x',
    'log An email to a@example.org came back: no reason given',
  ]);
});

test.each(['', 'no JSON', 'null', '{}', '{"Records":[]}'])(
  'a message that is none of these puts nothing: %j',
  async (message) => {
    const { put, ports } = stream();
    expect(await ingestNotifications([message], ports)).toEqual({ alarms: 0, failures: 0, emails: 0, unknown: 1 });
    expect(put).toEqual([]);
  },
);

test('a stream that does not take them is a fault, so that SNS calls again', async () => {
  const { ports } = stream(true);
  await expect(ingestNotifications([ALARM], ports)).rejects.toThrow('1 of 1 records could not be put: throttled');
});

test('batches that were given up and emails that came back are counted also when the stream does not take them', async () => {
  const { ports } = stream(true);
  const counted: IngestedNotifications[] = [];
  const count = (told: IngestedNotifications) => counted.push(told);
  await expect(ingestNotifications([KEPT, BOUNCE], { ...ports, count })).rejects.toThrow('could not be put');
  expect(counted).toEqual([{ alarms: 0, failures: 1, emails: 1, unknown: 0 }]);
});
