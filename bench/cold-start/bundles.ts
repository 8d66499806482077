import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { type BuildOptions, build, type Metafile, type Plugin } from 'esbuild';
import { parse } from 'yaml';

const require = createRequire(import.meta.url);
const ROOT = join(import.meta.dirname, '..', '..');
const FOLDER = join(ROOT, '.local', 'bench-bundles');

export interface Bundle {
  name: string;
  /** Where it can be imported. */
  file: string;
  /** Bytes of the file that Lambda imports. */
  entryBytes: number;
  /** Bytes that are read before anything is loaded on demand: the entry and all that it imports. */
  startBytes: number;
  /** Bytes of the whole package. */
  totalBytes: number;
  /** Packages whose code is in it, largest first. */
  packages: string[];
}

interface Serverless {
  /** A text where the function is made by infrastructure/ and not always deployed. */
  functions: Record<string, { handler: string } | string>;
}

interface EsbuildSettings extends Omit<BuildOptions, 'plugins'> {
  /** A file that exports them. */
  plugins?: string;
  exclude?: string[];
  outputFileExtension?: string;
  concurrency?: number;
}

function readYaml<T>(file: string): T {
  return parse(readFileSync(join(ROOT, file), 'utf8'), { merge: true }) as T;
}

/** The functions of serverless.yml, bundled with the settings that they are deployed with. */
export async function bundleFunctions(): Promise<Bundle[]> {
  const { functions } = readYaml<Serverless>('serverless.yml');
  const bundles: Bundle[] = [];
  for (const [name, written] of Object.entries(functions)) {
    const file = typeof written === 'string' ? handlerFile(name) : `${written.handler.replace(/\.\w+$/, '')}.ts`;
    bundles.push(await bundle(name, { entryPoints: { handler: file } }));
  }
  return bundles;
}

/** `evaluateRules` is services/evaluate-rules. */
function handlerFile(name: string): string {
  return `services/${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}/handler.ts`;
}

/** What a function usually is: every client and middy in one file, loaded at the start. */
export function bundleEverything(): Promise<Bundle> {
  const clients = ['dynamodb', 'firehose', 's3', 'sns'].map(
    (name) => `export * as ${name} from '@aws-sdk/client-${name}';`,
  );
  const contents = [...clients, `export { default as middy } from '@middy/core';`].join('\n');
  const stdin = { contents, resolveDir: ROOT, sourcefile: 'handler.ts' };
  return bundle('all clients and middy in one file', { stdin, splitting: false, external: [] });
}

async function bundle(name: string, options: BuildOptions): Promise<Bundle> {
  const {
    exclude = [],
    outputFileExtension = '.mjs',
    concurrency: _,
    plugins = '',
    ...settings
  } = readYaml<EsbuildSettings>('infrastructure/esbuild.yml');
  const outdir = join(FOLDER, name.replaceAll(' ', '-'));
  rmSync(outdir, { recursive: true, force: true });
  mkdirSync(outdir, { recursive: true });
  const { metafile } = await build({
    ...settings,
    plugins: require(join(ROOT, plugins)) as Plugin[],
    absWorkingDir: ROOT,
    external: exclude,
    outExtension: { '.js': outputFileExtension },
    outdir,
    metafile: true,
    logLevel: 'error',
    ...options,
  });
  return { name, ...sizesOf(metafile as Metafile) };
}

const ENTRY = /\/(?:handler|stdin)\.mjs$/;

function sizesOf({ outputs }: Metafile): Omit<Bundle, 'name'> {
  // What is loaded on demand is an entry point of esbuild too.
  const entry = Object.keys(outputs).find((path) => ENTRY.test(path)) ?? '';
  const start = new Set<string>();
  const visit = (path: string) => {
    const output = outputs[path];
    if (output === undefined || start.has(path)) return;
    start.add(path);
    for (const { kind, path: imported } of output.imports) if (kind === 'import-statement') visit(imported);
  };
  visit(entry);
  const bytesOf = (paths: Iterable<string>) => [...paths].reduce((sum, path) => sum + (outputs[path]?.bytes ?? 0), 0);
  return {
    file: join(ROOT, entry),
    entryBytes: bytesOf([entry]),
    startBytes: bytesOf(start),
    totalBytes: bytesOf(Object.keys(outputs)),
    packages: packagesOf(outputs),
  };
}

function packagesOf(outputs: Metafile['outputs']): string[] {
  const bytes = new Map<string, number>();
  for (const { inputs } of Object.values(outputs)) {
    for (const [path, { bytesInOutput }] of Object.entries(inputs)) {
      const name = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1];
      if (name !== undefined && bytesInOutput > 0) bytes.set(name, (bytes.get(name) ?? 0) + bytesInOutput);
    }
  }
  return [...bytes].sort(([, a], [, b]) => b - a).map(([name]) => name);
}
