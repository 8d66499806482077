import { once } from 'node:events';
import { createServer, request } from 'node:http';
import morgan from 'morgan';

/** Serves four requests on this machine and prints the access line of each, in the form that the argument names. */
const log = morgan(process.argv[2] ?? 'combined');
const server = createServer((incoming, answer) => {
  log(incoming, answer, () => {
    answer.statusCode = Number(/\d{3}/.exec(incoming.url ?? '')?.[0] ?? 200);
    answer.end('ok');
  });
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const { port } = server.address() as { port: number };
for (const path of ['/cart', '/missing/404', '/down/503?why=a%20%22b%22', '/moved/302']) {
  const headers = {
    'user-agent': 'shop/1.0 (x "y")',
    referer: 'http://shop.example/',
    authorization: `Basic ${btoa('mary:secret')}`,
  };
  const asked = request({ port, host: '127.0.0.1', path, headers }).end();
  const [answer] = await once(asked, 'response');
  await once(answer.resume(), 'end');
}
server.close();
