import type { LogEvent } from '../shared/events/event.ts';
import type { RandomBytes } from '../shared/events/event-id.ts';
import type { Clock, SendChunk } from '../shared/stream/ports.ts';
import type { StreamEntry } from '../shared/stream/put-records.ts';
import { currentContexts } from './context.ts';
import { lineOf } from './event-line.ts';
import { type EventParts, joinScopes, makeEvent, type Scope, scopeOf } from './event-maker.ts';
import { IssueList } from './issue-list.ts';
import type { ChildOptions, FlushOptions, FlushReport, Issue, LogContext } from './logger-api.ts';
import { textOfThrown } from './plain-value.ts';
import { type DroppedByLevel, Producer } from './producer.ts';
import { type Compress, RecordPacker } from './record-packer.ts';
import { renderEvent, stampWriter } from './rendered-text.ts';
import type { Settings } from './settings.ts';
import { type Stamp, stampSequence } from './stamps.ts';

/** What a logger needs from the world. */
export interface LoggerPorts {
  send: SendChunk<StreamEntry>;
  /** Its pauses must not hold up the end of a process. */
  clock: Clock;
  random: RandomBytes;
  compress: Compress;
  /** Resolves with the work or after the milliseconds; the process does not end before. */
  limit: (work: Promise<void>, milliseconds: number) => Promise<'done' | 'timeout'>;
  /** Writes a line of text, without a newline. */
  echo?: (line: string) => void;
  onIssue?: (issue: Issue) => void;
  /** Sees to it that the core is flushed when the process ends; answers how to let go of it. */
  hold?: (core: LoggerCore) => () => void;
}

const DEFAULT_TIMEOUT = 10_000;

/** What a logger and all of its children share: the buffer, the stamps, the issues. */
export class LoggerCore {
  readonly settings: Settings;
  readonly issues: IssueList;
  readonly producer: Producer;
  readonly #ports: LoggerPorts;
  readonly #stamp: () => Stamp;
  readonly #writeStamp: (milliseconds: number) => string;
  readonly #scopes = new WeakMap<LogContext, Partial<Scope>>();
  /** Set while the process knows of this core. */
  #letGo: (() => void) | undefined;
  /** Said of every event of this invocation. */
  #invocation: Partial<Scope> | undefined;

  constructor(settings: Settings, ports: LoggerPorts) {
    const { clock, random, send } = ports;
    this.settings = settings;
    this.#ports = ports;
    this.issues = new IssueList(clock.now, ports.onIssue);
    this.#stamp = stampSequence(clock.now, random);
    this.#writeStamp = stampWriter(settings.timeZone);
    const options = {
      limits: settings.limits,
      interval: settings.interval,
      partitionKey: settings.partitionKey ?? Buffer.from(random(8)).toString('hex'),
      packer: new RecordPacker({ packing: settings.packing, compress: ports.compress }),
      issues: this.issues,
      lossLine: (dropped: DroppedByLevel) => this.#lossLine(dropped),
    };
    this.producer = new Producer(options, { send, clock });
  }

  /** Logs what a call said. Never throws. */
  log(parts: EventParts, scope: Scope): void {
    try {
      this.#add(makeEvent(parts, this.#stamp(), this.#whole(scope), this.settings.redaction));
    } catch (fault) {
      this.issues.add('bad-call', `a call could not be logged as it was: ${textOfThrown(fault)}`);
      this.#addBare(parts, scope);
    }
  }

  badCall(message: string): void {
    this.issues.add('bad-call', message);
  }

  async flush(options?: FlushOptions): Promise<FlushReport> {
    const timeout = Number(options?.timeout ?? DEFAULT_TIMEOUT);
    const milliseconds = timeout >= 0 ? Math.min(timeout, 2 ** 31 - 1) : DEFAULT_TIMEOUT;
    const outcome = await this.#ports.limit(this.producer.flush(), milliseconds);
    if (outcome === 'timeout') {
      this.issues.add('flush-timeout', `not all could be sent in ${milliseconds} ms; the rest waits`);
    }
    return { ...this.producer.counts, runIssues: this.issues.all };
  }

  reset(context?: LogContext): void {
    this.issues.clear();
    this.#invocation = context === undefined ? undefined : this.scopeOf(context);
  }

  /** What a child or a context says; what cannot be read says nothing, and is reported. */
  scopeOf(given: ChildOptions): Partial<Scope> {
    try {
      return scopeOf(given, this.settings.redaction);
    } catch (fault) {
      this.badCall(`expected attributes, traceId, spanId; they cannot be read: ${textOfThrown(fault)}`);
      return {};
    }
  }

  /** A context that can be read; an empty one instead of one that cannot. */
  checked(context: LogContext): LogContext {
    const scope = this.scopeOf(context);
    const { attributes, details, traceId, spanId } = scope;
    return {
      attributes: { ...details, ...attributes },
      ...(traceId === undefined ? {} : { traceId }),
      ...(spanId === undefined ? {} : { spanId }),
    };
  }

  /** What is said by the scope, by the invocation, and by the work that is under way. */
  #whole(scope: Scope): Scope {
    const contexts = currentContexts();
    let whole = this.#invocation === undefined ? scope : joinScopes(scope, this.#invocation);
    for (const context of contexts) whole = joinScopes(whole, this.#contextScope(context));
    return whole;
  }

  /** A context is made plain once, when something is first logged in it. */
  #contextScope(context: LogContext): Partial<Scope> {
    let scope = this.#scopes.get(context);
    if (scope === undefined) {
      scope = this.scopeOf(context);
      this.#scopes.set(context, scope);
    }
    return scope;
  }

  /** Whether nothing was logged since `close`. */
  isClosed = false;

  /**
   * Flushes and lets go of the process, until something is logged again. While something waits the process is held to it: at its
   * end it is tried once more, and told if it is lost, for not everybody reads the report.
   */
  async close(options?: FlushOptions): Promise<FlushReport> {
    this.isClosed = true;
    const report = await this.flush(options);
    if (report.waiting > 0) return report;
    this.#letGo?.();
    this.#letGo = undefined;
    return report;
  }

  #add(event: LogEvent): void {
    this.isClosed = false;
    this.#letGo ??= this.#ports.hold?.(this);
    this.producer.add(lineOf(event), event.level);
    if (this.#ports.echo !== undefined) this.#echo(event);
  }

  /** What is left of a call that could not be logged as it was: that it was made, and where. */
  #addBare({ level, locator, message }: EventParts, { source }: Scope): void {
    const bare: EventParts = { level, message: textOfThrown(message) };
    if (typeof locator === 'string' || typeof locator === 'number') bare.locator = locator;
    this.#add(makeEvent(bare, this.#stamp(), { source }, this.settings.redaction));
  }

  #echo(event: LogEvent): void {
    try {
      this.#ports.echo?.(renderEvent(event, this.#writeStamp));
    } catch {
      // A terminal that is gone, or the application's own function: the event itself is kept.
    }
  }

  #lossLine(dropped: DroppedByLevel): string {
    const total = Object.values(dropped).reduce((sum, count) => sum + count, 0);
    const attributes = Object.fromEntries(Object.entries(dropped).map(([level, count]) => [level, String(count)]));
    const parts: EventParts = {
      level: { level: 'warning' },
      locator: 'sluice/client',
      message: `${total} events were dropped, because the buffer was full`,
      split: { attributes, details: {} },
    };
    return lineOf(makeEvent(parts, this.#stamp(), { source: this.settings.source }, this.settings.redaction));
  }
}
