import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { FUNCTIONS } from './deployed-ports.ts';

test('the doctor asks of every function whether it was throttled', () => {
  const { functions } = parse(readFileSync('serverless.yml', 'utf8')) as { functions: Record<string, unknown> };
  expect([...FUNCTIONS].sort()).toEqual(Object.keys(functions).sort());
});
