import { z } from 'zod';
import { LEVELS, type Level } from '../events/levels.ts';
import { nearestName } from './nearest-name.ts';

/**
 * The kinds of value that a setting can have. Each says in one phrase what it expects and what to write instead, because
 * that is what the person who reads the fault needs.
 */
export interface Kind<T> {
  expected: string;
  advice: string | ((written: unknown) => string);
  /** The parsed value, or nothing when `written` is not of this kind. */
  parse(written: unknown): T | undefined;
}

/** A setting of this kind. `null` (a key with nothing after it) and a missing key both mean the default. */
export function setting<T>(kind: Kind<T>, fallback: T) {
  return z
    .unknown()
    .optional()
    .transform((written, context): T => {
      if (written === undefined || written === null) return fallback;
      const value = kind.parse(written);
      if (value !== undefined) return value;
      const advice = typeof kind.advice === 'string' ? kind.advice : kind.advice(written);
      context.addIssue({ code: 'custom', message: kind.expected, params: { advice } });
      return z.NEVER;
    });
}

/** A group of settings: one that is left out, or empty, has all its defaults. */
export function section<T extends z.ZodRawShape>(shape: T) {
  return z.preprocess((written) => written ?? {}, z.strictObject(shape));
}

export function wholeNumber(from: number, to: number): Kind<number> {
  return {
    expected: `a whole number from ${from} to ${to}`,
    advice: 'write it without quotes and without a unit',
    parse: (written) => (isWithin(written, from, to) && Number.isInteger(written) ? written : undefined),
  };
}

export const flag: Kind<boolean> = {
  expected: 'true or false',
  advice: 'write it without quotes',
  parse: (written) => (typeof written === 'boolean' ? written : undefined),
};

const SECONDS = { s: 1, m: 60, h: 3600, d: 86_400 } as const;

/** A length of time such as `90s`, `5m`, `24h` or `60d`, in seconds. */
export function duration(from: string, to: string): Kind<number> {
  const [least, most] = [seconds(from) ?? 0, seconds(to) ?? 0];
  return {
    expected: `a length of time from ${from} to ${to}`,
    advice: 'write a whole number and its unit, s, m, h or d, such as 5m',
    parse: (written) => {
      const value = seconds(written);
      return isWithin(value, least, most) ? value : undefined;
    },
  };
}

function seconds(written: unknown): number | undefined {
  const match = typeof written === 'string' ? /^(\d{1,9}) ?([smhd])$/.exec(written.trim()) : null;
  return match ? Number(match[1]) * SECONDS[match[2] as keyof typeof SECONDS] : undefined;
}

const MEBIBYTES = { MiB: 1, GiB: 1024, TiB: 1024 * 1024 } as const;

/** An amount of data such as `128 MiB` or `10 GiB`, in MiB. */
export function size(from: string, to: string): Kind<number> {
  const [least, most] = [mebibytes(from) ?? 0, mebibytes(to) ?? 0];
  return {
    expected: `an amount of data from ${from} to ${to}`,
    advice: 'write a whole number and its unit, MiB, GiB or TiB, such as 10 GiB',
    parse: (written) => {
      const value = mebibytes(written);
      return isWithin(value, least, most) ? value : undefined;
    },
  };
}

function mebibytes(written: unknown): number | undefined {
  const match = typeof written === 'string' ? /^(\d{1,9}) ?([MGT]iB)$/.exec(written.trim()) : null;
  return match ? Number(match[1]) * MEBIBYTES[match[2] as keyof typeof MEBIBYTES] : undefined;
}

export const level: Kind<Level> = {
  expected: `a level: ${LEVELS.join(', ')}`,
  advice: levelAdvice,
  parse: (written) => LEVELS.find((name) => name === String(written).toLowerCase()),
};

function levelAdvice(written: unknown): string {
  const near = typeof written === 'string' ? nearestName(written, LEVELS) : undefined;
  return near ? `did you mean ${near}?` : 'write one of these words';
}

export const shards: Kind<number | 'on-demand'> = {
  expected: 'a number of shards from 1 to 500, or on-demand',
  advice: 'a shard takes 1 MB and 1,000 records a second; on-demand needs no number and costs more',
  parse: (written) => (written === 'on-demand' ? written : wholeNumber(1, 500).parse(written)),
};

/** SNS confirms an address by mail, so the form only has to keep out what is certainly none. */
const ADDRESS = /^[^\s@,;<>"]{1,64}@[^\s@,;<>"]{1,190}\.[A-Za-z]{2,63}$/;

export const addresses: Kind<string[]> = {
  expected: 'a list of email addresses',
  advice: 'write [a@example.org, b@example.org], or leave it empty',
  parse: (written) => {
    const list = typeof written === 'string' ? [written] : written;
    return Array.isArray(list) && list.every((one) => typeof one === 'string' && ADDRESS.test(one))
      ? [...new Set(list as string[])]
      : undefined;
  },
};

function isWithin(value: unknown, from: number, to: number): value is number {
  return typeof value === 'number' && value >= from && value <= to;
}
