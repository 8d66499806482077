import { atMost, type Budget } from '../harness/result.ts';
import type { Bundle } from './bundles.ts';

export const SIZE_BUDGETS = { entryKilobytes: 10, wholeKilobytes: 400, importMilliseconds: 5 };

/** Packages that compile schemas or validators when they are loaded. @middy/validator only calls what was compiled. */
const COMPILERS = ['zod', 'ajv', 'yaml'];

export function sizeBudgets(bundles: readonly Bundle[]): Budget[] {
  return bundles.flatMap(({ name, entryBytes, totalBytes, packages }) => [
    atMost(`${name}: entry`, entryBytes / 1_000, SIZE_BUDGETS.entryKilobytes, 'KB'),
    atMost(`${name}: whole function`, totalBytes / 1_000, SIZE_BUDGETS.wholeKilobytes, 'KB'),
    atMost(`${name}: packages that compile at load`, packages.filter((each) => COMPILERS.includes(each)).length, 0, ''),
  ]);
}
