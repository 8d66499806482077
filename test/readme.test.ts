import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { PROJECT_FOLDER } from '../local/local-folder.ts';
import { fencedBlocks, PRODUCERS, producerBlock } from './support/readme.ts';

const read = (...path: string[]) => readFileSync(join(PROJECT_FOLDER, ...path), 'utf8');

/** The part of the README that shows how to log: each of its blocks is one producer's. */
const PUT_SOMETHING = /^## Put something$([\s\S]*?)^## /m.exec(read('README.md'))?.[1] ?? '';

test("each block of the README's section on producers is on the list of those that tests run", () => {
  const names = Object.keys(PRODUCERS) as (keyof typeof PRODUCERS)[];
  const inReadme = fencedBlocks(PUT_SOMETHING).map(({ text }) => text);
  expect(inReadme.sort()).toEqual(names.map(producerBlock).sort());
});

test('each of the list is run by an end-to-end test', () => {
  const folder = join(PROJECT_FOLDER, 'test/e2e');
  const tests = readdirSync(folder).map((file) => read('test/e2e', file));
  const unused = Object.keys(PRODUCERS).filter(
    (name) => !tests.some((text) => text.includes(`producerBlock('${name}')`)),
  );
  expect(unused).toEqual([]);
});

test('each sample that the README lists is there, and each that is there is listed', () => {
  const rows = [...PUT_SOMETHING.matchAll(/^\| `npm run example ([^|]+?) \|/gm)].map(([, names = '']) => names);
  const samples = readdirSync(join(PROJECT_FOLDER, 'examples'), { withFileTypes: true }).filter((entry) =>
    entry.isDirectory(),
  );
  expect(rows.flatMap((names) => names.match(/[a-z-]+/g)).sort()).toEqual(samples.map(({ name }) => name).sort());
});
