import type { LoggerCore } from './logger-core.ts';
import { sendAtExit } from './send-at-exit.ts';

/** Milliseconds that a process with nothing else to do, or one that got SIGTERM, waits for its last events. */
const TIMEOUT = 5_000;

/** Loggers that are still in use. */
const live = new Set<LoggerCore>();

/**
 * Sends what waits when the process has nothing else to do, when it gets SIGTERM, and when it calls `process.exit` or
 * dies of an exception. Answers how to let go of the process.
 */
export function flushOnExit(core: LoggerCore): () => void {
  if (live.size === 0) listen();
  live.add(core);
  return () => {
    if (live.delete(core) && live.size === 0) unlisten();
  };
}

function listen(): void {
  process.on('beforeExit', onIdle);
  process.on('SIGTERM', onTerminate);
  process.on('exit', onExit);
}

function unlisten(): void {
  process.off('beforeExit', onIdle);
  process.off('SIGTERM', onTerminate);
  process.off('exit', onExit);
}

/** Loggers whose last try at the idle end failed: asking again would keep the process for ever. One that is closed had its own. */
const given = new WeakSet<LoggerCore>();

function onIdle(): void {
  for (const core of live) {
    if (core.producer.counts.waiting === 0 || core.isClosed || given.has(core)) continue;
    given.add(core);
    void core.flush({ timeout: TIMEOUT });
  }
}

/** A listener takes away what the signal does by itself. When ours is the only one it is done afterwards. */
async function onTerminate(): Promise<void> {
  await Promise.all([...live].map((core) => core.flush({ timeout: TIMEOUT })));
  if (process.listenerCount('SIGTERM') > 1) return;
  process.off('SIGTERM', onTerminate);
  process.kill(process.pid, 'SIGTERM');
}

/** Nothing can be waited for any more: another process sends what is left, and what it cannot send is told. */
function onExit(): void {
  for (const core of live) {
    const { waiting: events } = core.producer.counts;
    if (events === 0) continue;
    const { settings } = core;
    const { lost, reason } = sendAtExit(core.producer.takeAll(), settings);
    if (lost > 0)
      process.stderr.write(`sluice: ${lost} of the last ${events} events of ${settings.source} were lost: ${reason}\n`);
  }
}
