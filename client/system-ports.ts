import { randomBytes } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
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
const { zstdCompressSync, constants } = zlib as Partial<Pick<typeof zlib, 'zstdCompressSync'>> & typeof zlib;

export function canPack(packing: Packing): boolean {
  return packing !== 'zstd' || zstdCompressSync !== undefined;
}

/** Larger than a payload unit, so that all comes in one piece. */
const CHUNK_BYTES = 32 * 1024;
/** A block holds less than that, and so needs no larger window. */
const WINDOW_LOG = 18;

/**
 * A record in a turn of the event loop of its own. zstd runs on this thread: to set its context up, which Node does here in
 * any case, takes 0.2 ms, and all the rest 0.04 ms more. Level 1 makes records of log lines as small as level 3.
 */
function compressorOf(packing: Packing): Compress {
  if (packing === 'zstd' && zstdCompressSync !== undefined) {
    const params = { [constants.ZSTD_c_compressionLevel]: 1, [constants.ZSTD_c_windowLog]: WINDOW_LOG };
    return async (data) => {
      await setImmediate();
      return zstdCompressSync(data, { params, chunkSize: CHUNK_BYTES, pledgedSrcSize: data.length });
    };
  }
  const gzip = promisify<Uint8Array, zlib.ZlibOptions, Buffer>(zlib.gzip);
  return (data) => gzip(data, { level: 4, chunkSize: CHUNK_BYTES });
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
    random: randomBytes,
    compress: compressorOf(packing),
    limit,
    echo: echoOf(echo),
    ...(flushOnExit ? { hold: flushProcessOnExit } : {}),
    ...(typeof onIssue === 'function' ? { onIssue } : {}),
  };
}
