import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, expect, test, vi } from 'vitest';
import { readCloudState } from '../../local/cloud-state.ts';
import { localCloudStatus, startLocalCloud, stopLocalCloud } from '../../local/local-cloud.ts';
import { localFolder, PROJECT_FOLDER, VIRTUAL_ENVIRONMENT } from '../../local/local-folder.ts';
import { groupRuns, processStamp } from '../../local/process-group.ts';

/** The first of them may install the local cloud's packages. */
const MINUTES = 60_000;
const folder = localFolder(mkdtempSync(join(tmpdir(), 'sluice-cloud-')));

beforeEach(() => vi.stubEnv('AWS_ENDPOINT_URL', ''));
afterEach(() => vi.unstubAllEnvs());
afterAll(() => stopLocalCloud({ folder }));

/** Whether it runs: a zombie, which waits for its parent to take notice, does not. */
const runs = (pid: number) => processStamp(pid) !== undefined;

/** Makes a Lambda and calls it; answers the number of its process and its Node's version. */
async function callLambda(endpoint: string): Promise<{ pid: number; node: string }> {
  const handler = 'exports.handler = async () => ({ pid: process.pid, node: process.version });';
  const zip = `import base64, io, zipfile
b = io.BytesIO()
z = zipfile.ZipFile(b, 'w'); z.writestr('index.js', ${JSON.stringify(handler)}); z.close()
print(base64.b64encode(b.getvalue()).decode())`;
  const python = join(VIRTUAL_ENVIRONMENT, 'bin', 'python');
  const code = execFileSync(python, ['-c', zip], { encoding: 'utf8' }).trim();
  const role = 'arn:aws:iam::000000000000:role/any';
  const definition = {
    FunctionName: 'who',
    Runtime: 'nodejs24.x',
    Role: role,
    Handler: 'index.handler',
    Code: { ZipFile: code },
  };
  const functions = `${endpoint}/2015-03-31/functions`;
  await fetch(functions, { method: 'POST', body: JSON.stringify(definition) });
  const answer = await fetch(`${functions}/who/invocations`, { method: 'POST', body: '{}' });
  return (await answer.json()) as { pid: number; node: string };
}

test(
  'started, reused and stopped, it leaves nothing behind',
  async () => {
    const cloud = await startLocalCloud({ folder });
    expect(cloud.origin).toBe('started');
    const group = readCloudState(folder.state)?.pid ?? 0;
    await expect(startLocalCloud({ folder })).resolves.toMatchObject({ origin: 'reused', endpoint: cloud.endpoint });
    await expect(localCloudStatus({ folder })).resolves.toMatchObject({ running: true, pid: group });
    const lambda = await callLambda(cloud.endpoint);
    expect(lambda.node).toMatch(/^v24\./);
    expect(runs(lambda.pid)).toBe(true);
    await expect(stopLocalCloud({ folder })).resolves.toBe('stopped');
    expect([groupRuns(group), runs(lambda.pid)]).toEqual([false, false]);
    expect([existsSync(folder.state), existsSync(folder.temporary)]).toEqual([false, false]);
  },
  3 * MINUTES,
);

test(
  'several starts at once start one',
  async () => {
    const clouds = await Promise.all([1, 2, 3].map(() => startLocalCloud({ folder })));
    expect(clouds.map((cloud) => cloud.origin).sort()).toEqual(['reused', 'reused', 'started']);
    expect(new Set(clouds.map((cloud) => cloud.endpoint)).size).toBe(1);
    await stopLocalCloud({ folder });
  },
  3 * MINUTES,
);

test(
  'kill -9 of its owner leaves no process of it, Lambdas included, and no state',
  async () => {
    const module = JSON.stringify(join(PROJECT_FOLDER, 'local', 'local-cloud.ts'));
    const script = `import { startLocalCloud } from ${module};
      const cloud = await startLocalCloud({ owner: true });
      console.log(cloud.endpoint);
      setInterval(() => {}, 1e6);`;
    const owner = spawn(process.execPath, ['--input-type=module', '-e', script], {
      env: { ...process.env, SLUICE_LOCAL_DIR: folder.path },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = await once(owner.stdout, 'data');
    const group = readCloudState(folder.state)?.pid ?? 0;
    const lambda = await callLambda(String(line).trim());
    expect([groupRuns(group), runs(lambda.pid)]).toEqual([true, true]);
    owner.kill('SIGKILL');
    await expect.poll(() => [groupRuns(group), runs(lambda.pid)], { timeout: 15_000 }).toEqual([false, false]);
    await expect.poll(() => existsSync(folder.state), { timeout: 5_000 }).toBe(false);
  },
  3 * MINUTES,
);

test(
  'kept, it outlives its owner',
  async () => {
    const cloud = await startLocalCloud({ folder, owner: true });
    await cloud.keep();
    expect(readCloudState(folder.state)).not.toHaveProperty('owner');
    await expect(localCloudStatus({ folder })).resolves.toMatchObject({ running: true, endpoint: cloud.endpoint });
    await cloud.stop();
    await expect(localCloudStatus({ folder })).resolves.toEqual({ running: false, reason: 'none was started' });
  },
  3 * MINUTES,
);
