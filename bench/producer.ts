import { createLogger } from '../client/index.ts';
import type { Logger } from '../client/logger-api.ts';
import { PAYLOAD_UNIT_BYTES } from '../shared/stream/pack.ts';
import { timeTable } from './handler/sluice-batch.ts';
import { type Contender, interleave } from './harness/interleave.ts';
import { versionOf } from './harness/machine.ts';
import { figure } from './harness/render.ts';
import { atLeast, atMost, type Benchmark, type BenchmarkOptions, type ResultTable } from './harness/result.ts';
import { SMALL_BYTES } from './input/events.ts';
import { NO_REAL_LOGS, readRealLogs, realLogNote } from './input/real-logs.ts';
import { plainPuts } from './peers/plain-puts.ts';
import { pinoLogger, powertoolsLogger, winstonLogger } from './peers/text-loggers.ts';
import { type Call, callsOf, withHostileCalls } from './producer/calls.ts';
import { type RunningStream, startStream } from './producer/start-stream.ts';
import { measureStreamDown, type StreamDownResult } from './producer/stream-down.ts';

const OURS = 'Sluice client, packed with zstd';
const SINGLE = 'Sluice client, one JSON event a record';
const EACH = 'PutRecord';
const MANY = 'PutRecords × 500';
const ORDINARY = 'ordinary calls';
const HOSTILE = '2 % hostile: circles, 300 KB, getters that throw';
const COUNT = 20_000;
/** PutRecord takes a hundred times as long. */
const FEW = 200;

function logAll(log: Logger, calls: readonly Call[]): Promise<unknown> {
  for (const { level, message, fields } of calls) log[level]('bench', message, undefined, fields);
  return log.flush();
}

function contendersOf(calls: readonly Call[], stream: RunningStream): Contender[] {
  const few = calls.slice(0, FEW);
  const puts = plainPuts(stream.endpoint);
  const options = { source: 'shop', streamName: 'bench', flushOnExit: false } as const;
  const packed = createLogger(options);
  const single = createLogger({ ...options, packing: 'json' });
  const received = (work: () => Promise<unknown>) => async () => {
    await stream.received();
    await work();
    return stream.received();
  };
  const onStream = (name: string, work: () => Promise<unknown>): Contender => ({
    name,
    events: calls.length,
    run: async () => void (await work()),
    outcome: received(work),
  });
  const asText = (name: string, work: (calls: readonly Call[]) => Promise<void>): Contender => ({
    name,
    events: calls.length,
    run: () => work(calls),
  });
  return [
    { name: EACH, events: few.length, run: () => puts.putEach(few) },
    onStream(MANY, () => puts.putMany(calls)),
    onStream(OURS, () => logAll(packed, calls)),
    onStream(SINGLE, () => logAll(single, calls)),
    asText('pino, to /dev/null', pinoLogger()),
    asText('winston, to /dev/null', winstonLogger()),
    asText('Powertools logger, to /dev/null', powertoolsLogger()),
  ];
}

/** 2 % hostile calls: what they cost, with the ordinary ones in the same rounds. Nothing is sent. */
async function measureHostile(calls: readonly Call[]): Promise<ResultTable> {
  const contender = (name: string, own: readonly Call[]): Contender => {
    const log = createLogger({ source: 'shop', send: async () => [], flushOnExit: false });
    return { name, events: own.length, run: async () => void (await logAll(log, own)) };
  };
  const timings = await interleave([contender(ORDINARY, calls), contender(HOSTILE, withHostileCalls(calls))]);
  return timeTable('2 % hostile calls, from the call to the packed record', timings, ORDINARY);
}

/** Small events that the client packs into one payload unit, over all records of a steady application. */
async function eventsAUnit(calls: readonly Call[]): Promise<number> {
  let units = 0;
  const send = async (entries: readonly { data: Uint8Array }[]) => {
    for (const { data } of entries) units += Math.ceil(data.byteLength / PAYLOAD_UNIT_BYTES);
    return [];
  };
  const log = createLogger({ source: 'shop', send, flushOnExit: false });
  await logAll(log, calls);
  return calls.length / units;
}

async function run({ directory, onProgress }: BenchmarkOptions) {
  const { lines, sets } = readRealLogs(directory);
  const calls = callsOf(COUNT, lines);
  // First, while nothing else is in memory.
  onProgress('stream down for ten minutes');
  const down = await measureStreamDown(calls);
  const stream = await startStream();
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: stream.endpoint,
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'bench',
    AWS_SECRET_ACCESS_KEY: 'bench',
  });
  onProgress('processor time');
  const timings = await interleave(contendersOf(calls, stream));
  stream.stop();
  onProgress('hostile calls');
  const hostile = await measureHostile(calls);
  onProgress('events a payload unit');
  const perUnit = await eventsAUnit(calls);
  return {
    name: 'producer',
    title: 'Producer',
    notes: [NOTE, realLogNote(sets)],
    tables: [
      timeTable(`${SMALL_BYTES} bytes an event, from the call to the answer of the stream`, timings, MANY),
      downTable(down),
      hostile,
    ],
    budgets: [
      atMost(`processor time an event, of ${MANY}`, 1 / timings.ratio(MANY, OURS), 0.5, '×'),
      atLeast('events a payload unit', perUnit, 300, 'events'),
      atMost('memory with the stream down for 10 minutes', down.peak, 48, 'MB'),
      atMost('critical events dropped meanwhile', down.criticalDropped, 0, 'events'),
    ],
    missing: lines.length === 0 ? [NO_REAL_LOGS] : [],
  };
}

function downTable({ waiting, dropped, samples, peak }: StreamDownResult): ResultTable {
  const at = (second: number) => samples.find((sample) => sample.second === second)?.megabytes ?? 0;
  return {
    title: `Stream down for 10 minutes at 1,000 events a second: ${waiting} wait, ${dropped} were dropped and counted`,
    columns: ['', 'after 10 s', 'after 1 min', 'after 5 min', 'after 10 min', 'most'],
    rows: [['MB in use', ...[at(10), at(60), at(300), at(600), peak].map(figure)]],
  };
}

const NOTE = `Each makes the same ${COUNT} events (${EACH}: ${FEW}) and waits until the stream, a process of its own on this machine, has
answered; what came is compared before the rounds. Processor time is that of all threads, compression included. The three
loggers write text to /dev/null and send nothing. The ten minutes are virtual, the memory is measured after collecting
garbage. Versions: pino ${versionOf('pino')}, winston ${versionOf('winston')}, Powertools ${versionOf('@aws-lambda-powertools/logger')}.`;

export const producerBenchmark: Benchmark = { name: 'producer', title: 'Producer', run };
