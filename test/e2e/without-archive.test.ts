import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { runCli } from '../../cli/run-cli.ts';
import { runServerless } from '../../local/deploy.ts';
import { startLocalCloud } from '../../local/local-cloud.ts';
import { enterLocalCloud } from '../../local/local-environment.ts';
import { localFolder } from '../../local/local-folder.ts';
import { kinesisStream } from '../../shared/aws/kinesis-stream.ts';
import { stackOutputs } from '../../shared/aws/stack-outputs.ts';
import { systemClock } from '../../shared/runtime/system-clock.ts';
import { putRecords } from '../../shared/stream/put-records.ts';
import { captureStreams } from '../support/captured-streams.ts';
import { DeployedEffects } from '../support/deployed-effects.ts';
import { readObjects } from '../support/read-objects.ts';

/** A cloud of its own: the other tests look into the archive. */

const MINUTES = 60_000;
let outputs: Record<string, string>;
let ended: () => Promise<void>;

beforeAll(async () => {
  const parent = mkdtempSync(join(tmpdir(), 'sluice-without-archive-'));
  for (const name of ['AWS_ENDPOINT_URL', 'AWS_REGION', 'SLUICE_LOCAL_PORT']) vi.stubEnv(name, undefined);
  const cloud = await startLocalCloud({ owner: true, folder: localFolder(parent) });
  ended = async () => {
    await cloud.stop();
    rmSync(parent, { recursive: true });
  };
  enterLocalCloud(process.env, cloud.endpoint);
  const configurationFile = join(parent, 'sluice.yml');
  writeFileSync(configurationFile, 'archive: { enabled: false }\n');
  await runServerless('deploy', { endpoint: cloud.endpoint, configurationFile });
  outputs = (await stackOutputs('sluice-local')) ?? {};
}, 4 * MINUTES);

afterAll(async () => {
  await ended();
  vi.unstubAllEnvs();
});

const poll = (ask: () => Promise<unknown>) => expect.poll(ask, { timeout: MINUTES / 2, interval: 100 });

test('without the archive alerts and incidents are as ever, and what cannot be understood is kept to the byte', async () => {
  const missing = new LambdaClient({}).send(new GetFunctionCommand({ FunctionName: 'sluice-local-archiveEvents' }));
  await expect(missing).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  const deployed = new DeployedEffects(outputs);
  const poison = Buffer.from([0xff, 0xfe, 0xfd]);
  const send = kinesisStream(outputs.StreamName ?? '');
  const { unsent } = await putRecords([{ data: poison, partitionKey: 'poison' }], { send, clock: systemClock });
  expect(unsent).toEqual([]);
  await deployed.put([{ level: 'error', source: 'neighbour', message: 'of a poison' }]);
  await poll(() => deployed.incidentsOf('neighbour')).toEqual([['error', 1]]);
  await poll(() => deployed.noticesOf('neighbour')).toEqual([['first', 1]]);
  const kept = async () => (await readObjects(outputs.ArchiveBucket ?? '', 'quarantine/')).map(({ data }) => data);
  await poll(kept).toEqual([poison.toString('base64')]);
});

test('without the archive a query says why there is nothing to ask, and what to do', async () => {
  const capture = captureStreams({ env: process.env });
  expect(await runCli(['query', 'run', 'top-templates'], capture.streams)).toBe(1);
  expect(capture.stderr()).toContain('archive.enabled: false in sluice.yml. Leave that out and deploy again');
});
