import type { z } from 'zod';
import type { Kind } from './configuration-values.ts';
import { nearestName } from './nearest-name.ts';

/** Names a fault at a path below the setting that is read. */
export type Report = (path: readonly PropertyKey[], expected: string, advice: string) => void;

/** Reads a value at a path. Answers nothing when it reported a fault, or when nothing was written. */
export type Parse<T> = (written: unknown, path: readonly PropertyKey[], report: Report) => T | undefined;

/** A value of a kind. */
export function kindOf<T>(kind: Kind<T>): Parse<T> {
  return (written, path, report) => {
    if (written === undefined || written === null) return undefined;
    const value = kind.parse(written);
    if (value === undefined)
      report(path, kind.expected, typeof kind.advice === 'string' ? kind.advice : kind.advice(written));
    return value;
  };
}

/** A list, each entry of which is read by `parse`. One entry may stand without its list. */
export function listOf<T>(parse: Parse<T>, { most, of }: { most: number; of: string }): Parse<T[]> {
  return (written, path, report) => {
    if (written === undefined || written === null) return undefined;
    const entries = Array.isArray(written) ? written : [written];
    if (entries.length > most) report(path, `at most ${most} ${of}`, 'write fewer');
    return entries.slice(0, most).flatMap((entry, place) => {
      const value = parse(entry, Array.isArray(written) ? [...path, place] : path, report);
      if (entry === null || entry === undefined) report([...path, place], `one of the ${of}`, 'remove the empty entry');
      return value === undefined ? [] : [value];
    });
  };
}

type Fields<Shape extends Record<string, Parse<unknown>>> = {
  [Name in keyof Shape]?: Shape[Name] extends Parse<infer T> ? T : never;
};

/** A group of settings by name. Names that it does not know are faults. */
export function groupOf<Shape extends Record<string, Parse<unknown>>>(
  shape: Shape,
  { required = [] }: { required?: readonly (keyof Shape & string)[] } = {},
): Parse<Fields<Shape>> {
  const names = Object.keys(shape);
  return (written, path, report) => {
    if (written === undefined || written === null) return undefined;
    if (typeof written !== 'object' || Array.isArray(written)) {
      report(path, `settings by name: ${names.join(', ')}`, 'indent them below, one a line');
      return undefined;
    }
    const values = new Map<string, unknown>(Object.entries(written));
    const unknown = [...values.keys()].filter((key) => !names.includes(key));
    for (const key of unknown) reportUnknown(key, { names, path, report });
    const missing = required.filter((key) => (values.get(key) ?? undefined) === undefined);
    for (const key of missing) report(path, `settings with ${key}`, 'it cannot be left out');
    const read = names.map((key) => [key, shape[key]?.(values.get(key), [...path, key], report)] as const);
    return Object.fromEntries(read.filter(([, value]) => value !== undefined)) as Fields<Shape>;
  };
}

function reportUnknown(
  key: string,
  { names, path, report }: { names: readonly string[]; path: readonly PropertyKey[]; report: Report },
): void {
  const near = nearestName(key, names);
  report([...path, key], `one of ${names.join(', ')}`, near ? `did you mean ${near}?` : 'remove it');
}

/** Reports into the issues of a zod schema. */
export function reportTo(context: z.core.$RefinementCtx): Report {
  return (path, expected, advice) =>
    context.addIssue({ code: 'custom', path: [...path], message: expected, params: { advice } });
}
