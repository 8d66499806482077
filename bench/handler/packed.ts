import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import type { KinesisStreamEvent } from 'aws-lambda';
import { PAYLOAD_UNIT_BYTES, packLines } from '../../shared/stream/pack.ts';
import { type Contender, interleave } from '../harness/interleave.ts';
import { atLeast, type Budget, type ResultTable } from '../harness/result.ts';
import { eventTexts, SMALL_BYTES } from '../input/events.ts';
import { invocations } from '../input/invocations.ts';
import { addSettled, nothingSettled } from '../peers/settle.ts';
import { LIMIT, OURS, parsed, settleBatch, timeTable } from './sluice-batch.ts';

const EVENTS = 9_000;
/** Records in one invocation: with 25 KB each, half of what an invocation may carry. */
const RECORDS = 50;
/** Of zstd as much goes in as comes out as one payload unit. */
const ZSTD_BYTES = 3 * PAYLOAD_UNIT_BYTES;

const FLOOR = 'body + base64 + split + JSON.parse';

/** Records that carry many events each, from the text of the invocation on: the run time parses it too. */
export async function measurePacked(
  realLines: readonly string[],
): Promise<{ tables: ResultTable[]; budgets: Budget[] }> {
  const texts = eventTexts({ count: EVENTS, bytes: SMALL_BYTES, realLines });
  const lines = texts.map((text) => Buffer.from(text));
  const plain = packLines(lines, PAYLOAD_UNIT_BYTES);
  const zstd = packLines(lines, ZSTD_BYTES).map((block) => zstdCompressSync(block));
  const ndjson = await interleave(contenders(texts, plain, (data) => data));
  const compressed = await interleave(contenders(texts, zstd, (data) => zstdDecompressSync(data)));
  return {
    tables: [
      timeTable(`${SMALL_BYTES} bytes, packed as NDJSON to 25 KB, from the invocation's text`, ndjson, LIMIT),
      timeTable(`${SMALL_BYTES} bytes, packed with zstd to 25 KB, from the invocation's text`, compressed, LIMIT),
    ],
    budgets: [
      atLeast('packed NDJSON, whole invocation: speed of JSON.parse', ndjson.ratio(LIMIT, OURS), 0.42),
      atLeast('packed zstd, whole invocation: speed of JSON.parse', compressed.ratio(LIMIT, OURS), 0.34),
    ],
  };
}

function contenders(
  texts: readonly string[],
  records: readonly Uint8Array[],
  unpack: (data: Buffer) => Buffer,
): Contender[] {
  const bodies = invocations(records, RECORDS).map((event) => JSON.stringify(event));
  const events = texts.length;
  const parseAll = () => {
    for (let start = 0; start < events; start += 100) texts.slice(start, start + 100).map(parsed);
  };
  const floor = () => {
    for (const body of bodies) {
      for (const { kinesis } of (JSON.parse(body) as KinesisStreamEvent).Records) {
        unpack(Buffer.from(kinesis.data, 'base64')).toString().trimEnd().split('\n').map(parsed);
      }
    }
  };
  const run = () => void settle();
  const settle = () => {
    const sum = nothingSettled();
    for (const body of bodies) addSettled(sum, settleBatch(JSON.parse(body)));
    return sum;
  };
  const total = (sum: ReturnType<typeof nothingSettled>) => Object.values(sum.byLevel).reduce((a, b) => a + b, 0);
  return [
    { name: LIMIT, events, run: parseAll, outcome: () => texts.length },
    { name: FLOOR, events, run: floor },
    { name: OURS, events, run, outcome: () => total(settle()) },
  ];
}
