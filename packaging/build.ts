import { rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { buildLibrary, ENTRIES } from './build-library.ts';
import { buildProgram } from './build-program.ts';
import { buildTypes } from './build-types.ts';

/**
 * Makes `dist/`, which is what an installed package runs: Node strips no types below `node_modules`. The repository itself
 * needs none of it. `npm pack` runs this first; an argument names another folder.
 */
const ROOT = join(import.meta.dirname, '..');
const OUT = resolve(process.argv[2] ?? join(ROOT, 'dist'));

rmSync(OUT, { recursive: true, force: true });
await buildLibrary(ROOT, OUT);
buildTypes(ROOT, OUT);
await buildProgram(ROOT, OUT);
console.log(`dist: ${Object.keys(ENTRIES).join(', ')} and the command sluice`);
