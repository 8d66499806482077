import { expect, it } from 'vitest';
import { type Buckets, emptyBuckets, type ObjectVersion } from './empty-buckets.ts';

/** Buckets in memory that list two versions at a time and refuse to delete what is called `locked`. */
function bucketsOf(contents: Record<string, string[]>): Buckets {
  const named = ({ key, versionId }: ObjectVersion) => (versionId === 'null' ? key : `${key}@${versionId}`);
  return {
    ofStack: async (stackName) => (stackName === 'sluice-dev' ? Object.keys(contents) : []),
    someVersions: async (bucket) =>
      (contents[bucket] ?? []).slice(0, 2).map((name) => {
        const [key = '', versionId = 'null'] = name.split('@');
        return { key, versionId };
      }),
    deleteVersions: async (bucket, versions) => {
      const names = versions.map(named);
      contents[bucket] = (contents[bucket] ?? []).filter((name) => name === 'locked' || !names.includes(name));
      return names.filter((name) => name === 'locked').map((name) => `AccessDenied for ${name}`);
    },
  };
}

it('empties every bucket of the stack, old versions with it, however many pages it takes', async () => {
  const contents = { archive: ['a', 'b', 'c', 'd', 'e'], drop: ['a@1', 'a@2', 'a@3'], failures: [], deployment: ['z'] };
  expect(await emptyBuckets('sluice-dev', bucketsOf(contents))).toBe(9);
  expect(contents).toStrictEqual({ archive: [], drop: [], failures: [], deployment: [] });
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
