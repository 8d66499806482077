import type { Category, Level } from '../shared/events/levels.ts';
import type { SendChunk } from '../shared/stream/ports.ts';
import type { StreamEntry } from '../shared/stream/put-records.ts';

/** Where in the code a call stands: any notation, unique in its module: `'orders.place/3'`, `7`, `'7+'`. */
export type Locator = string | number;

/**
 * Logs one thing that happened. Never throws and never waits: the event is kept and sent in the background.
 * `message` and the error's own text are joined; either may be missing. Of `attributes` texts, numbers and booleans become
 * the event's attributes, everything else goes into its details under its name.
 */
export type LogCall = (
  locator: Locator,
  message?: unknown,
  error?: unknown,
  attributes?: Readonly<Record<string, unknown>>,
) => void;

/** What is said about every event of a scope. */
export interface LogContext {
  attributes?: Readonly<Record<string, unknown>>;
  /** Of OpenTelemetry: 32 hexadecimal digits. */
  traceId?: string;
  /** Of OpenTelemetry: 16 hexadecimal digits. */
  spanId?: string;
}

export interface ChildOptions extends LogContext {
  /** Default: that of the parent. */
  source?: string;
}

/** An event that somebody else made: a transport's, for example. What is missing is filled in. */
export interface GivenEvent<Custom extends string = never> extends LogContext {
  level: Level | Custom;
  message: string;
  /** A producer's own: a repeat of it counts once. Default: a new UUIDv7. */
  id?: string;
  /** Default: `log`. */
  type?: string;
  /** Milliseconds since 1970. Default: now, made unique. */
  time?: number;
  source?: string;
  locator?: Locator;
  /** Whatever was thrown, or `{type, message, stack}`. */
  error?: unknown;
  /** Any JSON. */
  details?: unknown;
}

/** A level of one's own. Its category decides how long it is kept, and as which of the five it is told and stored. */
export interface CustomLevel {
  /** `error`: kept until a person says otherwise; `informational`: expires. */
  category: Category;
  /** The one of the five that it counts as; must be of the category. Default: `error`, or `info`. */
  level?: Level;
}

/** How events travel: packed and compressed to just under a payload unit of 25 KB, or one JSON event a record. */
export const PACKINGS = ['zstd', 'gzip', 'ndjson', 'json'] as const;
export type Packing = (typeof PACKINGS)[number];

export interface LoggerOptions<Custom extends string = never> {
  /** The application that logs: the `source` of its events. 1 to 256 characters. */
  source: string;
  /** The Kinesis stream, see the output `StreamName`. Default: the variable `SLUICE_STREAM`. */
  streamName?: string;
  /** The least severe level that is sent. Default: `debug`, so all are. */
  level?: Level;
  /** Levels of one's own by name, each with its category, or the category alone. */
  levels?: Readonly<Record<Custom, CustomLevel | Category>>;
  /** An IANA name. Of stamps in rendered text; events themselves are in UTC. Default: `UTC`. */
  timeZone?: string;
  /** Where each event is also written as one line of text. Default: nowhere. */
  echo?: 'stdout' | 'stderr' | ((line: string) => void);
  /**
   * What is written as `[redacted]`, beside passwords, tokens and the like: a name at any depth (`iban`), a path from the
   * attributes on (`user.email`), `*` for one name, `**` for any number of them. Letter case does not matter.
   */
  redact?: readonly string[];
  /** Events that wait at most; over it the oldest of the least severe goes first, critical never. Default: 50,000. */
  maxBuffered?: number;
  /** Bytes that wait at most, by the same policy. Default: 16 MiB. */
  maxBufferedBytes?: number;
  /** Milliseconds after which an event is sent, however few wait. Default: 1,000. */
  flushInterval?: number;
  /** Default: `zstd`; `gzip` where Node has no zstd (before 22.15). */
  packing?: Packing;
  /** Decides the shard. Default: one of its own for each logger, so that its events stay in order. */
  partitionKey?: string;
  /** Said of every event. */
  attributes?: Readonly<Record<string, unknown>>;
  /** Whether what waits is sent when the process ends or gets SIGTERM. Default: true. */
  flushOnExit?: boolean;
  /** Told of each issue as it is found. */
  onIssue?: (issue: Issue) => void;
  /** Puts records in one call. Default: PutRecords on `streamName`. */
  send?: SendChunk<StreamEntry>;
}

export const ISSUE_CODES = [
  /** An option cannot be used; the default is. */
  'bad-option',
  /** A call could not be understood; what could be is logged. */
  'bad-call',
  /** The buffer was full: so many events were dropped. */
  'dropped',
  /** Records could not be put yet; they wait and are tried again. */
  'not-sent',
  /** Kinesis calls the records invalid, again and again: they are given up. */
  'refused',
  /** The time that flush may take was over. */
  'flush-timeout',
  /** More different issues than are kept. */
  'more-issues',
] as const;
export type IssueCode = (typeof ISSUE_CODES)[number];

/** Something that went wrong and was not thrown. */
export interface Issue {
  code: IssueCode;
  /** What was expected, what came. No payload. */
  message: string;
  /** Events, or calls, concerned so far. */
  count: number;
  /** When it was first seen, ISO 8601. */
  time: string;
}

/** Where the events of a logger are. `logged` is the sum of the others. */
export interface Counts {
  logged: number;
  put: number;
  waiting: number;
  dropped: number;
  refused: number;
}

export interface FlushReport extends Counts {
  runIssues: readonly Issue[];
}

export interface FlushOptions {
  /** Milliseconds that it may take. Default: 10,000. */
  timeout?: number;
}

export interface Logger<Custom extends string = never> extends Readonly<Record<Level, LogCall>> {
  /** As `log.error` and the others, also for levels of one's own. */
  write(level: Level | Custom, ...call: Parameters<LogCall>): void;
  /** Takes an event that is already one. */
  put(event: GivenEvent<Custom>): void;
  /** Whether an event of the level is sent at all: for what is costly to say. */
  isEnabled(level: Level | Custom): boolean;
  /** A logger over the same buffer that says more. */
  child(options: ChildOptions): Logger<Custom>;
  /** Runs `work`; whatever is logged during it, also later and by other loggers, says the context too. */
  run<T>(context: LogContext, work: () => T): T;
  /**
   * Sends all that was logged before it was called. Resolves when that is done, was tried in vain, or the time is over;
   * never rejects. What could not be sent waits, and `waiting` says how much that is.
   */
  flush(options?: FlushOptions): Promise<FlushReport>;
  /** Begins an invocation of a warm container: forgets the issues and the context of the one before. Events that wait stay. */
  reset(context?: LogContext): void;
  counts(): Counts;
  /** What was wrong when the logger was made. */
  readonly initIssues: readonly Issue[];
  /** What went wrong since then, or since `reset`. */
  readonly runIssues: readonly Issue[];
  /** Flushes, and lets go of the process. */
  close(options?: FlushOptions): Promise<FlushReport>;
  [Symbol.asyncDispose](): Promise<void>;
}
