import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { PAYLOAD_UNIT_BYTES, packLines } from '../shared/stream/pack.ts';
import type { Block } from './line-buffer.ts';
import type { PackedRecord } from './record-packer.ts';
import type { Settings } from './settings.ts';

export interface LeftOver {
  records: readonly PackedRecord[];
  blocks: readonly Block[];
}

export interface LeftOverOutcome {
  /** Events that could not be sent. */
  lost: number;
  reason: string;
}

const TIMEOUT = 5_000;
const UNNAMED = 'no stream is named, as streamName or in SLUICE_STREAM';
const TOO_LATE = 'the process ended before they could be sent';
const NEWLINE = 0x0a;
const KINESIS = '@aws-sdk/client-kinesis';

/**
 * What the other process runs. It reads `{sdk, stream, partitionKey, records}` and prints the places of the records that
 * were put. Environment and credentials are those of the process that ends.
 */
const PROGRAM = `
let input = '';
process.stdin.setEncoding('utf8').on('data', (text) => { input += text; }).on('end', async () => {
  const { sdk, stream, partitionKey, records } = JSON.parse(input);
  const { KinesisClient, PutRecordsCommand } = require(sdk);
  const client = new KinesisClient({ maxAttempts: 2 });
  const put = [];
  for (let at = 0; at < records.length; at += 100) {
    const chunk = records.slice(at, at + 100);
    const Records = chunk.map((data) => ({ Data: Buffer.from(data, 'base64'), PartitionKey: partitionKey }));
    const answer = await client.send(new PutRecordsCommand({ StreamName: stream, Records }));
    answer.Records.forEach(({ ErrorCode }, index) => { if (!ErrorCode) put.push(at + index); });
    process.stdout.write(JSON.stringify(put) + '\\n');
  }
  process.exit(0);
});`;

/** Sends what is left from another process, and waits for it: in the event `exit` a process can wait for nothing else. */
export function sendAtExit(left: LeftOver, settings: Settings): LeftOverOutcome {
  const records = [...left.records, ...left.blocks.flatMap((block) => recordsOf(block, settings))];
  const all = records.reduce((sum, { events }) => sum + events, 0);
  const sdk = settings.streamName === undefined ? undefined : findKinesis();
  if (sdk === undefined) return { lost: all, reason: settings.isUnnamed ? UNNAMED : TOO_LATE };
  const input = JSON.stringify({
    sdk,
    stream: settings.streamName,
    partitionKey: settings.partitionKey ?? 'exit',
    records: records.map(({ data }) => Buffer.from(data).toString('base64')),
  });
  const { stdout, stderr } = spawnSync(process.execPath, ['-e', PROGRAM], {
    input,
    timeout: TIMEOUT,
    encoding: 'utf8',
  });
  const put = placesIn(stdout);
  const lost = all - put.reduce((sum, place) => sum + (records[place]?.events ?? 0), 0);
  return { lost, reason: lastLine(stderr) };
}

/** Plain lines: there is no time to compress, and an unfilled record costs no more. */
function recordsOf({ data, ends }: Block, { packing }: Settings): PackedRecord[] {
  const lines = ends.map((end, index) => data.subarray(ends[index - 1] ?? 0, end - 1));
  if (packing === 'json') return lines.map((line) => ({ data: line, events: 1 }));
  return packLines(lines, PAYLOAD_UNIT_BYTES).map((record) => ({ data: record, events: newlinesIn(record) }));
}

function newlinesIn(data: Uint8Array): number {
  return data.reduce((count, byte) => (byte === NEWLINE ? count + 1 : count), 0);
}

/** Where the application's own Kinesis client is, seen from its program. */
function findKinesis(): string | undefined {
  for (const from of [process.argv[1], join(process.cwd(), 'any.js')]) {
    if (from === undefined) continue;
    const found = resolveFrom(from, KINESIS) ?? resolveFrom(resolveFrom(from, 'sluice/client') ?? '', KINESIS);
    if (found !== undefined) return found;
  }
  return undefined;
}

function resolveFrom(file: string, name: string): string | undefined {
  try {
    return createRequire(file).resolve(name);
  } catch {
    return undefined;
  }
}

function placesIn(output: string | null): number[] {
  const last = output?.trimEnd().split('\n').at(-1) ?? '';
  try {
    return JSON.parse(last) as number[];
  } catch {
    return [];
  }
}

function lastLine(output: string | null): string {
  const line = output?.split('\n').find((text) => /^\w*(?:Error|Exception)\b/.test(text));
  return line ?? 'the stream did not answer in time';
}
