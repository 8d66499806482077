import { LEVELS, type Level } from '../shared/events/levels.ts';
import { runInContext } from './context.ts';
import { type EventParts, joinScopes, type NamedLevel, type Scope, splitAttributes } from './event-maker.ts';
import { partsOfGiven } from './given-event.ts';
import { IssueList } from './issue-list.ts';
import type { ChildOptions, GivenEvent, Issue, LogCall, Logger, LoggerOptions } from './logger-api.ts';
import { LoggerCore, type LoggerPorts } from './logger-core.ts';
import { textOfThrown } from './plain-value.ts';
import { readSettings, type Settings, type Surroundings } from './settings.ts';

/** What the process gives a logger. */
export interface LoggerProcess extends Surroundings {
  portsFor: (options: LoggerOptions<string>, settings: Settings) => LoggerPorts;
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
  for (const issue of initIssues.all) tell(given.onIssue, issue);
  return loggerOver({ core, initIssues: initIssues.all }, scope) as Logger<Custom>;
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
}

/** Functions that need no `this`, so that they can be handed around. */
function loggerOver(shared: Shared, scope: Scope): Logger<string> {
  const { core, initIssues } = shared;
  const { levels, enabled, redaction } = core.settings;

  /** Undefined for a level that is not sent. */
  const levelOf = (name: string): NamedLevel | undefined => {
    if (enabled.has(name)) return levels.get(name);
    if (levels.has(name)) return undefined;
    core.badCall(`expected a level that the logger knows, got ${textOfThrown(name)}; it counts as info`);
    return UNKNOWN_LEVEL;
  };

  const partsOf = (level: NamedLevel, ...[locator, message, error, attributes]: Parameters<LogCall>): EventParts => {
    const isSound = isLocator(locator);
    if (!isSound) core.badCall('expected a locator, a text or number that is unique in its module');
    // `log.error('7+', error)`: the error alone.
    const isAlone = error === undefined && message instanceof Error;
    return {
      level,
      locator: isSound ? locator : undefined,
      message: isAlone ? undefined : message,
      error: isAlone ? message : error,
      split: splitAttributes(attributes, redaction),
    };
  };

  const write = (name: string, ...call: Parameters<LogCall>): void => {
    try {
      const level = levelOf(name);
      if (level !== undefined) core.log(partsOf(level, ...call), scope);
    } catch (fault) {
      core.badCall(`a call could not be understood: ${textOfThrown(fault)}`);
    }
  };

  const put = (event: GivenEvent<string>): void => {
    try {
      const level = levelOf(event.level);
      if (level !== undefined) core.log(partsOfGiven(event, level, redaction), scope);
    } catch (fault) {
      core.badCall(`an event could not be understood: ${textOfThrown(fault)}`);
    }
  };

  const child = (options: ChildOptions) => loggerOver(shared, joinScopes(scope, core.scopeOf(options)));

  const byLevel = Object.fromEntries(
    LEVELS.map((level): [Level, LogCall] => [level, (...call) => write(level, ...call)]),
  ) as Record<Level, LogCall>;

  return {
    ...byLevel,
    write,
    put,
    child,
    run: (context, work) => runInContext(core.checked(context), work),
    isEnabled: (level) => enabled.has(level),
    flush: (options) => core.flush(options),
    close: (options) => core.close(options),
    reset: (context) => core.reset(context),
    counts: () => core.producer.counts,
    initIssues,
    get runIssues() {
      return core.issues.all;
    },
    [Symbol.asyncDispose]: async () => {
      await core.close();
    },
  };
}

function isLocator(value: unknown): value is string | number {
  return (typeof value === 'string' && value !== '') || typeof value === 'number';
}
