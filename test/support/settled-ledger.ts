import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { readLedger } from '../../cli/demo/observe.ts';

const PAUSE = 1_000;
const TRIES = 60;

/** The ledger once every consumer is through with what other tests have put: the same in two looks, and equal for all. */
export async function settledLedger(outputs: Record<string, string>): ReturnType<typeof readLedger> {
  let before = await readLedger(outputs);
  for (let attempt = 0; attempt < TRIES; attempt++) {
    await sleep(PAUSE);
    const now = await readLedger(outputs);
    const received = new Set(Object.values(now).map((counts) => counts.received));
    if (received.size === 1 && isDeepStrictEqual(now, before)) return now;
    before = now;
  }
  throw new Error(`after ${TRIES} s the consumers still differ: ${JSON.stringify(before)}`);
}
