import { setTimeout as sleep } from 'node:timers/promises';

/** Asks until the answer is there; rejects after 20 s. For what the local cloud delivers on its own time. */
export async function eventually<T>(what: string, ask: () => Promise<T | undefined>): Promise<T> {
  const end = Date.now() + 20_000;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (Date.now() > end) throw new Error(`expected ${what} within 20 s, it did not come`);
    await sleep(50);
  }
}
