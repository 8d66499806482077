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

  const send = (name: string, parts: Omit<EventParts, 'level'>) => {
    const level = levels.get(name);
    if (level === undefined)
      core.badCall(`expected a level that the logger knows, got ${textOfThrown(name)}; it counts as info`);
    else if (!enabled.has(name)) return;
    core.log({ ...parts, level: level ?? UNKNOWN_LEVEL }, scope);
  };

  const write = safely(core, (name: string, ...[locator, message, error, attributes]: Parameters<LogCall>) => {
    if (!isLocator(locator)) core.badCall('expected a locator, a text or number that is unique in its module');
    // `log.error('7+', error)`: the error alone.
    const isAlone = error === undefined && message instanceof Error;
    const parts: Omit<EventParts, 'level'> = isAlone ? { message: undefined, error: message } : { message, error };
    if (isLocator(locator)) parts.locator = locator;
    if (attributes !== undefined) parts.split = splitAttributes(attributes, redaction);
    send(name, parts);
  });

  const put = safely(core, ({ level, ...given }: GivenEvent<string>) => send(level, partsOfGiven(given, redaction)));

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

/** Whatever a call was given: it does not throw. */
function safely<Arguments extends unknown[]>(core: LoggerCore, call: (...given: Arguments) => void) {
  return (...given: Arguments): void => {
    try {
      call(...given);
    } catch (fault) {
      core.badCall(`a call could not be understood: ${textOfThrown(fault)}`);
    }
  };
}
