import { randomFillSync } from 'node:crypto';
import { promisify } from 'node:util';
import zlib from 'node:zlib';
import { kinesisStream } from '../shared/aws/kinesis-stream.ts';
import { Fault } from '../shared/stream/fault.ts';
import type { Clock } from '../shared/stream/ports.ts';
import { flushOnExit as flushProcessOnExit } from './exit-flush.ts';
import type { LoggerOptions, Packing } from './logger-api.ts';
import type { LoggerPorts } from './logger-core.ts';
import type { Compress } from './record-packer.ts';
import type { Settings } from './settings.ts';
import { pooledRandom } from './stamps.ts';

/** Pauses end, but hold up nothing: a process whose work is done may end before. */
const unheldClock: Clock = {
  now: Date.now,
  random: Math.random,
  sleep: (milliseconds) =>
    new Promise((resolve) => {
      setTimeout(resolve, milliseconds).unref();
    }),
};

/** zstd came to Node with 22.15 and 23.8: before, the functions are missing. */
const { zstdCompress, constants } = zlib as Partial<Pick<typeof zlib, 'zstdCompress'>> & typeof zlib;

export function canPack(packing: Packing): boolean {
  return packing !== 'zstd' || zstdCompress !== undefined;
}

/** Off the thread of the application. Level 1 costs half of level 3 and gives as small records of log lines. */
function compressorOf(packing: Packing): Compress {
  if (packing === 'zstd' && zstdCompress !== undefined) {
    const options = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };
    return (data) => promisify<Uint8Array, typeof options, Buffer>(zstdCompress)(data, options);
  }
  return (data) => promisify<Uint8Array, zlib.ZlibOptions, Buffer>(zlib.gzip)(data, { level: 4 });
}

/** Resolves with the work or when its time is over, and keeps the process alive until then. */
async function limit(work: Promise<void>, milliseconds: number): Promise<'done' | 'timeout'> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<'timeout'>((resolve) => {
    timer = setTimeout(() => resolve('timeout'), milliseconds);
  });
  try {
    return await Promise.race([work.then(() => 'done' as const), timeout]);
  } finally {
    clearTimeout(timer);
  }
}

function echoOf(echo: LoggerOptions['echo']): LoggerPorts['echo'] {
  if (typeof echo === 'function') return echo;
  if (echo !== 'stdout' && echo !== 'stderr') return undefined;
  return (line) => void process[echo].write(`${line}\n`);
}

const noStream = async () => {
  throw new Fault('invalid', 'no stream is named');
};

/** What a process gives a logger: its clock, chance, compression, and the calls to Kinesis. */
export function systemPorts(
  options: LoggerOptions<string>,
  { streamName, packing, flushOnExit }: Settings,
): LoggerPorts {
  const { send, echo, onIssue } = options;
  return {
    send: typeof send === 'function' ? send : streamName === undefined ? noStream : kinesisStream(streamName),
    clock: unheldClock,
    random: pooledRandom(randomFillSync),
    compress: compressorOf(packing),
    limit,
    echo: echoOf(echo),
    ...(flushOnExit ? { hold: flushProcessOnExit } : {}),
    ...(typeof onIssue === 'function' ? { onIssue } : {}),
  };
}
