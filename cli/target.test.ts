import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { applyTarget, findTarget } from './target.ts';

const ENDPOINT = 'http://127.0.0.1:4566';

beforeEach(() => {
  vi.stubEnv('AWS_ENDPOINT_URL', '');
  vi.stubEnv('SLUICE_LOCAL_DIR', mkdtempSync(join(tmpdir(), 'sluice-none-')));
});
afterEach(() => vi.unstubAllEnvs());

test.each([
  ['nothing', {}, {}, { stage: 'dev', region: undefined }],
  ['SLUICE_STAGE', {}, { SLUICE_STAGE: 'prod' }, { stage: 'prod', region: undefined }],
  ['--stage over SLUICE_STAGE', { stage: 'test' }, { SLUICE_STAGE: 'prod' }, { stage: 'test', region: undefined }],
  ['AWS_REGION', {}, { AWS_REGION: 'eu-west-1' }, { stage: 'dev', region: 'eu-west-1' }],
  [
    '--region over AWS_REGION',
    { region: 'eu-west-2' },
    { AWS_REGION: 'eu-west-1' },
    { stage: 'dev', region: 'eu-west-2' },
  ],
  ['AWS_ENDPOINT_URL', {}, { AWS_ENDPOINT_URL: ENDPOINT }, { stage: 'local', region: 'us-east-1', endpoint: ENDPOINT }],
  [
    '--stage with it',
    { stage: 'dev' },
    { AWS_ENDPOINT_URL: ENDPOINT },
    { stage: 'dev', region: 'us-east-1', endpoint: ENDPOINT },
  ],
])('%s decides', async (_, options, env, target) => {
  expect(await findTarget(options, env)).toEqual(target);
});

test('stage local where none runs is a sentence that says how to start it', async () => {
  await expect(findTarget({ stage: 'local' }, {})).rejects.toThrow(
    'The local cloud does not run (none was started): start it with sluice local start.',
  );
});

test('the local cloud gets dummy keys, never those of a real account', () => {
  const env: NodeJS.ProcessEnv = {
    AWS_ACCESS_KEY_ID: 'real',
    AWS_SECRET_ACCESS_KEY: 'real',
    AWS_SESSION_TOKEN: 'real',
    AWS_PROFILE: 'real',
  };
  applyTarget({ stage: 'local', region: 'us-east-1', endpoint: ENDPOINT }, env);
  expect(env).toMatchObject({ AWS_ENDPOINT_URL: ENDPOINT, AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' });
  expect([env.AWS_SESSION_TOKEN, env.AWS_PROFILE]).toEqual([undefined, undefined]);
});

test('a target on AWS changes the region and nothing else', () => {
  const env: NodeJS.ProcessEnv = { AWS_PROFILE: 'mine' };
  applyTarget({ stage: 'dev', region: 'eu-west-1' }, env);
  expect(env).toEqual({ AWS_PROFILE: 'mine', AWS_REGION: 'eu-west-1' });
});
