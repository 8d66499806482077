import { join } from 'node:path';
import { build } from 'esbuild';

/** Bundles the command `sluice` for an installed package; the packages that it uses are dependencies. */
export async function buildProgram(root: string, out: string): Promise<void> {
  await build({
    absWorkingDir: root,
    entryPoints: ['cli/main.ts'],
    outdir: join(out, 'cli'),
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    target: 'node22',
    packages: 'external',
    logLevel: 'warning',
  });
}
