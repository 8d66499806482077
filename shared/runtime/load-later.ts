import { setImmediate as nextTurn } from 'node:timers/promises';

/**
 * Loads parts of a function once its entry stands, while the run time fetches the first event: a cold start waits for one
 * small file. A fault is told to whoever waits for the parts, which is each invocation.
 */
export function loadLater<Parts>(load: () => Promise<Parts>): Promise<Parts> {
  const loading = nextTurn().then(load);
  loading.catch(() => undefined);
  return loading;
}
