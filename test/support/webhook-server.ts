import { createServer, request as httpRequest, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach } from 'vitest';
import type { WebhookNetwork } from '../../shared/runtime/webhook-request.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

export interface Came {
  headers: IncomingMessage['headers'];
  path: string;
  body: string;
}

/** A server that answers so, in place of `hooks.test`, without TLS; everything else of the sender is as deployed. */
export async function hooks(
  answer: (came: Came) => { status: number; location?: string } | 'never' = () => ({ status: 204 }),
) {
  const came: Came[] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part) => parts.push(part));
    request.on('end', () => {
      const one = { headers: request.headers, path: request.url ?? '', body: Buffer.concat(parts).toString() };
      came.push(one);
      const given = answer(one);
      if (given === 'never') return;
      const { status, location } = given;
      response.writeHead(status, location ? { location } : {}).end('x'.repeat(100_000));
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const network: WebhookNetwork = {
    request: (options, onResponse) => httpRequest({ ...options, port }, onResponse),
    lookup: (_, __, callback) => callback(null, [{ address: '127.0.0.1', family: 4 }]),
    isAllowed: () => true,
  };
  return { came, network };
}
