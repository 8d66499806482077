import { spawn } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { createLogger } from '../../client/index.ts';
import { cleanProducts, type Summary } from '../../examples/products-csv/products.ts';
import { PROJECT_FOLDER } from '../../local/local-folder.ts';
import { kinesisStream } from '../../shared/aws/kinesis-stream.ts';
import { systemClock } from '../../shared/runtime/system-clock.ts';
import type { SendChunk } from '../../shared/stream/ports.ts';
import { putRecords, type StreamEntry } from '../../shared/stream/put-records.ts';
import type { PutSummary } from '../put/put-lines.ts';

/** Every tenth event is put twice, with the same id, as a producer does that got no answer and tries again. */
const REPEAT_EVERY = 10;

export interface Sent {
  /** Repeats included. */
  events: number;
  repeated: number;
}

/** The products sample over its CSV, logging at all five levels. */
export async function processProducts(streamName: string, outputFile: string): Promise<Sent & { summary: Summary }> {
  const file = join(PROJECT_FOLDER, 'examples/products-csv/products.csv');
  const sent: Sent = { events: 0, repeated: 0 };
  // A record an event, so that every tenth of them can be sent twice.
  const log = createLogger({ source: 'products-csv', packing: 'json', send: repeatingSend(streamName, sent) });
  const { csv, summary } = cleanProducts(await readFile(file, 'utf8'), basename(file), log);
  await writeFile(outputFile, csv);
  const { logged, put, runIssues } = await log.close();
  if (put < logged) throw new Error(`${logged - put} events could not be put: ${runIssues[0]?.message}`);
  return { ...sent, summary };
}

/** Puts records, every tenth of them twice, and counts. */
function repeatingSend(streamName: string, sent: Sent): SendChunk<StreamEntry> {
  return async (entries) => {
    const first = sent.events - sent.repeated;
    const repeated = entries.filter((_, index) => (first + index + 1) % REPEAT_EVERY === 0);
    const all = [...entries, ...repeated];
    const { unsent } = await putRecords(all, { send: kinesisStream(streamName), clock: systemClock });
    const failures = unsent.filter(({ index }) => index < entries.length);
    sent.events += all.length - unsent.length;
    sent.repeated += repeated.length - (unsent.length - failures.length);
    return failures;
  };
}

/** Puts the lines of a log file as a person would: with the command line. */
export async function putFile(file: string, env: NodeJS.ProcessEnv): Promise<Sent> {
  const args = ['bin/sluice', 'put', '--file', file, '--repeat-every', String(REPEAT_EVERY), '--json'];
  const child = spawn(process.execPath, args, { cwd: PROJECT_FOLDER, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const [output, errors] = [collect(child.stdout), collect(child.stderr)];
  const code = await new Promise<number | null>((done, fail) => {
    child.on('error', fail);
    child.on('close', done);
  });
  if (code !== 0) throw new Error(`sluice put --file ${file} failed: ${(await errors).trim()}`);
  const { put, repeated } = JSON.parse(await output) as PutSummary;
  return { events: put + repeated, repeated };
}

async function collect(stream: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}
