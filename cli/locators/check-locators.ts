import { readdirSync, readFileSync, statSync } from 'node:fs';
import { extname, join } from 'node:path';
import { CommandFailure } from '../cli-error.ts';
import { findLocators, type LoggerCall } from './find-locators.ts';

export interface Duplicate {
  file: string;
  locator: string;
  /** Two places or more. */
  places: Omit<LoggerCall, 'locator'>[];
}

export interface LocatorReport {
  files: number;
  calls: number;
  duplicates: Duplicate[];
  /** Calls whose locator is no literal. */
  unchecked: ({ file: string } & Omit<LoggerCall, 'locator'>)[];
  /** Files that are no JavaScript or TypeScript after all. */
  unreadable: { file: string; reason: string }[];
}

const EXTENSIONS: ReadonlySet<string> = new Set(['.ts', '.mts', '.cts', '.tsx', '.js', '.mjs', '.cjs', '.jsx']);
/** What a person did not write. */
const SKIPPED: ReadonlySet<string> = new Set(['node_modules', 'dist', 'build', 'coverage']);
const MOST_BYTES = 8 * 1024 * 1024;

/** Checks a module, or every module below a folder. Throws when there is nothing at the path. */
export function checkLocators(path: string): LocatorReport {
  const report: LocatorReport = { files: 0, calls: 0, duplicates: [], unchecked: [], unreadable: [] };
  for (const file of modulesAt(path)) checkModule(file, report);
  return report;
}

function modulesAt(path: string): string[] {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) throw new CommandFailure(`There is nothing at ${path}: check the path.`);
  return stat.isDirectory() ? modulesBelow(path) : [path];
}

function modulesBelow(folder: string): string[] {
  const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  return entries.flatMap((entry) => {
    if (entry.name.startsWith('.') || SKIPPED.has(entry.name)) return [];
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return modulesBelow(path);
    return entry.isFile() && EXTENSIONS.has(extname(entry.name)) ? [path] : [];
  });
}

function checkModule(file: string, report: LocatorReport): void {
  report.files++;
  const { size } = statSync(file);
  const found =
    size > MOST_BYTES
      ? ({ ok: false, reason: `larger than ${MOST_BYTES} bytes` } as const)
      : findLocators(file, readFileSync(file, 'utf8'));
  if (!found.ok) {
    report.unreadable.push({ file, reason: found.reason });
    return;
  }
  report.calls += found.calls.length;
  for (const [locator, calls] of Map.groupBy(found.calls, (call) => call.locator)) {
    const places = calls.map(({ locator: _, ...place }) => place);
    if (locator === undefined) report.unchecked.push(...places.map((place) => ({ file, ...place })));
    else if (places.length > 1) report.duplicates.push({ file, locator, places });
  }
}
