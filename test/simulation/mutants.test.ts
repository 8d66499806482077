import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { MUTANTS } from './command/mutant-list.ts';

const places = MUTANTS.flatMap(({ name, edits }) => edits.map((edit) => ({ name, ...edit })));

test.each(places)('the bug "$name" finds its place in $file, once', ({ file, find, replace }) => {
  const source = readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');
  expect(source.split(find).length - 1).toBe(1);
  expect(replace).not.toBe(find);
});
