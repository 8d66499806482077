import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { withCloudLock } from '../../local/cloud-lock.ts';
import { PROJECT_FOLDER } from '../../local/local-folder.ts';
import { type FluentBit, fluentBitProgram } from '../support/fluent-bit-program.ts';
import { fluentBitConfiguration, PARSERS, POD } from './fluent-bit-configuration.ts';
import { FLUENT_BIT_STREAMS, PLAIN_LINES, TRACE_LINES } from './fluent-bit-samples.ts';
import { type KinesisBehindProxy, kinesisBehindProxy } from './kinesis-behind-proxy.ts';
import { runProgram } from './run-program.ts';

const LOCAL = join(PROJECT_FOLDER, '.local');
const CONTAINER = '0123456789abcdef'.repeat(4);
const SECONDS = 20;

/** The program, built into `.local` the first time. Throws where that cannot be done. */
export function builtFluentBit(): Promise<FluentBit> {
  return withCloudLock(join(LOCAL, 'fluent-bit.lock'), () => fluentBitProgram(join(LOCAL, 'fluent-bit')));
}

/** What Fluent Bit's own Kinesis output puts, by streams, and what it prints, as the stream `stdout`. */
export async function runFluentBit(fluentBit: FluentBit): Promise<(stream: string) => Buffer[]> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-fluent-bit-'));
  try {
    const kinesis = await kinesisBehindProxy(folder, fluentBit);
    try {
      writeLogs(folder, await runProgram('pino.ts'));
      writeFileSync(join(folder, 'fluent-bit.conf'), fluentBitConfiguration(kinesis.certificate));
      const printed = await runUntilWritten(folder, fluentBit, kinesis);
      return (stream) => (stream === 'stdout' ? printed : kinesis.records(stream));
    } finally {
      await kinesis.close();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What it collects: the files of containerd and of Docker around lines, and the bare lines. */
function writeLogs(folder: string, pino: readonly string[]): void {
  const now = new Date().toISOString().replace('Z', '123456Z');
  const files: Record<string, readonly string[]> = {
    [`pods/cart-6c8f_prod_cart-${CONTAINER}.log`]: pino.map((line) => `${now} stdout F ${line}`),
    [`plain-pods/cart-6c8f_prod_cart-${CONTAINER}.log`]: PLAIN_LINES.map((line) => `${now} stderr F ${line}`),
    'docker.log': pino.map((line) => JSON.stringify({ log: `${line}\n`, stream: 'stdout', time: now })),
    'pino.log': pino,
    'plain.log': PLAIN_LINES,
    'trace.log': TRACE_LINES,
    'pod-metadata/prod_cart-6c8f.meta': [JSON.stringify(POD)],
    'parsers.conf': [PARSERS],
  };
  for (const path of ['pods', 'plain-pods', 'pod-metadata']) mkdirSync(join(folder, path));
  for (const [file, lines] of Object.entries(files)) writeFileSync(join(folder, file), `${lines.join('\n')}\n`);
}

async function runUntilWritten(folder: string, { program, env }: FluentBit, kinesis: KinesisBehindProxy) {
  const child = spawn(program, ['-c', 'fluent-bit.conf'], {
    cwd: folder,
    env: {
      ...env,
      TZ: 'UTC',
      HOME: folder,
      HTTP_PROXY: kinesis.proxy,
      // Its AWS client refuses to start where the address of EC2's metadata is behind a proxy; it never asks there.
      NO_PROXY: '169.254.169.254',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = once(child, 'exit');
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const)
    child[name].setEncoding('utf8').on('data', (text: string) => {
      output[name] += text;
    });
  const printed = () =>
    output.stdout
      .split('\n')
      .filter((line) => line.startsWith('{') && line.endsWith('}'))
      .map((line) => Buffer.from(line));
  const missing = () =>
    [...FLUENT_BIT_STREAMS].flatMap(([stream, count]) => {
      const { length } = stream === 'stdout' ? printed() : kinesis.records(stream);
      return length < count ? [`${stream} ${length} of ${count}`] : [];
    });
  try {
    await sendAsDocker(join(folder, 'forward.sock'));
    for (const until = Date.now() + SECONDS * 1_000; missing().length > 0 && Date.now() < until; ) await sleep(50);
  } finally {
    child.kill('SIGTERM');
    await ended;
  }
  if (missing().length > 0)
    throw new Error(`expected all records within ${SECONDS} s, came ${missing()}:\n${output.stderr.slice(-4_000)}`);
  return printed();
}

const text = (value: string) => {
  const bytes = Buffer.from(value);
  return Buffer.concat([Buffer.from([0xd9, bytes.length]), bytes]);
};

/** A message of Fluentd's forward protocol, `[tag, time, record]` in MessagePack, as Docker's log driver sends one for a line. */
function forwardMessage(record: Readonly<Record<string, string>>): Buffer {
  const time = Buffer.alloc(5, 0xce);
  time.writeUInt32BE(Math.floor(Date.now() / 1_000), 1);
  const entries = Object.entries(record);
  const map = [Buffer.from([0x80 | entries.length]), ...entries.flat().map(text)];
  return Buffer.concat([Buffer.from([0x93]), text('shop-firelens'), time, ...map]);
}

async function sendAsDocker(path: string): Promise<void> {
  const from = { container_id: CONTAINER, container_name: '/ecs-shop-12-app-a8', source: 'stderr' };
  const messages = PLAIN_LINES.map((log) => forwardMessage({ ...from, log }));
  for (let tries = 0; tries < 200; tries++) {
    const socket = connect(path);
    const isThere = await once(socket, 'connect').then(
      () => true,
      () => false,
    );
    if (isThere) {
      await new Promise<void>((resolve) => socket.end(Buffer.concat(messages), resolve));
      return;
    }
    await sleep(50);
  }
  throw new Error(`expected Fluent Bit at ${path} within ten seconds`);
}
