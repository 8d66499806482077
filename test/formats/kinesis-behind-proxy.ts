import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer as createProxy, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { FluentBit } from '../support/fluent-bit-program.ts';

/** The name of the service, which is nowhere else than behind the proxy. */
export const KINESIS_HOST = 'kinesis.test';

/** Kinesis as Fluent Bit sees it, with nothing behind it: what it was sent stays here. */
export interface KinesisBehindProxy {
  proxy: string;
  certificate: string;
  /** The bytes of the records of a stream, in the order in which they came. */
  records(stream: string): Buffer[];
  close(): Promise<void>;
}

interface PutRecords {
  StreamName: string;
  Records: { Data: string; PartitionKey: string }[];
}

/**
 * Fluent Bit sends to port 443, over TLS, and nothing else. So it gets a proxy, whatever it connects to through it is this
 * server, and the server's certificate, which is made for it in the folder, is the only one that it is to trust.
 */
export async function kinesisBehindProxy(folder: string, { openssl, env }: FluentBit): Promise<KinesisBehindProxy> {
  const certificate = join(folder, 'certificate.pem');
  const key = join(folder, 'key.pem');
  const made = ['-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-keyout', key, '-out', certificate];
  const names = ['-subj', `/CN=${KINESIS_HOST}`, '-addext', `subjectAltName=DNS:${KINESIS_HOST}`];
  execFileSync(openssl, ['req', ...made, ...names], { env: { ...process.env, ...env }, stdio: 'ignore' });
  const streams = new Map<string, Buffer[]>();
  const service = createServer({ key: readFileSync(key), cert: readFileSync(certificate) }, (request, response) => {
    void answer(request, response, streams);
  });
  const sockets = new Set<{ destroy(): void }>();
  const proxy = createProxy().on('connect', (_request, socket) => {
    sockets.add(socket);
    socket.on('error', () => {}).write('HTTP/1.1 200 OK\r\n\r\n');
    service.emit('connection', socket);
  });
  await once(proxy.listen(0, '127.0.0.1'), 'listening');
  return {
    proxy: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    certificate,
    records: (stream) => streams.get(stream) ?? [],
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await once(proxy.close(), 'close');
    },
  };
}

async function answer(request: IncomingMessage, response: ServerResponse, streams: Map<string, Buffer[]>) {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const { StreamName: stream, Records: records } = JSON.parse(Buffer.concat(chunks).toString('utf8')) as PutRecords;
  const data = records.map(({ Data }) => Buffer.from(Data, 'base64'));
  streams.set(stream, [...(streams.get(stream) ?? []), ...data]);
  const put = data.map((_, index) => ({ SequenceNumber: String(index), ShardId: 'shardId-000000000000' }));
  response.setHeader('content-type', 'application/x-amz-json-1.1');
  response.end(JSON.stringify({ FailedRecordCount: 0, Records: put }));
}
