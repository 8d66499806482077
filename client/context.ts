import { AsyncLocalStorage } from 'node:async_hooks';
import type { LogContext } from './logger-api.ts';

/** What is said about whatever is logged in a piece of work, however it waits on the way; the innermost last. */
const contexts = new AsyncLocalStorage<readonly LogContext[]>();

export function runInContext<T>(context: LogContext, work: () => T): T {
  return contexts.run([...currentContexts(), context], work);
}

const NONE: readonly LogContext[] = [];

export function currentContexts(): readonly LogContext[] {
  return contexts.getStore() ?? NONE;
}
