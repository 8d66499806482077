import { LEVELS, type Level, parseLevel } from '../shared/events/levels.ts';
import { UsageError } from './cli-error.ts';

/** A level as people write it: any letter case, WARN, FATAL. */
export function levelOption(text: string): Level {
  const level = parseLevel(text);
  if (level) return level;
  throw new UsageError(`--level must be one of ${LEVELS.join(', ')}, got ${JSON.stringify(text)}`);
}

/** A whole number of 1 or more, at most `most`. */
export function countOption(name: string, most: number): (text: string) => number {
  return (text) => {
    const count = /^\d{1,9}$/.test(text) ? Number(text) : 0;
    if (count >= 1 && count <= most) return count;
    throw new UsageError(`--${name} must be a whole number from 1 to ${most}, got ${JSON.stringify(text)}`);
  };
}

const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** A length of time such as `30m`, `2h` or `3d`, in milliseconds. */
export function lengthOption(name: string, text: string): number {
  const [, amount, unit] = /^(\d{1,6})([smhdw])$/.exec(text) ?? [];
  if (amount && unit && Number(amount) > 0) return Number(amount) * (UNITS[unit] ?? 0);
  throw new UsageError(`--${name} must be like 30m, 2h or 3d, got ${JSON.stringify(text)}`);
}

/** A point in time: `90s`, `5m`, `2h`, `7d`, `2w` before now, or an ISO 8601 time, UTC unless it says otherwise. */
export function timeOption(name: string, text: string, now: number): Date {
  const [, amount, unit] = /^(\d{1,6})([smhdw])$/.exec(text) ?? [];
  if (amount && unit) return new Date(now - Number(amount) * (UNITS[unit] ?? 0));
  const isIso = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)?)?$/.test(text);
  const hasZone = /(Z|T.*[+-]\d\d:\d\d)$/.test(text) || text.length === 10;
  const time = isIso ? Date.parse(hasZone ? text : `${text}Z`) : Number.NaN;
  if (!Number.isNaN(time)) return new Date(time);
  throw new UsageError(`--${name} must be like 90s, 5m, 2h, 7d or 2026-11-21T08:00, got ${JSON.stringify(text)}`);
}

/** JSON in an option. */
export function jsonOption(name: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UsageError(
      `--${name} must be JSON such as '{"order": 17}', got ${JSON.stringify(text)} (${(error as Error).message})`,
    );
  }
}
