import { PassThrough, Readable } from 'node:stream';
import type { CliStreams } from '../../cli/context.ts';

export interface CapturedStreams {
  streams: CliStreams;
  stdout(): string;
  stderr(): string;
}

export interface CaptureOptions {
  stdin?: string;
  /** Columns of a terminal; missing: a pipe. */
  columns?: number;
  env?: NodeJS.ProcessEnv;
}

/** The streams of a command whose output a test reads. */
export function captureStreams({ stdin = '', columns, env = {} }: CaptureOptions = {}): CapturedStreams {
  const make = () => {
    const stream = new PassThrough();
    const chunks: Buffer[] = [];
    stream.on('data', (chunk) => chunks.push(chunk));
    const terminal = columns === undefined ? stream : Object.assign(stream, { isTTY: true, columns });
    return { stream: terminal as unknown as NodeJS.WriteStream, text: () => Buffer.concat(chunks).toString('utf8') };
  };
  const [out, err] = [make(), make()];
  return {
    streams: { stdin: Readable.from([Buffer.from(stdin)]), stdout: out.stream, stderr: err.stream, env },
    stdout: out.text,
    stderr: err.text,
  };
}
