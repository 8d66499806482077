import { join } from 'node:path';
import { build, type Metafile } from 'esbuild';

/** What applications import, by the path after `sluice/`: the same names stand in `exports` of package.json. */
export const ENTRIES: Readonly<Record<string, string>> = {
  client: 'client/index.ts',
  'client/pino': 'client/pino-transport.ts',
  'client/winston': 'client/winston-transport.ts',
};

/** What an application must have itself; everything else of ours is in the file. */
const EXTERNAL = ['@aws-sdk/*', 'winston-transport'];

/**
 * Bundles the entries twice: ES modules, in which the Kinesis client is loaded with the first call, and CommonJS. Answers
 * what went in.
 */
export async function buildLibrary(root: string, out: string): Promise<Metafile[]> {
  const shared = {
    absWorkingDir: root,
    entryPoints: Object.fromEntries(Object.entries(ENTRIES).map(([name, file]) => [`${name}/index`, file])),
    outdir: out,
    bundle: true,
    platform: 'node',
    target: 'node20',
    external: EXTERNAL,
    metafile: true,
    logLevel: 'warning',
  } as const;
  const chunkNames = 'client/[name]-[hash]';
  const modules = await build({ ...shared, format: 'esm', splitting: true, chunkNames });
  const common = await build({ ...shared, format: 'cjs', outExtension: { '.js': '.cjs' } });
  return [modules.metafile, common.metafile];
}

/** The folder of an entry's types. */
export function typesFolder(out: string): string {
  return join(out, 'types');
}
