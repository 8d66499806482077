import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Proxy {
  endpoint: string;
  close(): void;
}

/**
 * Says of every request to a local cloud that it came over TLS, as what ends TLS in front of a service does: policies that
 * refuse what comes without are then kept to. HTTP 1.1 alone, which Kinesis's client does not speak.
 */
export async function tlsEndingProxy(endpoint: string): Promise<Proxy> {
  const { hostname, port } = new URL(endpoint);
  const server = createServer((incoming, answer) => {
    const { method, url: path, headers } = incoming;
    const onward = request(
      { hostname, port, method, path, headers: { ...headers, 'x-forwarded-proto': 'https' } },
      (came) => {
        answer.writeHead(came.statusCode ?? 502, came.headers);
        came.pipe(answer);
      },
    );
    onward.on('error', () => answer.destroy());
    incoming.pipe(onward);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
