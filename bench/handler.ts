import type { KinesisStreamEvent } from 'aws-lambda';
import { measureConsumers } from './handler/consumers.ts';
import { measurePacked } from './handler/packed.ts';
import { LIMIT, OURS, parsed, SELECTING, selectBatch, settleBatch, timeTable } from './handler/sluice-batch.ts';
import { type Contender, interleave, type Timings } from './harness/interleave.ts';
import { versionOf } from './harness/machine.ts';
import { atLeast, type Benchmark, type BenchmarkOptions, type Budget, type ResultTable } from './harness/result.ts';
import { eventTexts, LARGE_BYTES, SMALL_BYTES } from './input/events.ts';
import { withHostile } from './input/hostile.ts';
import { invocations, withRepeats } from './input/invocations.ts';
import { NO_REAL_LOGS, readRealLogs, realLogNote } from './input/real-logs.ts';
import { copyOf, middyHandler } from './peers/middy-handler.ts';
import {
  powertoolsSyncWithZod,
  powertoolsWithIdempotency,
  powertoolsWithParser,
  powertoolsWithZod,
} from './peers/powertools-handlers.ts';
import { addSettled, nothingSettled, type Settled } from './peers/settle.ts';

const BATCH = 100;
const BATCHES = 100;
/** Slow peers work through fewer batches a round: the time is told for one event. */
const FEW_BATCHES = 10;

const DECODED = 'base64 + JSON.parse';
const MIDDY = 'middy + event-normalizer + validator';
const ZOD = 'Powertools batch + zod';
const SYNC = 'Powertools batch + zod, synchronous';
const IDEMPOTENCY = 'Powertools batch + zod + idempotency in memory';
const PARSER = 'Powertools batch with its parser';

type Handler = (event: KinesisStreamEvent) => Settled | Promise<Settled>;

async function settleAll(handler: Handler, batches: readonly KinesisStreamEvent[]): Promise<Settled> {
  const sum = nothingSettled();
  for (const batch of batches) addSettled(sum, await handler(copyOf(batch)));
  return sum;
}

function handlerContender(name: string, handler: Handler, all: readonly KinesisStreamEvent[], few = false): Contender {
  const batches = few ? all.slice(0, FEW_BATCHES) : all;
  let copies: KinesisStreamEvent[] = [];
  return {
    name,
    events: batches.length * BATCH,
    prepare: () => {
      copies = batches.map(copyOf);
    },
    run: async () => {
      for (const batch of copies) await handler(batch);
    },
    outcome: () => settleAll(handler, all.slice(0, FEW_BATCHES)),
  };
}

function limits(texts: readonly string[], batches: readonly KinesisStreamEvent[]): Contender[] {
  const parseAll = () => {
    for (let start = 0; start < texts.length; start += BATCH) texts.slice(start, start + BATCH).map(parsed);
  };
  const decodeAll = () => {
    for (const { Records } of batches)
      Records.map(({ kinesis }) => parsed(Buffer.from(kinesis.data, 'base64').toString()));
  };
  return [
    { name: LIMIT, events: texts.length, run: parseAll },
    { name: DECODED, events: texts.length, run: decodeAll },
  ];
}

async function measureSize(bytes: number, realLines: readonly string[]): Promise<Timings> {
  const texts = withRepeats(eventTexts({ count: BATCH * BATCHES, bytes, realLines }));
  const batches = invocations(texts, BATCH);
  return interleave([
    ...limits(texts, batches),
    handlerContender(OURS, settleBatch, batches),
    {
      name: SELECTING,
      events: texts.length,
      run: () => {
        for (const batch of batches) selectBatch(batch);
      },
    },
    handlerContender(MIDDY, middyHandler(), batches),
    handlerContender(ZOD, powertoolsWithZod(), batches),
    handlerContender(SYNC, powertoolsSyncWithZod(), batches),
    handlerContender(IDEMPOTENCY, powertoolsWithIdempotency(), batches, true),
    handlerContender(PARSER, powertoolsWithParser(), batches.slice(0, FEW_BATCHES), true),
  ]);
}

/** 2 % hostile records: what they cost, with the ordinary input of the same size in the same rounds. */
async function measureHostile(realLines: readonly string[]): Promise<ResultTable> {
  const texts = withRepeats(eventTexts({ count: BATCH * BATCHES, bytes: SMALL_BYTES, realLines }));
  const clean = invocations(texts, BATCH);
  const hostile = invocations(withHostile(texts), BATCH);
  const timings = await interleave([
    { ...handlerContender('ordinary records', settleBatch, clean), outcome: undefined },
    { ...handlerContender('2 % hostile', settleBatch, hostile), outcome: undefined },
  ]);
  const { poison } = await settleAll(settleBatch, hostile);
  return timeTable(
    `2 % hostile records of ${SMALL_BYTES} bytes: ${poison} refused, all others settled`,
    timings,
    'ordinary records',
  );
}

async function run({ directory, onProgress }: BenchmarkOptions) {
  const { lines, sets } = readRealLogs(directory);
  onProgress('small events');
  const small = await measureSize(SMALL_BYTES, lines);
  onProgress('large events');
  const large = await measureSize(LARGE_BYTES, lines);
  onProgress('packed records');
  const packed = await measurePacked(lines);
  onProgress('whole consumers');
  const consumers = await measureConsumers(lines);
  onProgress('hostile records');
  const hostile = await measureHostile(lines);
  const budgets: Budget[] = [
    atLeast(`speed of JSON.parse, ${SMALL_BYTES} bytes`, small.ratio(LIMIT, OURS), 0.6),
    atLeast(`speed of JSON.parse, ${LARGE_BYTES} bytes`, large.ratio(LIMIT, OURS), 0.68),
    atLeast(`faster than ${ZOD}`, small.ratio(ZOD, OURS), 2.8),
    atLeast(`faster than ${IDEMPOTENCY}`, small.ratio(IDEMPOTENCY, OURS), 15),
    ...packed.budgets,
  ];
  return {
    name: 'handler',
    title: 'Handler',
    notes: [NOTE, realLogNote(sets)],
    tables: [
      timeTable(`${BATCH} records of ${SMALL_BYTES} bytes`, small, LIMIT),
      timeTable(`${BATCH} records of ${LARGE_BYTES} bytes`, large, LIMIT),
      ...packed.tables,
      ...consumers,
      hostile,
    ],
    budgets,
    missing: lines.length === 0 ? [NO_REAL_LOGS] : [],
  };
}

const NOTE = `Invocations of ${BATCH} records, as a Kinesis mapping hands them over (base64). Everyone decodes, checks every
event against the schema, drops repeats by id and routes by level; the outcomes are compared before the rounds. Sluice
isolates a poison record, and so does Powertools; middy's validator gives back the whole batch. Versions: middy
${versionOf('@middy/core')}, event-normalizer ${versionOf('@middy/event-normalizer')}, validator ${versionOf('@middy/validator')}, Powertools batch ${versionOf('@aws-lambda-powertools/batch')}, idempotency
${versionOf('@aws-lambda-powertools/idempotency')}, zod ${versionOf('zod')}.`;

export const handlerBenchmark: Benchmark = { name: 'handler', title: 'Handler', run };
