import { runJava } from './run-program.ts';
import type { ExpectedEvent, Sample } from './samples.ts';

/** What the JDK's logger wrote, and a trace of many lines as the JVM prints it; undefined where there is no JDK. */
export async function javaSamples() {
  const written = await runJava();
  if (written === undefined) return undefined;
  const error = { type: 'java.lang.IllegalStateException', message: 'no stock' };
  const events: ExpectedEvent[] = [
    { level: 'info', message: /^\w{3} .* [AP]M Logs .*\nINFO: started$/ },
    { level: 'warning', message: /WARNING: slow$/ },
    { level: 'error', message: /SEVERE: payment failed\njava\.lang/, error },
    { level: 'debug', message: /FINE: a call$/ },
  ];
  const records = written.slice(0, -1);
  const sample: Sample = { format: 'plain text', writer: 'java.util.logging', records, events };
  return { sample, trace: written.at(-1) as Buffer, error };
}
