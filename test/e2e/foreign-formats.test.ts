import { beforeAll, expect, test } from 'vitest';
import { readIncidents, readLedger } from '../../cli/demo/observe.ts';
import { kinesisStream } from '../../shared/aws/kinesis-stream.ts';
import { javaSamples } from '../formats/java-samples.ts';
import { npmSamples, otlpSample } from '../formats/npm-samples.ts';
import { pythonSamples } from '../formats/python-samples.ts';
import { recordedSamples } from '../formats/recorded-samples.ts';
import { webServerSamples } from '../formats/web-servers.ts';
import { deployedOutputs } from '../support/deployed-outputs.ts';
import { settledLedger } from '../support/settled-ledger.ts';

const MINUTES = 60_000;

let outputs: Record<string, string>;

beforeAll(async () => {
  outputs = await deployedOutputs();
}, 4 * MINUTES);

/** What the consumers have counted so far. */
async function counts() {
  const { 'project-incidents': projected, 'archive-events': archived } = await readLedger(outputs);
  return {
    received: projected.received,
    archived: archived.received,
    quarantined: projected.quarantined + archived.quarantined,
  };
}

const failures = (message: string) => async () => {
  const incidents = await readIncidents(outputs);
  return incidents.filter(({ template, source }) => template === message && source === 'shop').length;
};

test('what loggers wrote is put as it is, and each call of theirs is one event', { timeout: 4 * MINUTES }, async () => {
  const [npm, python, otlp, java, web] = await Promise.all([
    npmSamples(),
    pythonSamples(),
    otlpSample(),
    javaSamples(),
    webServerSamples(),
  ]);
  const samples = [
    ...npm,
    ...python.samples,
    ...(web ?? recordedSamples()),
    ...(java === undefined ? [] : [java.sample]),
  ];
  const lines = samples.flatMap(({ records }) => records);
  // The calls of a logger once more, all in one record, as agents send them.
  const joined = samples.map(({ records }) => records.map((record) => `${String(record).trimEnd()}\n`).join(''));
  const records = [...lines, ...joined, otlp.body, ...python.aggregates].map((data) => Buffer.from(data));
  const expected = 2 * lines.length + otlp.events.length + 300;
  await settledLedger(outputs);
  const before = await counts();
  const entries = records.map((data, index) => ({ data, partitionKey: `format-${index % 4}` }));
  expect(await kinesisStream(outputs.StreamName ?? '')(entries)).toEqual([]);
  await expect.poll(counts, { timeout: MINUTES, interval: 500 }).toEqual({
    received: before.received + expected,
    archived: before.archived + expected,
    quarantined: before.quarantined,
  });
  expect(await failures('payment failed')()).toBeGreaterThan(0);
});
