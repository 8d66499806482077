import { expect, test } from 'vitest';
import { logEvent } from '../../shared/events/event.ts';
import type { SendChunk } from '../../shared/stream/ports.ts';
import type { StreamEntry } from '../../shared/stream/put-records.ts';
import { type PutLinesOptions, putLines } from './put-lines.ts';
import { readLines } from './read-lines.ts';

const NOW = Date.parse('2026-11-21T08:00:00.000Z');

interface Sent {
  id: string;
  source: string;
  message: string;
  details?: unknown;
  attributes?: Record<string, string>;
}

/** A stream that takes what `refuses` lets through; answers what it took, record by record. */
function fakeStream(refuses: (entry: StreamEntry) => boolean = () => false) {
  const records: { key: string; events: Sent[] }[] = [];
  const send: SendChunk<StreamEntry> = async (entries) =>
    entries.flatMap((entry, index) => {
      if (refuses(entry)) return [{ index, reason: 'InternalFailure: no' }];
      const lines = Buffer.from(entry.data).toString('utf8').trimEnd().split('\n');
      records.push({ key: entry.partitionKey, events: lines.map((line) => logEvent.parse(JSON.parse(line)) as Sent) });
      return [];
    });
  return { send, records, events: () => records.flatMap((record) => record.events) };
}

async function put(
  input: string | Buffer,
  stream: ReturnType<typeof fakeStream>,
  options: Partial<PutLinesOptions> = {},
) {
  let ids = 0;
  async function* source() {
    yield Buffer.from(input as string);
  }
  return putLines(readLines(source()), {
    newId: () => `id-${++ids}`,
    now: () => NOW,
    source: 'app',
    send: stream.send,
    clock: { now: () => NOW, sleep: async () => {}, random: () => 0 },
    onProgress: () => {},
    ...options,
  });
}

test('every line becomes one event, in order, in records of the source; blank lines are counted', async () => {
  const stream = fakeStream();
  const summary = await put('one\n\n  \ntwo\r\nthree', stream);
  expect(summary).toEqual({ read: 5, put: 3, repeated: 0, skipped: 2, failed: 0, reasons: [] });
  expect(stream.records.map(({ key, events }) => [key, events.map(({ message }) => message)])).toEqual([
    ['app', ['one', 'two', 'three']],
  ]);
  expect(new Set(stream.events().map(({ id }) => id)).size).toBe(3);
});

test('a line of JSON is read as its logger meant it and keeps the id of a canonical event', async () => {
  const stream = fakeStream();
  const event = {
    v: 1,
    id: 'own',
    type: 'log',
    time: '2026-11-21T07:59:59.000Z',
    level: 'error',
    source: 'shop',
    message: 'm',
  };
  await put(`${JSON.stringify(event)}\n{"level":50,"msg":"boom","name":"api"}\n{"half": \n`, stream);
  expect(stream.records.map(({ key }) => key)).toEqual(['shop', 'api', 'app']);
  expect(stream.events()).toMatchObject([event, { level: 'error', message: 'boom' }, { message: '{"half": ' }]);
});

test('a line that is not UTF-8 keeps its bytes', async () => {
  const stream = fakeStream();
  await put(Buffer.concat([Buffer.from('caf'), Buffer.from([0xe9]), Buffer.from(' closed\n')]), stream);
  expect(stream.events()).toMatchObject([
    {
      message: 'caf\ufffd closed',
      details: { 'sluice.bytes': Buffer.from('caf\u00e9 closed', 'latin1').toString('base64') },
    },
  ]);
});

test('every n-th event goes out twice with the same id, the second time in another record', async () => {
  const stream = fakeStream();
  const input = Array.from({ length: 4_500 }, (_, index) => `line ${index + 1}\n`).join('');
  const summary = await put(input, stream, { repeatEvery: 10 });
  expect(summary).toMatchObject({ read: 4_500, put: 4_500, repeated: 450, failed: 0 });
  const seen = new Map<string, number[]>();
  for (const [index, record] of stream.records.entries()) {
    for (const { message } of record.events) seen.set(message, [...(seen.get(message) ?? []), index]);
  }
  const twice = [...seen].filter(([, records]) => records.length === 2);
  expect(twice.map(([message]) => Number(message.slice(5)))).toEqual(
    Array.from({ length: 450 }, (_, index) => (index + 1) * 10),
  );
  expect(twice.filter(([, [first, second]]) => first === second)).toEqual([]);
  expect(new Set(stream.events().map(({ id }) => id)).size).toBe(4_500);
});

test('what the stream refuses to the end is counted with its reason, the rest goes on', async () => {
  const stream = fakeStream((entry) => entry.partitionKey === 'bad');
  const bad = '{"level":"info","message":"x","source":"bad"}\n';
  const summary = await put(`a\n${bad}b\n${bad}`, stream);
  expect(summary).toEqual({ read: 4, put: 2, repeated: 0, skipped: 0, failed: 2, reasons: ['InternalFailure: no'] });
});

test('stops reading when nothing of a batch can be sent', async () => {
  const input = Array.from({ length: 10_000 }, () => 'line\n').join('');
  const summary = await put(
    input,
    fakeStream(() => true),
  );
  expect(summary).toMatchObject({ read: 2_000, put: 0, failed: 2_000, reasons: ['InternalFailure: no'] });
});
