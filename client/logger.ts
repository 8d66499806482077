import { LEVELS, type Level } from '../shared/events/levels.ts';
import { runInContext } from './context.ts';
import { type EventParts, joinScopes, type NamedLevel, type Scope, scopeOf, splitAttributes } from './event-maker.ts';
import { IssueList } from './issue-list.ts';
import type { ChildOptions, GivenEvent, Issue, LogCall, Logger, LoggerOptions } from './logger-api.ts';
import { LoggerCore, type LoggerPorts, sourceText } from './logger-core.ts';
import { readSettings, type Settings, type Surroundings } from './settings.ts';

/** What the process gives a logger. */
export interface LoggerProcess extends Surroundings {
  portsFor: (options: LoggerOptions<string>, settings: Settings) => LoggerPorts;
  /** Flushes when the process ends; answers how to let go of it. */
  flushOnExit: (core: LoggerCore) => () => void;
}

/** Makes a logger in a process, or in a world that a test made. Never throws. */
export function createLoggerIn<Custom extends string = never>(
  process: LoggerProcess,
  options: LoggerOptions<Custom>,
): Logger<Custom> {
  const initIssues = new IssueList(Date.now);
  const settings = readSettings(options, process, (message) => initIssues.add('bad-option', message));
  const given = { ...(options as LoggerOptions<string> | undefined) } as LoggerOptions<string>;
  const core = new LoggerCore(settings, process.portsFor(given, settings));
  const scope: Scope = { source: settings.source, ...splitAttributes(given.attributes, settings.redaction) };
  const letGo = settings.flushOnExit ? process.flushOnExit(core) : () => undefined;
  for (const issue of initIssues.all) tell(given.onIssue, issue);
  return loggerOver({ core, initIssues: initIssues.all, letGo }, scope) as Logger<Custom>;
}

function tell(listener: unknown, issue: Issue): void {
  try {
    if (typeof listener === 'function') listener(issue);
  } catch {
    // The application's own function: making a logger does not throw.
  }
}

const UNKNOWN_LEVEL: NamedLevel = { level: 'info' };

interface Shared {
  core: LoggerCore;
  initIssues: readonly Issue[];
  letGo: () => void;
}

/** Functions that need no `this`, so that they can be handed around. */
function loggerOver(shared: Shared, scope: Scope): Logger<string> {
  const { core, initIssues, letGo } = shared;
  const { levels, enabled, redaction } = core.settings;

  const send = (name: string, parts: Omit<EventParts, 'level'>, attributes: unknown) => {
    const level = levels.get(name);
    if (level === undefined)
      core.badCall(`expected a level that the logger knows, got ${String(name)}; it is logged as info`);
    else if (!enabled.has(name)) return;
    const split = attributes === undefined ? {} : { split: splitAttributes(attributes, redaction) };
    core.log({ ...parts, ...split, level: level ?? UNKNOWN_LEVEL }, scope);
  };

  const write = safely(core, (name: string, ...[locator, message, error, attributes]: Parameters<LogCall>) => {
    if (!isLocator(locator)) core.badCall('expected a locator, a text or number that is unique in its module');
    // `log.error('7+', error)`: the error alone.
    const isAlone = error === undefined && message instanceof Error;
    const said = isAlone ? { message: undefined, error: message } : { message, error };
    send(name, isLocator(locator) ? { ...said, locator } : said, attributes);
  });

  const put = safely(core, ({ level, attributes, ...parts }: GivenEvent<string>) => send(level, parts, attributes));

  const child = (options: ChildOptions) => {
    const { source, ...context } = { ...options };
    const own = { source: sourceText(source), ...scopeOf(context, redaction) };
    return loggerOver(shared, joinScopes(scope, own));
  };

  const close: Logger['close'] = async (options) => {
    const report = await core.flush(options);
    letGo();
    return report;
  };

  const byLevel = Object.fromEntries(
    LEVELS.map((level): [Level, LogCall] => [level, (...call) => write(level, ...call)]),
  ) as Record<Level, LogCall>;

  return {
    ...byLevel,
    write,
    put,
    child,
    close,
    run: runInContext,
    isEnabled: (level) => enabled.has(level),
    flush: (options) => core.flush(options),
    reset: (context) => core.reset(context),
    counts: () => core.producer.counts,
    initIssues,
    get runIssues() {
      return core.issues.all;
    },
    [Symbol.asyncDispose]: async () => {
      await close();
    },
  };
}

function isLocator(value: unknown): value is string | number {
  return (typeof value === 'string' && value !== '') || typeof value === 'number';
}

/** Whatever a call was given: it does not throw. */
function safely<Arguments extends unknown[]>(core: LoggerCore, call: (...given: Arguments) => void) {
  return (...given: Arguments): void => {
    try {
      call(...given);
    } catch (fault) {
      core.badCall(`a call could not be understood: ${String(fault)}`);
    }
  };
}
