import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { clearCloud, runningCloud } from './cloud-process.ts';
import { readCloudState, writeCloudState } from './cloud-state.ts';
import { localCloudStatus, startLocalCloud, stopLocalCloud } from './local-cloud.ts';
import { localFolder } from './local-folder.ts';
import { groupRuns, processStamp } from './process-group.ts';

const newFolder = () => localFolder(mkdtempSync(join(tmpdir(), 'sluice-local-')));
const state = { endpoint: 'http://127.0.0.1:1', region: 'us-east-1', port: 1, startedAt: '2026-11-21T08:00:00.000Z' };
let servers: Server[] = [];

/** An HTTP server that answers everything with this. */
async function serve(status: number, body: string): Promise<string> {
  const server = createServer((_, response) => response.writeHead(status).end(body)).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as { port: number }).port}`;
}

function startSleeper(): number {
  return spawn('sleep', ['1000'], { detached: true, stdio: 'ignore' }).pid ?? 0;
}

beforeEach(() => vi.stubEnv('AWS_ENDPOINT_URL', ''));
afterEach(() => {
  vi.unstubAllEnvs();
  for (const server of servers) server.close();
  servers = [];
});

test('AWS_ENDPOINT_URL that answers is used, and neither started nor stopped', async () => {
  const endpoint = await serve(403, 'not ministack');
  vi.stubEnv('AWS_ENDPOINT_URL', `${endpoint}/`);
  const folder = newFolder();
  const lines: string[] = [];
  const cloud = await startLocalCloud({ folder, onProgress: (line) => lines.push(line) });
  expect(cloud).toMatchObject({ endpoint, origin: 'external' });
  expect(lines).toEqual([`using the cloud at ${endpoint}, which AWS_ENDPOINT_URL names`]);
  await cloud.stop();
  await expect(stopLocalCloud({ folder })).resolves.toBe('external');
  await expect(localCloudStatus({ folder })).resolves.toMatchObject({ running: true, endpoint, external: true });
  expect(existsSync(folder.state)).toBe(false);
});

test('AWS_ENDPOINT_URL that does not answer is a sentence', async () => {
  vi.stubEnv('AWS_ENDPOINT_URL', 'http://127.0.0.1:1');
  await expect(startLocalCloud({ folder: newFolder() })).rejects.toMatchObject({
    code: 'endpoint-unreachable',
    message: expect.stringContaining('Nothing answers at http://127.0.0.1:1, which AWS_ENDPOINT_URL names'),
  });
});

test('nothing was started: the status says so and a stop has nothing to do', async () => {
  const folder = newFolder();
  await expect(localCloudStatus({ folder })).resolves.toEqual({ running: false, reason: 'none was started' });
  await expect(stopLocalCloud({ folder })).resolves.toBe('not-running');
});

test('a state whose process number another process has by now is cleared, and that process let be', async () => {
  const folder = newFolder();
  const pid = startSleeper();
  const endpoint = await serve(200, '{"services":{}}');
  writeCloudState(folder.state, { ...state, endpoint, pid, processStamp: 'another time' });
  await expect(runningCloud(folder)).resolves.toBeUndefined();
  await expect(stopLocalCloud({ folder })).resolves.toBe('not-running');
  expect(existsSync(folder.state)).toBe(false);
  expect(groupRuns(pid)).toBe(true);
  process.kill(pid);
});

test('a process of ours whose port somebody else answers at is not running, and is ended', async () => {
  const folder = newFolder();
  const pid = startSleeper();
  const endpoint = await serve(200, '<html>another program</html>');
  writeCloudState(folder.state, { ...state, endpoint, pid, processStamp: processStamp(pid) ?? '' });
  await expect(localCloudStatus({ folder })).resolves.toEqual({
    running: false,
    reason: `the one started at ${state.startedAt} no longer answers at ${endpoint}`,
  });
  await expect(clearCloud(folder)).resolves.toBe(true);
  expect(groupRuns(pid)).toBe(false);
});

test('a process of ours that answers is running, and its temporary files go with it', async () => {
  const folder = newFolder();
  const pid = startSleeper();
  const endpoint = await serve(200, '{"services":{"s3":"available"}}');
  writeCloudState(folder.state, { ...state, endpoint, pid, processStamp: processStamp(pid) ?? '' });
  mkdirSync(join(folder.temporary, 'lambda'), { recursive: true });
  await expect(localCloudStatus({ folder })).resolves.toMatchObject({ running: true, endpoint, pid, external: false });
  await expect(startLocalCloud({ folder })).resolves.toMatchObject({ endpoint, origin: 'reused' });
  await expect(stopLocalCloud({ folder })).resolves.toBe('stopped');
  expect([groupRuns(pid), existsSync(folder.state), existsSync(folder.temporary)]).toEqual([false, false, false]);
});

test.each(['', '{', '[]', '{"pid": 1}', '{"pid": "x", "endpoint": 3}'])(
  'a state file that reads %j is as none',
  (text) => {
    const folder = newFolder();
    writeFileSync(folder.state, text);
    expect(readCloudState(folder.state)).toBeUndefined();
  },
);

test('a state is read as it was written', () => {
  const folder = newFolder();
  const written = { ...state, pid: 4711, processStamp: '99', owner: 12 };
  writeCloudState(folder.state, written);
  expect(readCloudState(folder.state)).toEqual(written);
  expect(JSON.parse(readFileSync(folder.state, 'utf8'))).toEqual(written);
});
