import { randomBytes } from 'node:crypto';
import { zstdCompressSync } from 'node:zlib';
import { createLoggerIn } from '../../client/logger.ts';
import type { Counts } from '../../client/logger-api.ts';
import type { LogEvent } from '../../shared/events/event.ts';
import { LEVELS, type Level } from '../../shared/events/levels.ts';
import { Fault } from '../../shared/stream/fault.ts';
import type { SendChunk } from '../../shared/stream/ports.ts';
import type { StreamEntry } from '../../shared/stream/put-records.ts';
import { unpackRecord } from '../../shared/stream/unpack.ts';
import { START } from '../input/events.ts';
import type { Call } from './calls.ts';

const SECONDS = 600;
const EVENTS_A_SECOND = 1_000;
const SAMPLE_EVERY = 10;
const RECOVERY_SECONDS = 120;

export interface StreamDownResult {
  /** At the end of the ten minutes. */
  waiting: number;
  dropped: number;
  /** Megabytes above what was there before, after collecting garbage: the most of all samples, and second by second. */
  peak: number;
  samples: { second: number; megabytes: number }[];
  /** Must be none. */
  criticalDropped: number;
}

interface Sleeper {
  until: number;
  wake: () => void;
}

/**
 * Ten minutes of 1,000 events a second while no call to the stream succeeds: the time is virtual, the memory is not. The
 * limits are the client's defaults.
 */
export async function measureStreamDown(calls: readonly Call[]): Promise<StreamDownResult> {
  let now = START;
  let sleepers: Sleeper[] = [];
  let isDown = true;
  const arrived: LogEvent[] = [];
  const send: SendChunk<StreamEntry> = async (entries) => {
    if (isDown) throw new Fault('unavailable', 'the stream is down');
    for (const { data } of entries) arrived.push(...eventsOf(data));
    return [];
  };
  const log = createLoggerIn(
    {
      env: { SLUICE_STREAM: 'bench' },
      canPack: () => true,
      portsFor: () => ({
        send,
        clock: {
          now: () => now,
          random: () => 0.5,
          sleep: (milliseconds) => new Promise((wake) => sleepers.push({ until: now + milliseconds, wake })),
        },
        random: randomBytes,
        compress: async (data) => zstdCompressSync(data),
        limit: (work) => work.then(() => 'done' as const),
      }),
    },
    { source: 'shop', flushOnExit: false },
  );
  const logged = Object.fromEntries(LEVELS.map((level) => [level, 0])) as Record<Level, number>;
  const samples: StreamDownResult['samples'] = [];
  const pass = async () => {
    now += 1_000;
    const due = sleepers.filter(({ until }) => until <= now);
    sleepers = sleepers.filter(({ until }) => until > now);
    for (const { wake } of due) wake();
    await new Promise((resolve) => setImmediate(resolve));
  };
  const before = memory();
  for (let second = 1; second <= SECONDS; second++) {
    for (let index = 0; index < EVENTS_A_SECOND; index++) {
      const { level, message, fields } = calls[(second * EVENTS_A_SECOND + index) % calls.length] as Call;
      // A text of its own, as an application makes it: none of it is shared.
      log[level]('bench', `${message} ${second}.${index}`, undefined, fields);
      logged[level]++;
    }
    await pass();
    if (second % SAMPLE_EVERY === 0) samples.push({ second, megabytes: memory() - before });
  }
  const { waiting, dropped } = log.counts();
  isDown = false;
  for (let second = 0; second < RECOVERY_SECONDS; second++) await pass();
  const peak = Math.max(...samples.map(({ megabytes }) => megabytes));
  const criticalArrived = arrived.filter(({ level }) => level === 'critical').length;
  checkCounts(log.counts(), arrived);
  return { waiting, dropped, samples, peak, criticalDropped: logged.critical - criticalArrived };
}

/** What arrived and what was counted as dropped is what was logged: once for each id, and the stream was told. */
function checkCounts({ logged, dropped, waiting }: Counts, arrived: readonly LogEvent[]): void {
  const ids = new Set(arrived.map(({ id }) => id)).size;
  if (waiting > 0 || ids + dropped !== logged) throw new Error(`${logged} logged, ${ids} arrived, ${dropped} dropped`);
  const told = arrived.filter(({ locator }) => locator === 'sluice/client').map(({ attributes }) => attributes ?? {});
  const toldOf = told.flatMap((counts) => Object.values(counts)).reduce((sum, count) => sum + Number(count), 0);
  if (toldOf !== dropped) throw new Error(`${dropped} were dropped, the stream was told of ${toldOf}`);
}

function eventsOf(record: Uint8Array): LogEvent[] {
  const unpacked = unpackRecord(record);
  if (!unpacked.ok) throw new Error(unpacked.reason);
  return unpacked.payloads.map((payload) => ('json' in payload ? payload.json : {}) as LogEvent);
}

/** Megabytes that are in use, off the heap too. */
function memory(): number {
  global.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return (heapUsed + external) / 1_000_000;
}
