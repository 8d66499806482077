import { zstdCompressSync } from 'node:zlib';
import type { LogEvent } from '../shared/events/event.ts';
import type { SendChunk } from '../shared/stream/ports.ts';
import type { StreamEntry } from '../shared/stream/put-records.ts';
import { unpackRecord } from '../shared/stream/unpack.ts';
import { createLoggerIn } from './logger.ts';
import type { Issue, Logger, LoggerOptions } from './logger-api.ts';

export type { LoggerOptions } from './logger-api.ts';

/** A logger with its clock and its stream in the hands of a test. */
export interface TestWorld<Custom extends string> {
  log: Logger<Custom>;
  /** Records that the stream took, in order. */
  records: Uint8Array[];
  /** Their events. */
  events: () => LogEvent[];
  /** Lines that were echoed. */
  echoed: string[];
  issues: Issue[];
  /** Moves the clock, and wakes whoever slept until then. */
  pass: (milliseconds: number) => Promise<void>;
  /** What the stream does with each call; default: it takes all. */
  stream: { send: SendChunk<StreamEntry> };
}

interface Sleeper {
  until: number;
  wake: () => void;
}

export const START = Date.UTC(2026, 10, 21, 12);

export function makeWorld<Custom extends string = never>(options: LoggerOptions<Custom>): TestWorld<Custom> {
  let now = START;
  let sleepers: Sleeper[] = [];
  let drawn = 0;
  const records: Uint8Array[] = [];
  const echoed: string[] = [];
  const issues: Issue[] = [];
  const stream: TestWorld<Custom>['stream'] = { send: async () => [] };
  const sleep = (milliseconds: number) =>
    new Promise<void>((wake) => {
      sleepers.push({ until: now + milliseconds, wake });
    });
  const send: SendChunk<StreamEntry> = async (entries) => {
    const failures = await stream.send(entries);
    const failed = new Set(failures.map(({ index }) => index));
    records.push(...entries.filter((_, index) => !failed.has(index)).map(({ data }) => data));
    return failures;
  };
  const log = createLoggerIn<Custom>(
    {
      env: { SLUICE_STREAM: 'sluice-test' },
      canPack: () => true,
      portsFor: ({ echo }) => ({
        send,
        clock: { now: () => now, random: () => 0.5, sleep },
        random: (size) => Uint8Array.from({ length: size }, () => (drawn = (drawn * 5 + 17) % 251)),
        compress: async (data) => zstdCompressSync(data),
        limit: (work, milliseconds) =>
          Promise.race([work.then(() => 'done' as const), sleep(milliseconds).then(() => 'timeout' as const)]),
        ...(echo === undefined ? {} : { echo: (line) => void echoed.push(line) }),
        onIssue: (issue) => void issues.push(issue),
      }),
    },
    options,
  );
  const pass = async (milliseconds: number) => {
    const end = now + milliseconds;
    for (;;) {
      await settle();
      const next = sleepers.sort((a, b) => a.until - b.until)[0];
      if (next === undefined || next.until > end) break;
      now = Math.max(now, next.until);
      sleepers = sleepers.filter((sleeper) => sleeper !== next);
      next.wake();
    }
    now = end;
  };
  return { log, records, echoed, issues, pass, stream, events: () => records.flatMap(eventsOf) };
}

/** Lets everything run that waits for nothing. */
function settle(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

export function eventsOf(record: Uint8Array): LogEvent[] {
  const unpacked = unpackRecord(record);
  if (!unpacked.ok) throw new Error(unpacked.reason);
  return unpacked.payloads.map((payload) => ('json' in payload ? payload.json : payload.text) as LogEvent);
}
