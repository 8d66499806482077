import type { Edit } from './plant-mutant.ts';

/** A bug that somebody could make, and where it is planted. */
export interface Mutant {
  name: string;
  edits: readonly Edit[];
}

/** A bug of one place. */
export const one = (name: string, file: string, [find, replace]: [string, string]): Mutant => ({
  name,
  edits: [{ file, find, replace }],
});
