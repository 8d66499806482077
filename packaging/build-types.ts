import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import ts from 'typescript';
import { ENTRIES, typesFolder } from './build-library.ts';

/** Imports of our own files, as TypeScript writes them into a declaration. */
const OWN_IMPORT = /(from |import\()(['"])(\.{1,2}\/[^'"]+)\.ts\2/g;

/**
 * Writes the declarations that the entries need, and no other: each as `.d.ts` for ES modules and as `.d.cts` for
 * CommonJS, since TypeScript wants a declaration of the kind of the file that it describes.
 */
export function buildTypes(root: string, out: string): void {
  const emitted = emit(root);
  for (const file of reachable(emitted, Object.values(ENTRIES))) {
    const target = join(typesFolder(out), file.replace(/\.ts$/, ''));
    const text = emitted.get(file) ?? '';
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(`${target}.d.ts`, text.replace(OWN_IMPORT, '$1$2$3.js$2'));
    writeFileSync(`${target}.d.cts`, text.replace(OWN_IMPORT, '$1$2$3.cjs$2'));
  }
}

/** Declarations by the path of their source. */
function emit(root: string): ReadonlyMap<string, string> {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent({ ...config, include: [], files: [] }, ts.sys, root);
  const files = Object.values(ENTRIES).map((file) => join(root, file));
  const program = ts.createProgram(files, {
    ...options,
    noEmit: false,
    declaration: true,
    emitDeclarationOnly: true,
    rootDir: root,
  });
  const declarations = new Map<string, string>();
  const { diagnostics } = program.emit(undefined, (path, text) => {
    declarations.set(relative(root, path).replace(/\.d\.ts$/, '.ts'), text);
  });
  const [first] = diagnostics;
  if (first !== undefined) throw new Error(ts.flattenDiagnosticMessageText(first.messageText, '\n'));
  return declarations;
}

function reachable(declarations: ReadonlyMap<string, string>, entries: readonly string[]): ReadonlySet<string> {
  const found = new Set(entries);
  for (const file of found) {
    for (const [, , , path] of (declarations.get(file) ?? '').matchAll(OWN_IMPORT)) {
      found.add(join(dirname(file), `${path}.ts`));
    }
  }
  return found;
}
