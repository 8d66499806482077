import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { choosePort, LOOPBACK } from './free-port.ts';

test('unasked, a free port', async () => {
  expect(await choosePort('')).toBeGreaterThan(1023);
});

test('a port that is taken is a sentence that names it', async () => {
  const server = createServer().listen(0, LOOPBACK);
  await once(server, 'listening');
  const port = (server.address() as { port: number }).port;
  await expect(choosePort(String(port))).rejects.toMatchObject({
    code: 'port-taken',
    message: expect.stringContaining(
      `Port ${port} on 127.0.0.1, which SLUICE_LOCAL_PORT asks for, cannot be used (EADDRINUSE)`,
    ),
  });
  server.close();
  await once(server, 'close');
  await expect(choosePort(String(port))).resolves.toBe(port);
});

test.each(['0', '65536', '-1', '80x', '1e3', ' '])('%j is no port', async (asked) => {
  await expect(choosePort(asked)).rejects.toMatchObject({ code: 'port-invalid' });
});
