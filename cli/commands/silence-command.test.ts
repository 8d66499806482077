import { expect, test } from 'vitest';
import { captureStreams } from '../../test/support/captured-streams.ts';
import { runCli } from '../run-cli.ts';

async function refusal(...options: string[]): Promise<[number, string]> {
  const { streams, stderr } = captureStreams();
  const code = await runCli(['silence', 'add', ...options], streams);
  return [code, stderr()];
}

const WHY = ['--reason', 'a deployment'];
const SHOP = ['--matcher', 'source=shop'];

test.each<[string, string[]]>([
  ["required option '--matcher", ['--for', '2h', ...WHY]],
  ["required option '--reason", ['--for', '2h', ...SHOP]],
  ['exactly one of --for and --until', [...SHOP, ...WHY]],
  ['exactly one of --for and --until', [...SHOP, ...WHY, '--for', '2h', '--until', '2026-11-21T18:00']],
  ['a silence ends after now, got 2020-01-01', [...SHOP, ...WHY, '--until', '2020-01-01T00:00Z']],
  ['at most 365 days later', [...SHOP, ...WHY, '--for', '366d']],
  ['this would hide everything', ['--matcher', 'source=~".*"', ...WHY, '--for', '2h']],
  ['expected', ['--matcher', 'severity=high', ...WHY, '--for', '2h']],
  ['expected', ['--matcher', 'source=~"(a"', ...WHY, '--for', '2h']],
  ['a reason of up to 500 characters', [...SHOP, '--for', '2h', '--reason', 'x'.repeat(501)]],
  ['1 to 20 matchers', [...Array(21).fill(SHOP).flat(), ...WHY, '--for', '2h']],
])('is refused before anything is asked of AWS: %s', async (sentence, options) => {
  expect(await refusal(...options)).toEqual([2, expect.stringContaining(sentence)]);
});
