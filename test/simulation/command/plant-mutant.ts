import { registerHooks } from 'node:module';
import { workerData } from 'node:worker_threads';

/** A piece of source that is put in another's place. */
export interface Edit {
  /** From the repository's root. */
  file: string;
  find: string;
  replace: string;
}

const { edits = [] } = (workerData ?? {}) as { edits?: Edit[] };

/** Loaded into a worker before the simulation: plants the bug as the file is loaded. The file itself is not touched. */
registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context);
    const own = edits.filter(({ file }) => url.endsWith(`/${file}`));
    if (own.length === 0) return loaded;
    const source = own.reduce(plant, String(loaded.source));
    return { ...loaded, source };
  },
});

function plant(source: string, { file, find, replace }: Edit): string {
  const found = source.split(find).length - 1;
  if (found !== 1) throw new Error(`expected ${JSON.stringify(find)} once in ${file}, found it ${found} times`);
  return source.replace(find, () => replace);
}
