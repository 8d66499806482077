import { createServer } from 'node:net';
import { LocalFailure } from './local-failure.ts';

export const LOOPBACK = '127.0.0.1';

/** The port for a new cloud: the one SLUICE_LOCAL_PORT asks for, else any free one. Rejects when the asked one is taken. */
export async function choosePort(asked: string | undefined = process.env.SLUICE_LOCAL_PORT): Promise<number> {
  if (!asked) return freePort(0);
  const port = /^\d{1,5}$/.test(asked) ? Number(asked) : 0;
  if (port < 1 || port > 65_535) {
    throw new LocalFailure(
      'port-invalid',
      `SLUICE_LOCAL_PORT must be a port from 1 to 65535, got ${JSON.stringify(asked)}.`,
    );
  }
  try {
    return await freePort(port);
  } catch (error) {
    throw new LocalFailure(
      'port-taken',
      `Port ${port} on ${LOOPBACK}, which SLUICE_LOCAL_PORT asks for, cannot be used (${(error as NodeJS.ErrnoException).code}): ` +
        'end what uses it, ask for another, or unset SLUICE_LOCAL_PORT to have a free one chosen.',
      { cause: error },
    );
  }
}

function freePort(port: number): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const server = createServer();
  server.once('error', reject);
  server.listen(port, LOOPBACK, () => {
    const address = server.address();
    const chosen = typeof address === 'object' && address ? address.port : port;
    server.close(() => resolve(chosen));
  });
  return promise;
}
