import { join } from 'node:path';
import { startLocalCloud } from '../../local/local-cloud.ts';
import { enterLocalCloud } from '../../local/local-environment.ts';
import { localFolder, PROJECT_FOLDER } from '../../local/local-folder.ts';

/**
 * One local cloud for all contract and end-to-end tests, apart from the one that a person may have running. It ends
 * with the run, and with its process if that is killed. AWS_ENDPOINT_URL already set means: use that one.
 */
export default async function setup(): Promise<() => Promise<void>> {
  const folder = localFolder(join(PROJECT_FOLDER, '.local', 'test'));
  const onProgress = (line: string) => process.stderr.write(`${line}\n`);
  const cloud = await startLocalCloud({ owner: true, folder, onProgress });
  enterLocalCloud(process.env, cloud.endpoint);
  return () => cloud.stop();
}
