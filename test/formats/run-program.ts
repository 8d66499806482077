import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { withCloudLock } from '../../local/cloud-lock.ts';
import { PROJECT_FOLDER } from '../../local/local-folder.ts';
import { ensureEnvironment } from '../../local/virtual-environment.ts';

const PROGRAMS = join(import.meta.dirname, 'programs');
const LOCAL = join(PROJECT_FOLDER, '.local');

/** X-Ray's header, as a Lambda's run time sets it; the machine's own zone must not matter. */
const ENVIRONMENT = {
  TZ: 'UTC',
  _X_AMZN_TRACE_ID: 'Root=1-5759e988-bd862e3fe1be46a994272793;Parent=557abcec3ee5a047;Sampled=1',
};

/** Lines that a program wrote to stdout. Rejects when it fails. */
export async function linesOf(command: string, args: readonly string[]): Promise<string[]> {
  const { stdout } = await promisify(execFile)(command, args, { env: { ...process.env, ...ENVIRONMENT } });
  return stdout.split('\n').filter((line) => line !== '');
}

/** What one of the programs beside this file writes. */
export function runProgram(file: string, ...args: string[]): Promise<string[]> {
  return linesOf(process.execPath, [join(PROGRAMS, file), ...args]);
}

export function fromBase64(lines: readonly string[]): Buffer[] {
  return lines.map((line) => Buffer.from(line, 'base64'));
}

/** What Python's loggers write, by their names; installs them from PyPI, pinned by hash, the first time. */
export async function runPython(): Promise<Map<string, Buffer[]>> {
  const bin = await withCloudLock(join(LOCAL, 'formats.lock'), () =>
    ensureEnvironment({
      folder: join(LOCAL, 'formats-venv'),
      requirementsFile: join(import.meta.dirname, 'requirements.txt'),
      installLog: join(LOCAL, 'formats-install.log'),
      onProgress: () => {},
    }),
  );
  const lines = await linesOf(join(bin, 'python'), [join(PROGRAMS, 'loggers.py')]);
  const written = lines.map((line) => JSON.parse(line) as { writer: string; records: string[] });
  return new Map(written.map(({ writer, records }) => [writer, fromBase64(records)]));
}

/** What the JDK's logger writes; undefined where there is no JDK. */
export async function runJava(): Promise<Buffer[] | undefined> {
  try {
    return fromBase64(await linesOf('java', [join(PROGRAMS, 'Logs.java')]));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
