import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { DroppedObject } from '../../shared/stream/drop-bucket.ts';
import { Fault } from '../../shared/stream/fault.ts';
import { manualClock } from '../../test/support/manual-clock.ts';
import { ingestMessages } from './ingest-messages.ts';
import type { IngestedObject } from './ingest-object.ts';
import { droppedObjects } from './notification.ts';

const record = (object: object, part: object = {}) => ({
  eventSource: 'aws:s3',
  eventName: 'ObjectCreated:Put',
  s3: { bucket: { name: 'drops' }, object: { size: 10, versionId: 'v1', ...object } },
  ...part,
});
const notification = (...records: object[]) => JSON.stringify({ Records: records });

describe('a notification', () => {
  test('names versions of objects, their keys as they were written', () => {
    const text = notification(record({ key: 'web-1/a+b%2Bc%C3%A9.json' }), record({ key: 'd', versionId: 'v2' }));
    expect(droppedObjects(text, 'drops')).toEqual([
      { bucket: 'drops', key: 'web-1/a b+cé.json', versionId: 'v1' },
      { bucket: 'drops', key: 'd', versionId: 'v2' },
    ]);
  });

  test('of a test, or of a deletion, names none', () => {
    expect(droppedObjects('{"Service":"Amazon S3","Event":"s3:TestEvent","Bucket":"drops"}', 'drops')).toEqual([]);
    const deleted = record({ key: 'a' }, { eventName: 'ObjectRemoved:DeleteMarkerCreated' });
    expect(droppedObjects(notification(deleted), 'drops')).toEqual([]);
  });

  test.each([
    ['no JSON', 'x'],
    ['no object', '[1]'],
    ['no records', '{}'],
    [
      'another bucket',
      notification(record({ key: 'a' }, { s3: { bucket: { name: 'x' }, object: { key: 'a', versionId: 'v' } } })),
    ],
    ['no version', notification(record({ key: 'a', versionId: undefined }))],
    ['a key that leads elsewhere', notification(record({ key: 'web-1/../../archive/secret' }))],
    ['a key that nobody encoded', notification(record({ key: '%' }))],
  ])('of %s is a fault', (_, text) => {
    expect(() => droppedObjects(text, 'drops')).toThrow(Fault);
  });

  test('property: of any JSON is read or is a fault', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.json(),
          fc.jsonValue().map((value) => notification(record({ key: value }))),
        ),
        (text) => {
          try {
            for (const { key } of droppedObjects(text, 'drops')) expect(typeof key).toBe('string');
          } catch (error) {
            expect(error).toBeInstanceOf(Fault);
          }
        },
      ),
    );
  });
});

const message = (messageId: string, key = messageId) => ({ messageId, body: notification(record({ key })) });
const TAKEN: IngestedObject = { status: 'taken', events: 1, quarantined: 0 };

/** Takes in messages; `ingest` says what becomes of an object. */
async function run(messages: { messageId: string; body: string }[], ingest: (object: DroppedObject) => IngestedObject) {
  const clock = manualClock();
  const done: string[] = [];
  const faults: string[] = [];
  const failed = await ingestMessages(messages, {
    bucket: 'drops',
    clock,
    deadline: clock.now() + 2_500,
    ingest: async (object) => {
      clock.advance(1_000);
      const ingested = ingest(object);
      done.push(object.key);
      return ingested;
    },
    report: ({ fault }) => fault && faults.push(fault),
  });
  return { failed, done, faults };
}

describe('messages', () => {
  test('are done one after the other; folders of the console are no files', async () => {
    expect(await run([message('a'), message('folder/'), message('b')], () => TAKEN)).toEqual({
      failed: [],
      done: ['a', 'b'],
      faults: [],
    });
  });

  test('that are not begun in time come again', async () => {
    const { failed, done } = await run(
      ['a', 'b', 'c', 'd'].map((id) => message(id)),
      () => TAKEN,
    );
    expect([done, failed]).toEqual([['a', 'b', 'c'], ['d']]);
  });

  test('of which one fails, or is no notification, hold up no other', async () => {
    const ingest = ({ key }: DroppedObject) => {
      if (key === 'a') throw new Fault('unavailable', 'the stream is busy');
      return key === 'c' ? ({ ...TAKEN, status: 'unfinished' } as const) : TAKEN;
    };
    const { failed, done, faults } = await run([message('a'), { messageId: 'x', body: '?' }, message('b')], ingest);
    expect([failed, done]).toEqual([['a', 'x'], ['b']]);
    expect(faults).toEqual([
      'unavailable: the stream is busy',
      expect.stringContaining('invalid: expected a notification'),
    ]);
    expect((await run([message('c')], ingest)).failed).toEqual(['c']);
  });
});
