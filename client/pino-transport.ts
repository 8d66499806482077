import { writeSync } from 'node:fs';
import { Writable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { parentPort, workerData } from 'node:worker_threads';
import { isObject, type JsonObject } from '../shared/events/decode-json.ts';
import { foreignEvent } from './foreign-event.ts';
import { createLogger } from './index.ts';
import type { FlushReport, Issue, Logger, LoggerOptions } from './logger-api.ts';

/** All that can be sent to a worker thread of what a logger takes. `source`: of records whose pino has no `name`. */
export interface PinoTransportOptions
  extends Omit<LoggerOptions<string>, 'source' | 'send' | 'echo' | 'onIssue' | 'flushOnExit'> {
  source?: string;
}

/** What pino tells its transports of itself. */
export interface PinoConfig {
  /** The levels of its own of the logger underneath. */
  custom?: readonly string[];
  levels?: { labels?: Readonly<Record<string, string>> };
  messageKey?: string;
  errorKey?: string;
}

/** pino waits for ten seconds for its worker to end, then the process goes. Source: thread-stream, `endSync`. */
const CLOSE_TIMEOUT = 8_000;
const CONFIG_TIMEOUT = 1_000;
/** A line without an end is cut into events of this many characters. */
const LONGEST_LINE = 16 * 1024 * 1024;

/** Lines of pino as events of a logger. Its own class, so that it runs without a thread too. */
export class PinoLines extends Writable {
  readonly #log: Logger<string>;
  readonly #config: PinoConfig;
  readonly #custom: ReadonlySet<string>;
  readonly #decoder = new StringDecoder('utf8');
  readonly #report: (report: FlushReport) => void;
  #rest = '';

  constructor(log: Logger<string>, config: PinoConfig, report: (report: FlushReport) => void) {
    super({ decodeStrings: false });
    this.#log = log;
    this.#config = config;
    this.#custom = new Set(config.custom);
    this.#report = report;
  }

  override _write(chunk: Buffer | string, _encoding: BufferEncoding, done: (error?: Error) => void): void {
    const text = this.#rest + (typeof chunk === 'string' ? chunk : this.#decoder.write(chunk));
    const lines = text.split('\n');
    this.#rest = lines.pop() ?? '';
    if (this.#rest.length > LONGEST_LINE) this.#endLine();
    for (const line of lines) this.#put(line);
    done();
  }

  override _final(done: (error?: Error) => void): void {
    this.#endLine();
    this.#log.close({ timeout: CLOSE_TIMEOUT }).then((report) => {
      this.#report(report);
      done();
    }, done);
  }

  /** For `logger.flush(callback)` of pino. */
  async flush(): Promise<void> {
    await this.#log.flush();
  }

  #endLine(): void {
    this.#put(this.#rest);
    this.#rest = '';
  }

  #put(line: string): void {
    if (line.trim() === '') return;
    const parsed = parseObject(line);
    const record = parsed === undefined ? line : this.#renamed(parsed);
    const level = parsed === undefined ? undefined : this.#levelOf(parsed.level);
    this.#log.put(foreignEvent(record, { isCustom: (name) => this.#custom.has(name), level, now: Date.now() }));
  }

  /** The names that pino was told to use, as the table knows them. */
  #renamed(record: JsonObject): JsonObject {
    const { messageKey = 'msg', errorKey = 'err' } = this.#config;
    if (messageKey === 'msg' && errorKey === 'err') return record;
    const names: Readonly<Record<string, string>> = { [messageKey]: 'msg', [errorKey]: 'err' };
    return Object.fromEntries(Object.entries(record).map(([key, value]) => [names[key] ?? key, value]));
  }

  /** A level of one's own is known by its name, if the logger knows it, otherwise by its number. */
  #levelOf(level: unknown): unknown {
    const label = typeof level === 'number' ? this.#config.levels?.labels?.[level] : undefined;
    return label !== undefined && this.#custom.has(label) ? label : level;
  }
}

function parseObject(line: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** stderr of a worker passes through a thread that may be waiting for this one: write past it. */
function complain(message: string): void {
  try {
    writeSync(2, `sluice: ${message}\n`);
  } catch {
    // Without a stderr there is nobody to tell.
  }
}

/** The levels and names of the pino in the main thread, which come as a message when it is made. */
async function configOfPino(): Promise<PinoConfig> {
  const port = parentPort;
  if (port === null || workerData?.workerData?.pinoWillSendConfig !== true) return {};
  return new Promise((resolve) => {
    const end = (config: PinoConfig) => {
      clearTimeout(timer);
      port.off('message', listen);
      resolve(config);
    };
    const listen = (message: { code?: string; config?: PinoConfig } | undefined) => {
      if (message?.code === 'PINO_CONFIG') end(message.config ?? {});
    };
    const timer = setTimeout(() => end({}), CONFIG_TIMEOUT);
    port.on('message', listen);
  });
}

function describeLoss({ waiting, dropped, refused, runIssues }: FlushReport): string | undefined {
  const lost = waiting + dropped + refused;
  if (lost === 0) return undefined;
  const events = lost === 1 ? '1 event' : `${lost} events`;
  return `${events} of pino could not be sent: ${runIssues.at(-1)?.message ?? 'no reason'}`;
}

/**
 * A transport of pino, made in its worker thread: `pino.transport({target: 'sluice/client/pino', options})`. The end of the
 * process, and `logger.flush(callback)`, wait until what was logged is on the stream. What goes wrong is written to stderr.
 */
export default async function pinoTransport(options: PinoTransportOptions = {}): Promise<Writable> {
  const onIssue = ({ message }: Issue) => complain(message);
  const config = await configOfPino();
  const { source = 'unknown', ...others } = options;
  // A worker gets no signals, and its end is pino's to wait for.
  const log = createLogger<string>({ ...others, source, onIssue, flushOnExit: false });
  return new PinoLines(log, { ...config, custom: Object.keys(options.levels ?? {}) }, (report) => {
    const loss = describeLoss(report);
    if (loss !== undefined) complain(loss);
  });
}
