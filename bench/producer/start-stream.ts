import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:http2';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

export interface RunningStream {
  endpoint: string;
  /** What came since the last time it was asked. */
  received: () => Promise<unknown>;
  stop: () => void;
}

/** Starts `stream-server.ts`. */
export async function startStream(): Promise<RunningStream> {
  const file = join(import.meta.dirname, 'stream-server.ts');
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', file], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = await once(child.stdout, 'data');
  const endpoint = `http://127.0.0.1:${String(line).trim()}`;
  const received = async () => {
    const session = connect(endpoint);
    try {
      return JSON.parse(await text(session.request({ ':method': 'GET', ':path': '/received' })));
    } finally {
      session.close();
    }
  };
  return { endpoint, received, stop: () => child.kill() };
}
