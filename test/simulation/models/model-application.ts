import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { createLoggerIn } from '../../../client/logger.ts';
import type { Logger } from '../../../client/logger-api.ts';
import type { LogEvent } from '../../../shared/events/event.ts';
import type { Level } from '../../../shared/events/levels.ts';
import { Fault } from '../../../shared/stream/fault.ts';
import type { SendChunk } from '../../../shared/stream/ports.ts';
import type { StreamEntry } from '../../../shared/stream/put-records.ts';
import { type Chaos, isIn, type Span } from '../chaos.ts';
import { partOf } from '../input/parcel.ts';
import type { Random } from '../random.ts';
import type { Scheduler } from '../scheduler.ts';
import type { World } from '../world.ts';
import { modelPutRecords, refuseNone, refusePart, type Taken } from './model-put-records.ts';
import type { ModelStream } from './model-stream.ts';

/** Events that may wait: so few that an outage fills the buffer. */
const MOST_WAITING = 40;
/** Before an outage no call lands unheard: it would be tried again when its ids are long forgotten. */
const QUIET = 5 * 60_000;

export interface ApplicationOptions {
  world: World;
  random: Random;
  source: string;
  /** When the stream does not answer. */
  down: readonly Span[];
}

/** What the application said in one call. */
export interface Said {
  level: Level;
  at: number;
}

export interface ApplicationCallOptions extends Pick<ApplicationOptions, 'random' | 'down'> {
  scheduler: Scheduler;
  chaos: Chaos;
  stream: ModelStream;
}

/** `PutRecords` of an application's client: it fails in part, lands unheard, or is not answered while the stream is down. */
export function applicationCall(
  { scheduler, chaos, random, stream, down }: ApplicationCallOptions,
  onTaken: (taken: Taken<StreamEntry>) => void,
): SendChunk<StreamEntry> {
  const refusal = () => {
    if (!isIn(scheduler.now, down)) return undefined;
    chaos.hit(51, 'down');
    return new Fault('unavailable', 'the stream does not answer');
  };
  const losesAnswer = () => {
    const isQuiet = chaos.isOver || isIn(scheduler.now + QUIET, down);
    if (isQuiet || !random.chance(0.1)) return false;
    chaos.hit(51, 'landed');
    return true;
  };
  const refusing = () =>
    !chaos.isOver && random.chance(0.2) ? refusePart(random, () => chaos.hit(51, 'partial')) : refuseNone;
  const label = 'PutRecords of the client';
  return modelPutRecords({ scheduler, random, stream, onTaken, label, refusal, refusing, losesAnswer });
}

/**
 * An application that logs with the product's own client, over a stream that takes a part of a call, takes all and does
 * not say so, or does not answer for an hour. Source: FACTS.md, "Kinesis".
 */
export class ModelApplication {
  readonly log: Logger;
  /** By the number that each event carries. */
  readonly said = new Map<number, Said>();
  /** Events as the stream took them, repeats included, in order. */
  readonly taken: LogEvent[] = [];
  readonly source: string;
  readonly #options: ApplicationOptions;

  constructor(options: ApplicationOptions) {
    const { world, random, source } = options;
    const { scheduler, chaos, stream } = world;
    const sleep = (milliseconds: number) => scheduler.sleep(milliseconds, 'the client waits');
    this.#options = options;
    this.source = source;
    const ports = {
      send: applicationCall({ ...options, scheduler, chaos, stream }, (taken) => this.#take(taken)),
      clock: { now: () => scheduler.now, random: () => random.next(), sleep },
      random: (size: number) => Buffer.from(random.hex(size * 2), 'hex'),
      compress: async (data: Uint8Array) => zstdCompressSync(data),
      limit: (work: Promise<void>, milliseconds: number) =>
        Promise.race([work.then(() => 'done' as const), sleep(milliseconds).then(() => 'timeout' as const)]),
    };
    const process = { env: { SLUICE_STREAM: 'sluice' }, canPack: () => true, portsFor: () => ports };
    this.log = createLoggerIn(process, {
      source,
      maxBuffered: MOST_WAITING,
      flushInterval: random.pick([50, 1_000, 20_000]),
    });
  }

  /** Logs what an event says, as the application would. */
  say({ level, message, error, details }: LogEvent): void {
    const { scheduler } = this.#options.world;
    const number = this.said.size;
    this.said.set(number, { level, at: scheduler.now });
    const thrown =
      error === undefined
        ? undefined
        : Object.assign(new Error(error.message), { name: error.type, stack: error.stack });
    this.log[level](number, message, thrown, { number, ...(details as object) });
    scheduler.wake();
  }

  flush(): void {
    this.#options.world.scheduler.wake();
    void this.log.flush({ timeout: this.#options.random.between(100, 20_000) });
  }

  /** The record is read here without the product, so that the oracle knows what it holds. */
  #take({ record, entry: { data, partitionKey } }: Taken<StreamEntry>): void {
    const lines = zstdDecompressSync(data).toString().trimEnd().split('\n');
    const events = lines.map((line) => JSON.parse(line) as LogEvent);
    this.taken.push(...events);
    const truth = { parts: events.map(partOf) };
    this.#options.world.accept({ record, parcel: { kind: 'client', data, partitionKey, truth, faults: [] } });
  }
}
