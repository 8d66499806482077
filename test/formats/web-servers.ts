import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { type AddressInfo, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { withCloudLock } from '../../local/cloud-lock.ts';
import { PROJECT_FOLDER } from '../../local/local-folder.ts';
import { type DebianPrograms, debianPrograms } from '../support/debian-packages.ts';
import { type ExpectedEvent, errorLog, requests, type Sample } from './samples.ts';

const LOCAL = join(PROJECT_FOLDER, '.local');
/** The servers, and the libraries that a small system lacks. */
const PACKAGES = [
  'nginx',
  'apache2-bin',
  'libapr1',
  'libaprutil1',
  'libexpat1',
  'libpcre2-8-0',
  'libssl3',
  'libcrypt1',
];
const AGENT = 'Mozilla/5.0 (X11; Linux x86_64) "quoted" shop';

/** A web server in a folder of its own, which is its working folder. */
interface WebServer {
  program: string;
  args: string[];
  /** The text of `server.conf`, which holds everything: it logs into the folder. */
  configuration(port: number, programs: DebianPrograms): string;
}

const NGINX: WebServer = {
  program: 'usr/sbin/nginx',
  args: ['-p', '.', '-e', 'error.log', '-c', 'server.conf'],
  configuration: (port) => {
    const kept = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((what) => `${what}_temp_path ${what};`);
    return `daemon off; master_process off; pid nginx.pid; error_log error.log info;
      events {}
      http {
        ${kept.join(' ')}
        access_log combined.log combined;
        server { listen 127.0.0.1:${port}; root .; location /down { proxy_pass http://127.0.0.1:1; } }
      }`;
  },
};

const APACHE: WebServer = {
  program: 'usr/sbin/apache2',
  args: ['-D', 'FOREGROUND', '-d', '.', '-f', 'server.conf'],
  configuration: (port, { root }) => {
    const modules = ['mpm_event', 'authz_core', 'proxy', 'proxy_http'];
    const load = modules.map((name) => `LoadModule ${name}_module ${root}/usr/lib/apache2/modules/mod_${name}.so`);
    // The formats as Debian's own configuration names them.
    const common = '%h %l %u %t \\"%r\\" %>s %O';
    const combined = `${common} \\"%{Referer}i\\" \\"%{User-Agent}i\\"`;
    return `${load.join('\n')}
      ServerName shop.example
      Listen 127.0.0.1:${port}
      User #65534
      Group #65534
      DefaultRuntimeDir .
      PidFile apache.pid
      DocumentRoot .
      ProxyPass /down http://127.0.0.1:1/
      ErrorLog error.log
      CustomLog common.log "${common}"
      CustomLog combined.log "${combined}"
      CustomLog vhost-combined.log "%v:%p ${combined}"`;
  },
};

/**
 * What nginx and Apache write, the programs of Debian's packages, which are fetched once into `.local`; undefined where they
 * cannot be had.
 */
export async function webServerSamples(): Promise<Sample[] | undefined> {
  const programs = await withCloudLock(join(LOCAL, 'web-servers.lock'), async () => fetchPrograms());
  if (programs === undefined) return undefined;
  const [nginx, apache] = await Promise.all([logsOf(NGINX, programs), logsOf(APACHE, programs)]);
  const access = { format: 'access line' };
  const nginxEvents = answered(502, '\\x00\\x22\\x5Cx');
  const apacheEvents = answered(503, '');
  return [
    { ...access, writer: 'nginx, combined', records: nginx('combined.log'), events: nginxEvents },
    { ...access, writer: 'Apache, combined', records: apache('combined.log'), events: apacheEvents },
    { ...access, writer: 'Apache, common', records: apache('common.log'), events: apacheEvents },
    {
      ...access,
      writer: 'Apache, vhost_combined',
      records: apache('vhost-combined.log'),
      events: apacheEvents,
      source: 'shop.example',
    },
    errorLog('nginx, errors', nginx('error.log')),
    errorLog('Apache, errors', apache('error.log')),
  ];
}

function fetchPrograms(): DebianPrograms | undefined {
  try {
    return debianPrograms(join(LOCAL, 'web-servers'), PACKAGES);
  } catch {
    return undefined;
  }
}

/** What is asked of both; `rest` is how much of what is no request they log. */
function answered(down: number, rest: string): ExpectedEvent[] {
  return requests([
    ['info', 'GET /index.txt 200'],
    ['warning', 'GET /missing 404'],
    ['error', `GET /down ${down}`],
    ['info', 'GET /index.txt 200'],
    ['warning', `\\x16\\x03\\x01${rest} 400`],
  ]);
}

/** Starts a server, asks it what `answered` lists, stops it, and answers the lines of its logs by their names. */
async function logsOf(server: WebServer, programs: DebianPrograms): Promise<(file: string) => string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-web-'));
  try {
    // Apache's children are nobody.
    chmodSync(folder, 0o755);
    writeFileSync(join(folder, 'index.txt'), 'shop\n');
    const port = await freePort();
    writeFileSync(join(folder, 'server.conf'), `${server.configuration(port, programs)}\n`);
    const env = { ...process.env, ...programs.env, TZ: 'UTC' };
    const child = spawn(join(programs.root, server.program), server.args, { cwd: folder, env, stdio: 'ignore' });
    const ended = once(child, 'exit');
    try {
      await untilListening(port);
      for (const path of ['/index.txt', '/missing', '/down']) await get(port, path);
      await get(port, '/index.txt', { authorization: `Basic ${btoa('mary:secret')}` });
      await sendNonsense(port);
    } finally {
      child.kill('SIGTERM');
      await ended;
    }
    const logs = ['combined.log', 'common.log', 'vhost-combined.log', 'error.log'].map((file): [string, string[]] => [
      file,
      linesOf(join(folder, file)),
    ]);
    return (file) => new Map(logs).get(file) ?? [];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function linesOf(file: string): string[] {
  try {
    return readFileSync(file, 'utf8').trimEnd().split('\n');
  } catch {
    return [];
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await once(server.close(), 'close');
  return port;
}

async function untilListening(port: number): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    const socket = connect(port, '127.0.0.1');
    const isThere = await once(socket, 'connect').then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (isThere) return;
    await sleep(50);
  }
  throw new Error(`expected a web server on port ${port} within ten seconds`);
}

async function get(port: number, path: string, more: Record<string, string> = {}): Promise<void> {
  const headers = { referer: 'http://shop.example/cart', 'user-agent': AGENT, ...more };
  const asked = request({ host: '127.0.0.1', port, path, headers, agent: false }).end();
  const [answer] = await once(asked, 'response');
  await once(answer.resume(), 'end');
}

/** The start of a TLS greeting, which is no HTTP. */
async function sendNonsense(port: number): Promise<void> {
  const socket = connect(port, '127.0.0.1').end('\x16\x03\x01\x00"\\x\r\n\r\n').resume();
  await once(socket, 'close');
}
