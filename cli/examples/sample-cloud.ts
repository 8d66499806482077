import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { runServerless } from '../../local/deploy.ts';
import { preparePython, startLocalCloud } from '../../local/local-cloud.ts';
import { enterLocalCloud, LOCAL_STAGE } from '../../local/local-environment.ts';
import { localFolder, NODE_FOLDER } from '../../local/local-folder.ts';
import { apiKeyValue } from '../../shared/aws/api-key.ts';
import { stackOutputs } from '../../shared/aws/stack-outputs.ts';
import type { Progress } from '../demo/progress.ts';

export type Outputs = Record<string, string>;

/** The deployment on the local cloud: the one that is there, or a new one, which stays. */
export async function openSampleCloud(progress: Progress): Promise<Outputs> {
  const cloud = await progress.step('cloud', 'local cloud', (onProgress) => startLocalCloud({ onProgress }));
  enterLocalCloud(process.env, cloud.endpoint);
  const found = await stackOutputs(`sluice-${LOCAL_STAGE}`);
  if (found?.StreamName !== undefined) return found;
  return await progress.step('deploy', 'serverless deploy --stage local', async () => {
    await runServerless('deploy', { endpoint: cloud.endpoint });
    return (await stackOutputs(`sluice-${LOCAL_STAGE}`)) ?? {};
  });
}

/** What a sample finds in its environment: where to log, Node 24 and the Python of the local cloud, a folder. */
export async function sampleEnvironment(name: string, outputs: Outputs): Promise<NodeJS.ProcessEnv> {
  const folder = join(localFolder().path, 'examples', name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const python = await preparePython(() => {});
  return {
    ...process.env,
    PATH: `${NODE_FOLDER}:${python}:${process.env.PATH ?? ''}`,
    PYTHONDONTWRITEBYTECODE: '1',
    SAMPLE_FOLDER: folder,
    SLUICE_STREAM: outputs.StreamName,
    LOGS_API_URL: outputs.LogsApiUrl,
    LOGS_API_KEY: await apiKeyValue(outputs.LogsApiKeyId ?? ''),
  };
}
