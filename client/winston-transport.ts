import Transport, { type TransportStreamOptions } from 'winston-transport';
import type { JsonObject } from '../shared/events/decode-json.ts';
import { foreignEvent } from './foreign-event.ts';
import { createLogger } from './index.ts';
import type { FlushReport, GivenEvent, Logger, LoggerOptions } from './logger-api.ts';

/** What a logger takes, or the logger itself, and what winston's transports take. `level` is a level of winston. */
export interface SluiceTransportOptions
  extends Omit<LoggerOptions<string>, 'source' | 'level'>,
    Pick<TransportStreamOptions, 'format' | 'level' | 'silent' | 'handleExceptions' | 'handleRejections'> {
  /** Of records that name none under `service`, `source`, `app` and the like. */
  source?: string;
  /** A logger that the application has already: both use its buffer. The other options of a logger then say nothing. */
  logger?: Logger<string>;
}

/** winston keeps the level, whatever a format made of it, and the further arguments of a call under symbols. */
const LEVEL = Symbol.for('level');
const SPLAT = Symbol.for('splat');

type Info = Readonly<Record<string | symbol, unknown>>;

const ERROR_NAMES = ['err', 'error', 'exception'];

interface Thrown {
  error: unknown;
  /** The field that it stands in. */
  name?: string;
}

/** The thrown value that the call was given: itself, under a usual name, or as a further argument. */
function thrownIn(info: Info): Thrown | undefined {
  if (info instanceof Error) {
    // winston writes level and fields into it; these parts are the error's own.
    const { name, message, stack, cause } = info;
    return { error: { name, message, stack, cause } };
  }
  const name = ERROR_NAMES.find((each) => info[each] instanceof Error);
  if (name !== undefined) return { error: info[name], name };
  const further = info[SPLAT];
  const error = Array.isArray(further) ? further.find((each) => each instanceof Error) : undefined;
  return error === undefined ? undefined : { error };
}

/** Without the level, which has its own place, and without what the thrown value says itself. */
function recordOf(info: Info, thrown: Thrown | undefined): JsonObject {
  const { level: _, ...record } = info as Record<string, unknown>;
  if (thrown === undefined) return record;
  const { stack, cause } = thrown.error as { stack?: unknown; cause?: unknown };
  if (thrown.name !== undefined) delete record[thrown.name];
  if (record.stack === stack) delete record.stack;
  if (record.cause === cause) delete record.cause;
  return record;
}

/**
 * A transport of winston: `new SluiceTransport({streamName})`. It never fails and never holds up winston. The `finish` of
 * winston's logger, after `logger.end()`, waits until what was logged is on the stream or ten seconds are over.
 */
export class SluiceTransport extends Transport {
  /** The logger underneath, for its `flush`, `counts` and issues. */
  readonly logger: Logger<string>;
  readonly #isOwn: boolean;
  readonly #isCustom: (level: string) => boolean;

  constructor(options: SluiceTransportOptions = {}) {
    const {
      logger,
      format,
      level,
      silent,
      handleExceptions,
      handleRejections,
      source = 'unknown',
      ...others
    } = options;
    super(
      Object.fromEntries(
        Object.entries({ format, level, silent, handleExceptions, handleRejections }).filter(
          ([, value]) => value !== undefined,
        ),
      ),
    );
    this.#isOwn = logger === undefined;
    const custom = new Set(Object.keys(others.levels ?? {}));
    this.#isCustom = (name) => custom.has(name) || (logger?.isEnabled(name) ?? false);
    this.logger = logger ?? createLogger<string>({ ...others, source });
  }

  override log(info: Info, next: () => void): void {
    setImmediate(() => this.emit('logged', info));
    this.logger.put(this.#eventOf(info));
    next();
  }

  #eventOf(info: Info): GivenEvent<string> {
    const thrown = thrownIn(info);
    const level = info[LEVEL] ?? info.level;
    return foreignEvent(recordOf(info, thrown), {
      isCustom: this.#isCustom,
      level,
      error: thrown?.error,
      now: Date.now(),
    });
  }

  /** Sends what was logged before; see the client's `flush`. */
  flush(): Promise<FlushReport> {
    return this.logger.flush();
  }

  override _final(done: (error?: Error | null) => void): void {
    const ended = this.#isOwn ? this.logger.close() : this.logger.flush();
    ended.then(() => done(), done);
  }

  /** winston calls it when the transport is taken out. */
  override close(): void {
    void this.logger.flush();
  }
}
