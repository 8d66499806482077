import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { functionConfigurations } from '../../infrastructure/function-configuration.ts';
import { parseConfiguration } from '../../shared/runtime/configuration.ts';
import { readBatch } from '../../shared/stream/read-batch.ts';
import { streamRecord } from '../../test/support/stream-records.ts';

let puts: string[];
let server: Server;

beforeEach(async () => {
  puts = [];
  server = createServer((request, response) => {
    puts.push(`${request.method} ${request.url}`);
    response.end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const environment = {
    AWS_ENDPOINT_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    LEDGER_TABLE: 'ledger',
    INCIDENTS_TABLE: 'incidents',
    APPLICATION_LOGS_TABLE: 'logs',
    ARCHIVE_BUCKET: 'archive',
    RETENTION_HOURS: '24',
  };
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
});

afterEach(() => {
  vi.unstubAllEnvs();
  vi.resetModules();
  server.closeAllConnections();
  server.close();
});

const poison = streamRecord(1, new Uint8Array([0xff, 0xfe, 0xfd, 0x00]));

test.each([
  ['archive: {enabled: false}', [expect.stringMatching(/^PUT \/archive\/quarantine\/dt%3D/)]],
  ['archive: {enabled: true}', []],
])('as deployed with %s, what cannot be understood is kept once, by one of two', async (text, expected) => {
  vi.stubEnv('SLUICE_CONFIG', functionConfigurations(parseConfiguration(text)).projectIncidents);
  const { options } = await import('./wiring.ts');
  const { failed } = await options.consumer.handle(
    readBatch([poison], () => false),
    Date.now() + 60_000,
  );
  expect([...failed]).toEqual([]);
  expect(puts).toEqual(expected);
});
