/** The five levels, most severe first. The order is part of the contract: topics, streams and partitions follow it. */
export const LEVELS = ['critical', 'error', 'warning', 'info', 'debug'] as const;
export type Level = (typeof LEVELS)[number];

/** `error` is kept until a person says otherwise; `informational` expires. */
export type Category = 'error' | 'informational';

const CATEGORIES: Record<Level, Category> = {
  critical: 'error',
  error: 'error',
  warning: 'informational',
  info: 'informational',
  debug: 'informational',
};

export function categoryOf(level: Level): Category {
  return CATEGORIES[level];
}

/** Written out: a comparison of interned texts costs less than a look-up. */
export function isLevel(value: unknown): value is Level {
  return value === 'info' || value === 'error' || value === 'warning' || value === 'debug' || value === 'critical';
}

/** Whether `level` is as severe as `minimum` or more. */
export function isAtLeast(level: Level, minimum: Level): boolean {
  return LEVELS.indexOf(level) <= LEVELS.indexOf(minimum);
}

/** What others call the five levels, in lower case: syslog, log4j, java.util.logging, Python, winston, zap, .NET. */
const ALIASES: Record<Level, readonly string[]> = {
  critical: ['crit', 'fatal', 'alarm', 'alert', 'emerg', 'emergency', 'panic', 'dpanic', 'c', 'f'],
  error: ['err', 'severe', 'e'],
  warning: ['warn', 'w'],
  info: ['information', 'informational', 'notice', 'i'],
  debug: ['trace', 'verbose', 'fine', 'finer', 'finest', 'silly', 'd', 't'],
};

const BY_NAME: ReadonlyMap<string, Level> = new Map(
  LEVELS.flatMap((level) => [level, ...ALIASES[level]].map((name): [string, Level] => [name, level])),
);

/** Syslog's severities 0 to 7. Source: RFC 5424, section 6.2.1. */
const SYSLOG: readonly Level[] = ['critical', 'critical', 'critical', 'error', 'warning', 'info', 'info', 'debug'];
/** The tens of pino and bunyan: 10 trace, 20 debug, 30 info, 40 warn, 50 error, 60 fatal. A number between counts down. */
const PINO: readonly Level[] = ['debug', 'debug', 'info', 'warning', 'error', 'critical'];

const LONGEST_NAME = 16;
const WHOLE_NUMBER = /^\d{1,2}$/;

function levelOfNumber(value: number): Level | undefined {
  return SYSLOG[value] ?? (value >= 10 && value < 70 ? PINO[Math.floor(value / 10) - 1] : undefined);
}

/**
 * Reads a level as any logger writes it: a name in any letter case, a number of pino (10 to 60) or of syslog (0 to 7),
 * a number as text. Answers undefined for anything else; the caller decides what an unknown level means.
 */
export function parseLevel(value: unknown): Level | undefined {
  if (typeof value === 'number') return levelOfNumber(value);
  if (typeof value !== 'string' || value.length > LONGEST_NAME) return undefined;
  const name = value.trim().toLowerCase();
  return BY_NAME.get(name) ?? (WHOLE_NUMBER.test(name) ? levelOfNumber(Number(name)) : undefined);
}
