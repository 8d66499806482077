import { expect, it } from 'vitest';
import { type Buckets, emptyBuckets } from './empty-buckets.ts';

/** Buckets in memory that list two keys at a time and refuse to delete what is called `locked`. */
function bucketsOf(contents: Record<string, string[]>): Buckets {
  return {
    ofStack: async (stackName) => (stackName === 'sluice-dev' ? Object.keys(contents) : []),
    someKeys: async (bucket) => (contents[bucket] ?? []).slice(0, 2),
    deleteKeys: async (bucket, keys) => {
      contents[bucket] = (contents[bucket] ?? []).filter((key) => key === 'locked' || !keys.includes(key));
      return keys.filter((key) => key === 'locked').map((key) => `AccessDenied for ${key}`);
    },
  };
}

it('empties every bucket of the stack, however many pages it takes', async () => {
  const contents = { archive: ['a', 'b', 'c', 'd', 'e'], failures: [], deployment: ['z'] };
  expect(await emptyBuckets('sluice-dev', bucketsOf(contents))).toBe(6);
  expect(contents).toStrictEqual({ archive: [], failures: [], deployment: [] });
});

it('touches no other stack', async () => {
  const contents = { archive: ['a'] };
  expect(await emptyBuckets('sluice-prod', bucketsOf(contents))).toBe(0);
  expect(contents).toStrictEqual({ archive: ['a'] });
});

it('stops at an object that cannot be deleted, and does not try for ever', async () => {
  await expect(emptyBuckets('sluice-dev', bucketsOf({ archive: ['locked', 'b'] }))).rejects.toThrow(
    'Expected to empty the bucket archive, got AccessDenied for locked; nothing was removed but objects',
  );
});
